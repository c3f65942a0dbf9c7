"""An anonymous object on its way into a file, and what is told of it then."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Final

from viewer.core.deidentification import Pair, Written
from viewer.core.withholding import Caution
from viewer.dicom.deidentification.encoding_out import encoded, header
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.deidentification.tree import Entry, Item, bytes_of, text_of
from viewer.dicom.deidentification.walk import Walk
from viewer.dicom.encoding import EXPLICIT_UID, IMPLICIT_UID, UNDEFINED
from viewer.dicom.file_meta import file_meta

_SOP_CLASS: Final = 0x00080016
_INSTANCE: Final = 0x00080018
_MODALITY: Final = 0x00080060
_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E


@dataclass(frozen=True)
class Result:
    """What an instance has become.

    Attributes
    ----------
    walk : Walk
        That made it.
    source : Dataset
        What was there before.
    found : dict
        All attributes but the pixels, by tag.
    pixels : PixelOutcome or None
    """

    walk: Walk
    source: Item
    found: dict[int, Entry]
    pixels: PixelOutcome | None

    def write(self, out: BinaryIO, cautions: tuple[Caution, ...]) -> Written:
        """Write it as a file with a beginning of its own; PS3.10 7.1."""
        counted = _Counted(out)
        leaves = self.walk.leaves
        syntax = self._syntax()
        instance = self._pair(_INSTANCE)
        sop_class = text_of(self.source, _SOP_CLASS)
        counted.write(file_meta(sop_class, instance.new, syntax))
        self._write_data_set(counted)
        return Written(
            study=self._pair(_STUDY),
            series=self._pair(_SERIES),
            instance=instance,
            patient=Pair(
                self.walk.leaves.person.old_id, self.walk.leaves.person.new_id
            ),
            sop_class_uid=sop_class,
            syntax_uid=syntax,
            modality=self._new(_MODALITY),
            size=counted.size,
            sha256=counted.sha256,
            cautions=cautions,
            changes=self.walk.ledger.changes,
            pairs=tuple(Pair(*pair) for pair in sorted(leaves.uids.items())),
        )

    def _write_data_set(self, out: "_Counted") -> None:
        pixels = self.pixels
        if pixels is None:
            out.write(encoded(self.found.values()))
            return
        before: list[Entry] = []
        after: list[Entry] = []
        for tag, element in self.found.items():
            (before if tag < pixels.tag else after).append(element)
        out.write(encoded(before))
        length = UNDEFINED if pixels.length is None else pixels.length
        out.write(header(pixels.tag, pixels.vr, length))
        for piece in pixels.pieces():
            out.write(piece)
        out.write(encoded(after))

    def _syntax(self) -> str:
        stated = self.pixels.transfer_syntax_uid if self.pixels else EXPLICIT_UID
        return EXPLICIT_UID if stated == IMPLICIT_UID else stated

    def _pair(self, tag: int) -> Pair:
        return Pair(text_of(self.source, tag), self._new(tag))

    def _new(self, tag: int) -> str:
        found = self.found.get(tag)
        return bytes_of(found).decode("latin_1").strip(" \0") if found else ""


class _Counted:
    """Counts and hashes what is written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._out.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()
