"""What a listener needs of the program behind it; services fulfil it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from viewer.network.listener.policy import Caller


@dataclass(frozen=True, slots=True)
class Announced:
    """An object that a caller is about to send.

    Attributes
    ----------
    sop_class_uid, sop_instance_uid : str
        As the caller says.
    syntax_uid : str
        Transfer syntax of the data set that follows.
    caller : Caller
    """

    sop_class_uid: str
    sop_instance_uid: str
    syntax_uid: str
    caller: Caller


class Sink(Protocol):
    """Takes the data set of one object."""

    def write(self, piece: memoryview) -> None:
        """Take the next bytes; they are valid only while this runs.

        Raises
        ------
        ViewerError
            If they cannot be kept.
        """

    def finish(self) -> None:
        """Make the object durable: the caller is told so when this returns.

        Raises
        ------
        MismatchError
            If it is not what was announced.
        EnvironmentFailure
            If there is no room for it.
        ViewerError
            If it cannot be read.
        """


class Inbox(Protocol):
    """Where objects go. Any thread may call it."""

    def receive(self, announced: Announced) -> AbstractContextManager[Sink]:
        """A sink; at the end of the block nothing is kept that was not finished.

        Raises
        ------
        ViewerError
            If the object cannot be taken.
        """
