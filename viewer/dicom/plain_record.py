"""Read ordinary files quickly: what one says is mostly what the one before said."""

import math
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date, time
from typing import BinaryIO, Final, NamedTuple, cast

from viewer.core.errors import ViewerError
from viewer.core.geometry import ImagePlane, Vector
from viewer.core.identity import SOPInstanceUID
from viewer.core.image import FrameIndex, Image, PixelFormat
from viewer.core.records import FileRecord
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes, to_time
from viewer.dicom.display import to_display
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.frame_index import native_index
from viewer.dicom.headers import to_day, to_moment, to_title
from viewer.dicom.image import assembled, to_image, to_index
from viewer.dicom.image_frames import to_frame
from viewer.dicom.part10 import DICOMDIR_CLASS, OpenFile
from viewer.dicom.pixels import to_pixel_format
from viewer.dicom.placement import to_plane
from viewer.dicom.plain_cut import PlainCut, plain_cut
from viewer.dicom.plain_parts import Memory, watched
from viewer.dicom.plain_runs import Runs
from viewer.dicom.read import Own, completed, in_common
from viewer.dicom.spacing import pixel_spacing

_SEVERAL: Final = (
    tags.SHARED_FUNCTIONAL_GROUPS,
    tags.PER_FRAME_FUNCTIONAL_GROUPS,
    tags.DETECTOR_INFORMATION_SEQUENCE,
)
"""What describes frames one by one."""

_MOST_SERIES: Final = 512
_ORIGIN: Final = (0.0, 0.0, 0.0)

_BLANKS: Final = " \0\r\n\t"
_DECIMAL: Final = (b"DS", b"IS")
_UID: Final = (b"UI",)
_TIME: Final = (b"TM",)


class PlainReader:
    """Reads ordinary files one after the other; for one thread."""

    def __init__(self) -> None:
        self._memory, self._runs = Memory(), Runs()
        self._series: dict[tuple[int, int], Series] = {}

    def read(self, file: BinaryIO, data: bytes, size: int) -> FileRecord | None:
        """What a file says, as `read.read_file` reads it; without what was tolerated.

        Parameters
        ----------
        file : BinaryIO
            Open; its position is changed.
        data : bytes
            Its first `plain_cut.WINDOW` bytes, or all of them.
        size : int

        Returns
        -------
        FileRecord or None
            None if the file is not an ordinary one: somebody else must say what it is.
        """
        found = self.read_apart(file, data, size)
        return found.record if isinstance(found, Slice) else found

    def read_apart(
        self, file: BinaryIO, data: bytes, size: int
    ) -> "Slice | FileRecord | None":
        """As `read`, but what an image shares with its neighbours is left apart."""
        cut = plain_cut(data, size, self._runs)
        if cut is None:
            return None
        try:
            return _File(cut, file, self._memory, self._shared).told()
        except ViewerError:
            return None

    def _shared(self, common: FileRecord, still: "Still") -> "Series":
        key = id(common), id(still)  # theirs as long as the series holds both
        series = self._series.get(key)
        if series is None:
            if len(self._series) >= _MOST_SERIES:
                self._series.clear()
            series = self._series[key] = Series(common, still)
        return series


class Series(NamedTuple):
    """What images of one frame have in common; equal ones are one object.

    Attributes
    ----------
    common : FileRecord
        Without image.
    still : Still
    """

    common: FileRecord
    still: "Still"

    def record(
        self, own: Own, index: FrameIndex, origin: Vector | None, place: float | None
    ) -> FileRecord:
        """The record of one of them; see `Slice`."""
        plane = self.still.plane
        if plane is not None and origin is not None:
            plane = replace(plane, origin=origin)
        image = self.still.image
        frame = replace(image.frames[0], plane=plane, location_mm=place)
        return completed(self.common, own, replace(image, frames=(frame,), index=index))


class Slice(NamedTuple):
    """An image of one frame as what it shares, and what is its own.

    Attributes
    ----------
    shared : Series
    own : Own
    frame_index : FrameIndex
    origin : tuple of float or None
        Where its plane begins; None where it has none.
    location_mm : float or None
        Slice Location (0020,1041).
    """

    shared: Series
    own: Own
    frame_index: FrameIndex
    origin: Vector | None
    location_mm: float | None

    @property
    def record(self) -> FileRecord:
        """Both together."""
        return self.shared.record(*self[1:])


class Still(NamedTuple):
    """An image of one frame without its places, and what is needed to place it.

    Attributes
    ----------
    image : Image
    frame_bytes : int or None
        Of its frame; None where it has to be looked for in the file.
    plane : ImagePlane or None
        Parallel to its own; None if it has none.
    """

    image: Image
    frame_bytes: int | None
    plane: ImagePlane | None


class _File(NamedTuple):
    """One file being read."""

    cut: PlainCut
    file: BinaryIO
    memory: Memory
    shared: Callable[[FileRecord, Still], Series]

    def told(self) -> Slice | FileRecord | None:
        """All of it, from what is known and what is this file's own."""
        common = self.memory.of(in_common, self.cut, self.file)
        if common.instance.sop_class_uid == DICOMDIR_CLASS:
            return None
        origin = self._position()
        still = self._still(origin)
        if still is None:
            title = self.memory.of(_title, self.cut, self.file)
            return completed(common, self._own(title), None)
        image = still.image
        if image.overlays or image.profile is not None:
            return None  # they lie at places of this file
        if image.pixels.frames > 1 or not self.cut.values.keys().isdisjoint(_SEVERAL):
            whole = to_image(watched(self.cut, self.file)[0])
            if whole is None or whole.overlays or whole.profile is not None:
                return None
            return completed(common, self._own(), whole)
        return Slice(
            self.shared(common, still),
            self._own(),
            self._index(still),
            None if still.plane is None else origin,
            self._number(tags.SLICE_LOCATION),
        )

    def _own(self, title: str = "") -> Own:
        return Own(
            SOPInstanceUID(self._text(tags.SOP_INSTANCE_UID)),
            self._integer(tags.INSTANCE_NUMBER),
            *self._moment(),
            title,
        )

    def _still(self, position: Vector | None) -> Still | None:
        if self.cut.pixels is None:
            return None
        if position is not None:
            placed = self.memory.of(_placed, self.cut, self.file)
            if placed is None or placed.plane is not None:
                return placed
        return self.memory.of(_unplaced, self.cut, self.file)

    def _index(self, still: Still) -> FrameIndex:
        pixels = self.cut.pixels
        if pixels is None or still.frame_bytes is None:
            opened = watched(self.cut, self.file)[0]
            return to_index(opened, still.image.pixels)
        return FrameIndex((((pixels.offset, still.frame_bytes),),))

    def _moment(self) -> tuple[date | None, time | None]:
        """As `headers.to_moment`; mostly all slices differ in their time alone."""
        text = self._plain(tags.ACQUISITION_TIME, _TIME)
        at = to_time(text.strip(_BLANKS)) if text and "\\" not in text else None
        if at is None:
            return to_moment(self._data_set())
        return self.memory.of(_day, self.cut, self.file), at

    def _position(self) -> Vector | None:
        """As `Attributes.vector`."""
        text = self._plain(tags.IMAGE_POSITION_PATIENT, _DECIMAL)
        if text == "":
            return None
        found = tuple(map(_finite, text.split("\\"))) if text is not None else ()
        if len(found) != 3 or None in found:
            vector = self._data_set().vector(tags.IMAGE_POSITION_PATIENT, 3)
            return cast("Vector | None", vector)
        return cast("Vector", found)

    def _number(self, tag: int) -> float | None:
        """As `Attributes.number`."""
        text = self._plain(tag, _DECIMAL)
        if text == "":
            return None
        value = None if text is None else _finite(text)
        return self._data_set().number(tag) if value is None else value

    def _integer(self, tag: int) -> int | None:
        """As `Attributes.integer`."""
        value = self._number(tag)
        return int(value) if value is not None and value.is_integer() else None

    def _text(self, tag: int) -> str:
        """As `Attributes.text`."""
        text = self._plain(tag, _UID)
        if text is None or "\\" in text:
            return self._data_set().text(tag)
        return text.strip(_BLANKS)

    def _plain(self, tag: int, vrs: Container[bytes]) -> str | None:
        """The text of an attribute in one of `vrs`; None if it takes more to read it.

        The attributes asked for here have 16-bit lengths, and none is binary.
        """
        value = self.cut.values.get(tag)
        if value is None:
            return ""
        if not self.cut.encoding.implicit and value[:2] not in vrs:
            return None
        text = value[4:]
        if not text.isascii() or b"\x1b" in text or b"_" in text:
            return None
        return text.decode("ascii")

    def _data_set(self) -> Attributes:
        return watched(self.cut, self.file)[0].data_set


def _unheard(tolerance: str) -> None:
    """What is tolerated is nobody's concern here."""


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _placed(opened: OpenFile) -> Still | None:
    return _still(opened, placed=True)


def _unplaced(opened: OpenFile) -> Still | None:
    return _still(opened, placed=False)


def _still(opened: OpenFile, *, placed: bool) -> Still | None:
    pixels, data_set = to_pixel_format(opened), opened.data_set
    if pixels is None:
        return None
    frame = to_frame(data_set, pixels, placed=placed)
    display = to_display(data_set, pixels)
    plane = None
    if placed:
        orientation = data_set.vector(tags.IMAGE_ORIENTATION_PATIENT, 6)
        plane = to_plane(_ORIGIN, orientation, pixel_spacing(data_set), _unheard)
    return Still(
        assembled(opened, pixels, (frame,), (display,), FrameIndex()),
        _frame_bytes(opened, pixels),
        plane,
    )


def _frame_bytes(opened: OpenFile, pixels: PixelFormat) -> int | None:
    element = opened.pixels
    if element is None or element.length == UNDEFINED or pixels.frames > 1:
        return None
    # An ordinary file ends with its pixels: all that is stated is there.
    fragments = native_index(pixels, 0, element.length, element.length).fragments
    return fragments[0][0][1]


def _day(opened: OpenFile) -> date | None:
    return to_day(opened.data_set)


def _title(opened: OpenFile) -> str:
    return to_title(opened.data_set)
