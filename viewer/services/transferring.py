"""What running a transfer needs from whoever runs it, and how it ends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from viewer.core.transfer import TransferState


class Control(Protocol):
    """What a running transfer hears and says; any thread may use it."""

    def stopped(self) -> bool:
        """Whether it should end now; cheap, asked often."""

    def advance(self, *, total: int, done: int, failed: int) -> None:
        """Say how far it is; cheap, call it often."""

    def first(self) -> Sequence[str]:
        """UIDs of the series the reader waits for, the most wanted one first."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended.

    Attributes
    ----------
    state : TransferState
        `WAITING` if it should be tried again by itself, after a while.
    wanted : int
        Instances that it is about.
    already : int
        How many of them were where they should be before.
    done : int
        How many of them are there now, those among them.
    failed : mapping of str to str
        Why, by SOP Instance UID.
    refused : collection of str
        Those of them to which the peer itself said no.
    reason : str
        Why it is not done, in a sentence; empty if it is.
    hint : str
    advanced : bool
        Whether anything went well, so that trying again makes sense soon.
    unreachable : bool
        Whether the peer could not be asked at all.
    """

    state: TransferState
    wanted: int = 0
    already: int = 0
    done: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)
    refused: Collection[str] = frozenset()
    reason: str = ""
    hint: str = ""
    advanced: bool = False
    unreachable: bool = False

    @property
    def fetched(self) -> int:
        """How many came, or went, in this attempt."""
        return self.done - self.already
