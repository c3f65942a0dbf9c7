"""What an anonymized export says of itself: enough to prove it, nothing of anybody.

It lies as `NAME` beside the DICOM files.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from viewer.core.deidentification import Option
from viewer.core.errors import UnreadableError

NAME: Final = "export.json"
"""The file in the export's folder."""

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Held:
    """An instance that was withheld or could not be exported.

    Attributes
    ----------
    uid : str
        The SOP Instance UID it would have had, which others may refer to; empty where
        that is not known.
    reason : str
        A `core.withholding.Reason`, or ``failed``, or ``conflict``.
    """

    uid: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The account of an anonymized export.

    Attributes
    ----------
    program : str
        ``Lightbox 0.1.0``.
    table : str
        Edition of the table of attributes that decided.
    profile : str
        Name of the `Policy`.
    options : frozenset of Option
    keep_documents, keep_video : bool
    wanted : int
        Instances that were chosen.
    written : int
        DICOM files in the export, without its DICOMDIR.
    held : tuple of Held
        All others.
    """

    program: str
    table: str
    profile: str
    options: frozenset[Option]
    keep_documents: bool
    keep_video: bool
    wanted: int
    written: int
    held: tuple[Held, ...] = ()

    @property
    def comes_out_even(self) -> bool:
        """Whether what went in is what came out and what was withheld."""
        return self.wanted == self.written + len(self.held)

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many were withheld, by reason."""
        return Counter(one.reason for one in self.held)

    def to_json(self) -> bytes:
        """As it is written."""
        plain = {"format": FORMAT, **asdict(self), "options": sorted(self.options)}
        return json.dumps(plain, indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, raw: bytes) -> "Manifest":
        """Read what `to_json` wrote.

        Raises
        ------
        UnreadableError
            If it is something else, or of a newer program.
        """
        try:
            plain: dict[str, Any] = json.loads(raw)
            if plain.pop("format") != FORMAT:
                raise UnreadableError("The export is of a newer Lightbox.")
            plain["options"] = frozenset(map(Option, plain["options"]))
            plain["held"] = tuple(Held(**one) for one in plain["held"])
            return cls(**plain)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableError("The account of the export is damaged.") from error
