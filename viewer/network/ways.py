"""What every way of fetching has in common: what is asked for, and where it goes.

C-GET and C-MOVE are in `get` and `move`; another way is another module with a function
that opens a `Fetcher`.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.remote import RemoteInstance


@dataclass(frozen=True, slots=True)
class Portion:
    """Instances of one series that are asked for in one request.

    Attributes
    ----------
    study_uid, series_uid
    instances : tuple of RemoteInstance
    whole : bool
        Whether the series may be asked for instead: it is these, and hardly more.
    """

    study_uid: StudyUID
    series_uid: SeriesUID
    instances: tuple[RemoteInstance, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a peer says of an object it is about to send; empty is not said.

    Attributes
    ----------
    sop_class_uid, sop_instance_uid : str
    syntax_uid : str
        What the data set that comes is written in; empty: what comes is a whole file,
        with its own meta information.
    """

    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    syntax_uid: str = ""


class Incoming(Protocol):
    """One object on its way in; it is thrown away unless it is kept."""

    def write(self, piece: memoryview) -> object:
        """Take the next bytes; they change as soon as this returns."""

    def keep(self) -> None:
        """Make it a part of the library: it is on disk when this returns.

        Raises
        ------
        ViewerError
            If it cannot be kept; an `EnvironmentFailure` if nothing can be.
        """


class Deliver(Protocol):
    """Where objects go."""

    def __call__(self, offer: Offer) -> AbstractContextManager[Incoming]:
        """Begin to take one.

        Raises
        ------
        ViewerError
            As `Incoming.keep`.
        """


class Fetcher(Protocol):
    """An open connection to a peer, over which portions come one after the other."""

    def fetch(self, portion: Portion, deliver: Deliver) -> None:
        """Fetch one portion; what has not come by the end does not come.

        Raises
        ------
        PeerFault
            If the peer says no, or the connection broke: then nothing more can be
            fetched over it.
        Cancelled
            If it was called off.
        EnvironmentFailure
            If nothing can be kept here any more.
        """
