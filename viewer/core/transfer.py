"""One wish to fetch something from a peer, or to send it there, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from viewer.core.peers import Way
from viewer.core.remote import RemoteKey

NORMAL, SOON = 0, 10
"""Priorities; what has the higher number goes first."""


class Direction(StrEnum):
    """Which way the images go."""

    FETCH = "fetch"
    SEND = "send"


class TransferState(StrEnum):
    """Where a wish stands."""

    WAITING = "waiting"  # for its turn, or for the next attempt
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    PARTIAL = "partial"  # some could not be had, and trying again will not help
    FAILED = "failed"  # nothing could be had
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more happens unless it is asked for again."""
        return self not in _UNFINISHED


_UNFINISHED = {TransferState.WAITING, TransferState.RUNNING, TransferState.PAUSED}


@dataclass(frozen=True, slots=True)
class Transfer:
    """A study, series or instance that is to be fetched or sent.

    Attributes
    ----------
    id : int
    direction : Direction
    peer : str
        The peer's name.
    key : RemoteKey
    way : Way or None
        None is the one the peer's settings prefer.
    priority : int
    state : TransferState
    total : int or None
        How many instances it has; None until the peer has said so.
    done : int
        How many of them are where they should be, those that were there before
        among them.
    failed : int
        How many cannot be had, as far as is known.
    attempts : int
        How often it was tried and did not come to its end.
    not_before : datetime or None
        When it is tried again, UTC.
    reason : str
        Why it is not done, in a sentence without anything of a patient.
    """

    id: int
    direction: Direction
    peer: str
    key: RemoteKey
    way: Way | None = None
    priority: int = NORMAL
    state: TransferState = TransferState.WAITING
    total: int | None = None
    done: int = 0
    failed: int = 0
    attempts: int = 0
    not_before: datetime | None = None
    reason: str = ""

    @property
    def share(self) -> str:
        """How far it is, in words: *n of m*."""
        return f"{self.done:,} of {'?' if self.total is None else f'{self.total:,}'}"
