"""Storage commitment: whether somebody answers for what was sent; PS3.4 annex J."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """An object by its class and UID."""

    sop_class_uid: str
    sop_instance_uid: str


@dataclass(frozen=True, slots=True)
class CommitmentRequest:
    """That somebody should answer for these objects."""

    transaction_uid: str
    objects: tuple[ObjectRef, ...]


@dataclass(frozen=True, slots=True)
class CommitmentReport:
    """Which objects somebody answers for.

    Attributes
    ----------
    transaction_uid : str
    kept : tuple of ObjectRef
    failed : dict
        Object: Failure Reason (0008,1197); PS3.3 C.14-1.
    """

    transaction_uid: str
    kept: tuple[ObjectRef, ...]
    failed: dict[ObjectRef, int]


class CommitmentState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"  # no word yet; it may come minutes later, or never
    COMMITTED = "committed"
    FAILED = "failed"  # for some of the objects at least
    REFUSED = "refused"  # the peer does not take the request at all


@dataclass(frozen=True, slots=True)
class Commitment:
    """A request of ours, and what became of it.

    Attributes
    ----------
    transaction_uid : str
    peer : str
        Name of the peer.
    asked : datetime
        UTC.
    answered : datetime or None
    state : CommitmentState
    pending, kept : int
        Objects.
    failed : dict
        SOP Instance UID: why, in a sentence.
    """

    transaction_uid: str
    peer: str
    asked: datetime
    answered: datetime | None
    state: CommitmentState
    pending: int
    kept: int
    failed: dict[str, str]


NO_SUCH_OBJECT: Final = 0x0112
OTHER_CLASS: Final = 0x0119
FAILURE: Final = 0x0110
_SENTENCES: Final = {  # PS3.3 table C.14-1
    0x0110: "The peer failed while it looked for it.",
    NO_SUCH_OBJECT: "The peer does not have it.",
    0x0213: "The peer has not the means to keep it.",
    0x0122: "The peer does not keep objects of this class.",
    OTHER_CLASS: "The peer has it with another class.",
    0x0131: "The peer knows the request already.",
    0x0132: "The peer has no room for it.",
}


def failure_sentence(reason: int) -> str:
    """Why a peer does not answer for an object."""
    return _SENTENCES.get(reason, f"The peer does not keep it (reason {reason:04X}).")
