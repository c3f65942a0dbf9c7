"""A DICOM file opened: its attributes cut, its pixel data located; PS3.10 7."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from viewer.core.errors import NotDicomError, UnreadableError, ViewerError
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.element import PIXELS, Element
from viewer.dicom.elements import Cutter
from viewer.dicom.encoding import (
    DEFLATED_UID,
    EXPLICIT,
    IMPLICIT,
    NATIVE_UIDS,
    UID_OF,
    UNDEFINED,
    Encoding,
    declared_encoding,
    found_encoding,
)
from viewer.dicom.source import FileSource, InflatedSource, Source

_MAGIC: Final = b"DICM"
DICOMDIR_CLASS: Final = "1.2.840.10008.1.3.10"

PREAMBLE: Final = "a preamble in which another format begins"
_OTHER_FORMATS: Final = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"BM": "a bitmap picture",
    b"GIF8": "a GIF picture",
    b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture",
    b"SQLite format 3": "a database",
}
_OTHER_STARTS: Final = (
    *_OTHER_FORMATS,
    b"MZ",
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"<",
)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open DICOM file.

    Attributes
    ----------
    file : BinaryIO
        To read frames from; positions of a deflated data set are none of its.
    meta, data_set : Attributes
        File meta information, and the data set without looking at pixels.
    transfer_syntax_uid : str
        What the data set is really written in.
    encoding : Encoding
    pixels : Element or None
        The pixel data; its length is `UNDEFINED` when encapsulated.
    """

    file: BinaryIO
    meta: Attributes
    data_set: Attributes
    transfer_syntax_uid: str
    encoding: Encoding
    pixels: Element | None

    @property
    def sop_class_uid(self) -> str:
        """SOP class as the data set has it, or else the file meta information."""
        return self.data_set.text(tags.SOP_CLASS_UID) or self.meta.text(
            tags.MEDIA_STORAGE_SOP_CLASS_UID
        )

    @property
    def is_dicomdir(self) -> bool:
        """Whether it is the index of a folder or disc rather than an object."""
        return (
            self.sop_class_uid == DICOMDIR_CLASS
            or tags.DIRECTORY_RECORD_SEQUENCE in self.data_set.elements
        )

    def whole(self) -> Attributes:
        """The data set, with what comes after encapsulated pixel data."""
        element = self.pixels
        if element is None or element.length != UNDEFINED:
            return self.data_set
        cutter, position = self.data_set.cutter, element.offset
        for offset, length in cutter.fragments(position, self.encoding):
            position = offset + length
        after, _ = cutter.data_set(position + 8, self.encoding)
        return replace(self.data_set, elements={**after, **self.data_set.elements})


@contextmanager
def open_dicom(path: str | Path) -> Iterator[OpenFile]:
    """Open the file at `path` as DICOM.

    Raises
    ------
    NotDicomError
        If nothing in it looks like DICOM.
    UnreadableError
        If it does, but cannot be read, or the file itself cannot.
    """
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed two lines below
    except OSError as error:
        raise _unopened(error) from error
    with file:
        try:
            yield _parse(file)
        except OSError as error:
            raise UnreadableError("The file cannot be read to its end.") from error


def data_set_start(path: str | Path) -> int:
    """Where the data set begins in the file, in bytes: what is sent to a peer.

    Raises
    ------
    NotDicomError, UnreadableError
        As `open_dicom`, as far as the file is read for that.
    """
    try:
        with Path(path).open("rb") as file:
            return _meta(FileSource(file), {})[1]
    except OSError as error:
        raise _unopened(error) from error


def _unopened(error: OSError) -> ViewerError:
    if isinstance(error, FileNotFoundError):
        return UnreadableError("The file does not exist.")
    if isinstance(error, PermissionError):
        return UnreadableError(
            "The file may not be read.", hint="Ask for permission to read it."
        )
    if isinstance(error, IsADirectoryError):
        return UnreadableError("This is a folder.")
    return UnreadableError("The file cannot be opened.")


def _parse(file: BinaryIO) -> OpenFile:
    notes: dict[str, None] = {}
    source = FileSource(file)
    meta, position = _meta(source, notes)
    return _data_set(file, source, position, meta)


def _meta(source: Source, notes: dict[str, None]) -> tuple[Attributes, int]:
    """File meta information, and where the data set begins after it."""
    start, meta_cutter = _beginning(source, notes), Cutter(source, notes)
    meta_encoding = found_encoding(source, start, source.size, EXPLICIT)
    if meta_encoding is None:
        raise _no_dicom(source, start)
    elements, position = meta_cutter.data_set(start, meta_encoding, only={0x0002})
    if not elements:
        notes.setdefault("no file meta information")
    # A command set left over from a network dump; PS3.7 6.3.1.
    _, position = meta_cutter.data_set(position, IMPLICIT, only={0x0000})
    return Attributes(elements, meta_cutter, notes), position


def _beginning(source: Source, notes: dict[str, None]) -> int:
    """Where the first attribute lies."""
    head = source.read(0, 132)
    if not head:
        raise NotDicomError("The file is empty.")
    if head[128:132] == _MAGIC:
        if head.lstrip().startswith(_OTHER_STARTS):  # PS3.10 7.1 leaves it to anybody
            notes.setdefault(PREAMBLE)
        return 132
    notes.setdefault("no preamble")
    return 4 if head[:4] == _MAGIC else 0


def _no_dicom(source: Source, start: int) -> ViewerError:
    """Why there is no data set: another format, or one that is damaged."""
    if start:
        return UnreadableError("The file begins as DICOM but holds no attributes.")
    head = source.read(0, 16)
    for magic, name in _OTHER_FORMATS.items():
        if head.startswith(magic):
            return NotDicomError(f"This is {name}, not a DICOM file.")
    return NotDicomError("This is not a DICOM file.")


def _data_set(
    file: BinaryIO, source: Source, position: int, meta: Attributes
) -> OpenFile:
    notes = meta.notes
    declared_uid = meta.text(tags.TRANSFER_SYNTAX_UID)
    if declared_uid == DEFLATED_UID:
        source, position = InflatedSource(file, position), 0
    declared = declared_encoding(declared_uid) if declared_uid else None
    encoding = found_encoding(source, position, source.size, declared)
    if encoding is None:
        raise _no_data_set(source, position, meta)
    if declared is None:
        notes.setdefault("no transfer syntax")
    elif encoding != declared:
        notes.setdefault("not encoded as its transfer syntax says")
    cutter = Cutter(source, notes)
    elements, _ = cutter.data_set(position, encoding)
    data_set = Attributes(elements, cutter, notes).with_character_set()
    uid = declared_uid
    if not uid or (uid in NATIVE_UIDS and encoding != declared):
        uid = UID_OF[encoding]
    pixels = next((elements[tag] for tag in PIXELS if tag in elements), None)
    return OpenFile(file, meta, data_set, uid, encoding, pixels)


def _no_data_set(source: Source, position: int, meta: Attributes) -> ViewerError:
    if not meta.elements:
        return _no_dicom(source, 0)
    if position >= source.size:
        return UnreadableError("The file ends before its data set.")
    return UnreadableError("The data set cannot be read in any known encoding.")
