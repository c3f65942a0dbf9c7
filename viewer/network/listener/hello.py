"""What a caller wants; its words are read in `welcoming`."""

from dataclasses import dataclass, field
from typing import Final

ASSOCIATE: Final = 1
LONGEST_HELLO: Final = 1 << 18
"""128 contexts with every transfer syntax there is take half of it, in bytes."""

Roles = tuple[bool, bool]
"""Whether the caller is the SCU of a class, and whether its SCP."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A presentation context as it was proposed."""

    id: int
    abstract: str
    syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hello:
    """What a caller wants.

    Attributes
    ----------
    called, calling : str
        AE titles.
    wishes : tuple of Wish
    longest_pdu : int
        What the caller takes in one PDU, in bytes; 0 is without a bound.
    roles : dict
        Those the caller wants, by SOP class.
    fixed : bytes
        What an answer has to repeat.
    """

    called: str
    calling: str
    wishes: tuple[Wish, ...]
    longest_pdu: int = 0
    roles: dict[str, Roles] = field(default_factory=dict)
    fixed: bytes = b""
