"""What an anonymized export says of itself: enough to prove it, nothing of anybody.

It lies as `NAME` beside the DICOM files.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from viewer.core.deidentification import PROFILES, Option
from viewer.core.errors import UnreadableError
from viewer.core.withholding import Reason

NAME: Final = "export.json"
"""The file in the export's topmost folder."""

FORMAT: Final = 1

_PROGRAM: Final = re.compile(r"Lightbox \d+\.\d+[\w.+]*")
_PROFILE: Final = re.compile("|".join(re.escape(one.name) for one in PROFILES))
_REASON: Final = re.compile(
    "|".join([*(one.value for one in Reason), "failed", "conflict"])
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A DICOM file of the export.

    Attributes
    ----------
    name : str
        Below the topmost folder, with slashes.
    sha256 : str
        When it was written.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The account of an anonymized export.

    Attributes
    ----------
    program, profile : str
        Empty where they are none that the program writes: a report repeats them.
    options : frozenset of Option
    keep_documents, keep_video : bool
    wanted : int
        Instances that were chosen.
    exported : int
        Instances that were written.
    files : tuple of Listed
        Their files.
    held : mapping of str to str
        Why others stayed, by the SOP Instance UID they would have had: others may
        refer to them.
    stayed : int
        How many did.
    """

    program: str
    profile: str
    options: frozenset[Option]
    keep_documents: bool
    keep_video: bool
    wanted: int
    exported: int
    files: tuple[Listed, ...]
    held: Mapping[str, str]
    stayed: int

    @property
    def comes_out_even(self) -> bool:
        """Whether what went in is what came out and what stayed."""
        return self.wanted == self.exported + self.stayed

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many stayed, by reason."""
        return Counter(self.held.values())

    @classmethod
    def from_json(cls, raw: bytes) -> "Manifest":
        """Read the file of that `NAME`.

        Raises
        ------
        UnreadableError
            If it is something else, or of a newer program.
        """
        try:
            plain: dict[str, Any] = json.loads(raw)
            if plain["format"] != FORMAT:
                raise UnreadableError("The export is of a newer Lightbox.")
            groups = [*plain["withheld"], *plain["failed"]]
            return cls(
                program=_known(str(plain["program"]), _PROGRAM),
                profile=_known(str(plain["profile"]), _PROFILE),
                options=frozenset(map(Option, plain["options"])),
                keep_documents=bool(plain["keep_documents"]),
                keep_video=bool(plain["keep_video"]),
                wanted=int(plain["wanted"]),
                exported=int(plain["exported"]),
                files=tuple(
                    Listed(str(one["name"]), str(one["sha256"]))
                    for one in plain["files"]
                ),
                held={
                    str(uid): _known(str(group["reason"]), _REASON) or "other"
                    for group in groups
                    for uid in group["sop_instance_uids"]
                },
                stayed=sum(int(group["count"]) for group in groups),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableError("The account of the export is damaged.") from error


def _known(text: str, pattern: re.Pattern[str]) -> str:
    return text if pattern.fullmatch(text) else ""
