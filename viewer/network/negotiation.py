"""What we propose to a peer, and what it accepts; PS3.8 9.3.2 to 9.3.4, PS3.7 annex D.

Only the values: their words are in `proposing`.
"""

from dataclasses import dataclass
from typing import Final

IMPLEMENTATION_CLASS: Final = "2.25.172286912874362431834287146583620115422"
IMPLEMENTATION_VERSION: Final = "LIGHTBOX"
MOST_CONTEXTS: Final = 128
LONGEST_ANSWER: Final = 1 << 17
"""No honest answer comes near this, in bytes."""

ACCEPT, REJECT, ABORT = 2, 3, 7


class Garbled(Exception):  # noqa: N818 - what the peer did
    """The peer's answer is none."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A presentation context we ask for.

    Attributes
    ----------
    abstract : str
        UID of the SOP class.
    syntaxes : tuple of str
        Transfer syntaxes, of which the peer chooses one.
    as_scp : bool
        Whether we also, or only, receive objects of this class (C-GET, storage
        commitment): role selection, PS3.7 D.3.3.4.
    as_scu : bool
    """

    abstract: str
    syntaxes: tuple[str, ...]
    as_scp: bool = False
    as_scu: bool = True


@dataclass(frozen=True, slots=True)
class Accepted:
    """A presentation context the peer agreed to.

    Attributes
    ----------
    id : int
        Odd, 1 to 255; what messages name it by.
    abstract, syntax : str
        UIDs.
    scu, scp : bool
        Which of the two we may be in it.
    """

    id: int
    abstract: str
    syntax: str
    scu: bool = True
    scp: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer said to our proposals.

    Attributes
    ----------
    contexts : tuple of Accepted
    longest_pdu : int
        What it takes in one PDU, in bytes; 0 is without a bound.
    implementation : str
        How its software calls itself; empty if it does not.
    """

    contexts: tuple[Accepted, ...] = ()
    longest_pdu: int = 0
    implementation: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are for the peer; PS3.7 D.3.3.7."""

    user: str
    passcode: str = ""
