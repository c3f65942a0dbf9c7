"""Who and what an image belongs to.

Inside the program a UID's type says which one it is; it is parsed once, where it
enters.
"""

from dataclasses import dataclass
from typing import NewType, Self

StudyUID = NewType("StudyUID", str)
SeriesUID = NewType("SeriesUID", str)
SOPInstanceUID = NewType("SOPInstanceUID", str)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name (VR PN) in its three representations.

    Attributes
    ----------
    alphabetic, ideographic, phonetic : str
        Component groups as written, ``family^given^middle^prefix^suffix``; empty
        where not given. PS3.5 6.2.1.
    """

    alphabetic: str = ""
    ideographic: str = ""
    phonetic: str = ""

    @classmethod
    def from_pn(cls, raw: str) -> Self:
        """Split a raw PN value; more than three groups are folded into the third."""
        groups = [*raw.split("=", 2), "", ""]
        return cls(groups[0].strip(), groups[1].strip(), groups[2].strip())

    @property
    def display(self) -> str:
        """The name as lists show it: ``Yamada, Tarou  山田, 太郎``."""
        shown = (_readable(g) for g in (self.alphabetic, self.ideographic))
        return "  ".join(name for name in shown if name) or _readable(self.phonetic)


def _readable(group: str) -> str:
    family, *rest = [part.strip() for part in group.split("^")]
    given = " ".join(part for part in rest if part)
    return ", ".join(part for part in (family, given) if part)
