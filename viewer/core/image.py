"""The pixels of one instance: what they are and where their bytes lie.

The catalog keeps an `Image` for each instance, so that opening a series parses no
header again.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from viewer.core.color_profile import ColorProfile
from viewer.core.geometry import ImagePlane
from viewer.core.grayscale import GrayscaleDisplay, LookupTable
from viewer.core.overlay_plane import OverlayPlane
from viewer.core.real_world import RealWorldMap
from viewer.core.shutter import Shutter
from viewer.core.ultrasound import UltrasoundRegion


class SampleKind(StrEnum):
    """Which of the three pixel attributes holds the samples."""

    INTEGER = "integer"  # Pixel Data (7FE0,0010)
    FLOAT = "float"  # Float Pixel Data (7FE0,0008)
    DOUBLE = "double"  # Double Float Pixel Data (7FE0,0009)


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """The shape and coding of the stored values; PS3.3 C.7.6.3, PS3.5 8.

    Attributes
    ----------
    transfer_syntax_uid : str
    rows, columns : int
    frames : int
        At least 1.
    samples : int
        Samples per Pixel (0028,0002).
    photometric : str
        Photometric Interpretation (0028,0004) as written.
    bits_allocated, bits_stored, high_bit : int
    signed : bool
        Pixel Representation (0028,0103) is 1.
    planar : bool
        Planar Configuration (0028,0006) is 1; only meaningful when uncompressed
        or RLE.
    kind : SampleKind
    word_swapped : bool
        The value is OW in Explicit VR Big Endian: 8-bit samples lie in 16-bit words,
        so each pair of bytes is swapped; PS3.5 Annex A.3 and 8.1.1.
    """

    transfer_syntax_uid: str
    rows: int
    columns: int
    frames: int = 1
    samples: int = 1
    photometric: str = "MONOCHROME2"
    bits_allocated: int = 16
    bits_stored: int = 16
    high_bit: int = 15
    signed: bool = False
    planar: bool = False
    kind: SampleKind = SampleKind.INTEGER
    word_swapped: bool = False

    @property
    def frame_pixels(self) -> int:
        """Pixels of one frame."""
        return self.rows * self.columns


Fragment = tuple[int, int]
"""Offset from the start of the file and length, in bytes."""


MOST_FRAMES: Final = 1 << 18
"""Of one file that can be listed: slides have 100,000, and each costs 200 bytes."""


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Where in the file the bytes of each frame are.

    Attributes
    ----------
    fragments : tuple
        For each frame its fragments in order, as far as the file has frames (it may
        hold fewer than it states, and the last may be cut short); empty if the
        frames have no place of their own in the file, and `reason` says why.
    bit_offsets : tuple of int
        The first bit (least significant first) inside the first fragment of each
        frame: 0 to 7 for 1-bit uncompressed frames, 8 where a swapped word begins
        in the frame before; empty where all are 0.
    reason : str
        Why there are no offsets (deflated data set, video, damaged fragments);
        empty if there are.
    lossy : str
        How the first frame lost something, by its own code stream (``"JPEG 2000"``);
        empty where that is not certain.
    """

    fragments: tuple[tuple[Fragment, ...], ...] = ()
    bit_offsets: tuple[int, ...] = ()
    reason: str = ""
    lossy: str = ""


class SpacingKind(StrEnum):
    """What the millimetres of an image are measured in."""

    PATIENT = "patient"  # Pixel Spacing of a cross-section
    GEOMETRY = "calibrated by geometry"  # Pixel Spacing Calibration Type GEOMETRY
    FIDUCIAL = "calibrated by fiducial"  # Pixel Spacing Calibration Type FIDUCIAL
    CALIBRATED = "calibrated"  # unlike Imager Pixel Spacing; the file says no type
    DETECTOR = "detector plane"  # of the detector, not of the body
    MAGNIFIED = "estimated magnification"  # Imager Pixel Spacing ÷ ERMF
    OBJECT_PLANE = "object plane"  # Imager Pixel Spacing ÷ (SID / SOD)
    IMAGE_PLANE = "image plane"  # of an RT image, not of the body
    ISOCENTER = "isocentre plane"  # the same ÷ (RT Image SID / Radiation Machine SAD)
    SCANNED = "scanned film"  # Nominal Scanned Pixel Spacing
    UNKNOWN = "calibration unknown"  # Pixel Spacing alone, of a projection
    REGION = "ultrasound region"  # deltas of one region


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distance between neighbouring pixel centres.

    Attributes
    ----------
    row_mm, column_mm : float
        To the next row and to the next column; Pixel Spacing (0028,0030) has them
        in this order.
    kind : SpacingKind
    attribute : str
        Keyword of the attribute that it was read from.
    magnification : tuple of float
        What the attribute's values were divided by: nothing, the Estimated
        Radiographic Magnification Factor (0018,1114), or the distances from the source
        whose ratio it is: to detector (0018,1110) and patient (0018,1111), or to image
        (3002,0026) and axis (3002,0022) of a treatment machine.
    """

    row_mm: float
    column_mm: float
    kind: SpacingKind
    attribute: str = "PixelSpacing"
    magnification: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameTraits:
    """What tells stacks of one series apart; None where not stated.

    Frames that differ in any of these are shown in separate stacks, but for
    `trigger_ms`: the time after a heartbeat only says that images are of other moments.
    """

    echo_time_ms: float | None = None
    b_value: float | None = None
    temporal_position: int | None = None
    acquisition: int | None = None
    stack_id: str | None = None
    image_type: tuple[str, ...] = ()
    trigger_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of an image.

    Attributes
    ----------
    display : int
        Index into `Image.displays`.
    plane : ImagePlane or None
        Where it lies in the patient; None if the file does not say.
    spacing : Spacing or None
        None means no millimetres can be given.
    aspect : tuple of int
        Pixel height and width in proportion, Pixel Aspect Ratio (0028,0034), when
        there is no spacing.
    thickness_mm, location_mm : float or None
        Slice Thickness (0018,0050), Slice Location (0020,1041).
    traits : FrameTraits
    patient_orientation : tuple of str or None
        Where rows and columns run to, ``("L", "F")``, for images without a plane;
        Patient Orientation (0020,0020).
    shutter : Shutter or None
        What is to be covered around the picture.
    real_world : tuple of RealWorldMap
        What stored values mean in a unit, each map for its own range.
    """

    display: int = 0
    plane: ImagePlane | None = None
    spacing: Spacing | None = None
    aspect: tuple[int, int] = (1, 1)
    thickness_mm: float | None = None
    location_mm: float | None = None
    traits: FrameTraits = FrameTraits()
    patient_orientation: tuple[str, str] | None = None
    shutter: Shutter | None = None
    real_world: tuple[RealWorldMap, ...] = ()


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of an image, segmented tables already expanded.

    Those of a PALETTE COLOR image, or the supplemental ones of a MONOCHROME2 image,
    whose stored values are colours from the first mapped one on; PS3.3 C.7.6.19.
    """

    red: LookupTable
    green: LookupTable
    blue: LookupTable


@dataclass(frozen=True, slots=True)
class Image:
    """The pixels of one instance.

    Attributes
    ----------
    pixels : PixelFormat
    index : FrameIndex
    displays : tuple of GrayscaleDisplay
        The different ones, at least one.
    frames : tuple of Frame
        One for each frame, or a single one that holds for all; use `frame`.
    palette : Palette or None
    lossy : str
        What the corner says of lossy compression (``"lossy 10.2:1 JPEG"``); empty
        if the file states none.
    frame_time_ms : float or None
        Between frames of a cine.
    overlays : tuple of OverlayPlane
        In the order of their groups.
    profile : ColorProfile or None
        What its colours look like, unless that is sRGB or not stated.
    regions : tuple of UltrasoundRegion
        Of an ultrasound image: what has millimetres, and which.
    labels : bool
        Whether its values are names of things, between which there is nothing.
    """

    pixels: PixelFormat
    index: FrameIndex = FrameIndex()
    displays: tuple[GrayscaleDisplay, ...] = field(default=(GrayscaleDisplay(),))
    frames: tuple[Frame, ...] = field(default=(Frame(),))
    palette: Palette | None = None
    lossy: str = ""
    frame_time_ms: float | None = None
    overlays: tuple[OverlayPlane, ...] = ()
    profile: ColorProfile | None = None
    regions: tuple[UltrasoundRegion, ...] = ()
    labels: bool = False

    def frame(self, number: int) -> Frame:
        """Frame `number`, counted from 1."""
        return self.frames[number - 1 if len(self.frames) > 1 else 0]

    @property
    def lossy_mark(self) -> str:
        """What must be said of lossy compression, by the file or by its coding."""
        coded = f"lossy {self.index.lossy}" if self.index.lossy else ""
        return self.lossy or coded

    def display(self, number: int) -> GrayscaleDisplay:
        """The grayscale of frame `number`, counted from 1."""
        return self.displays[self.frame(number).display]


def is_coloured(image: Image) -> bool:
    """Whether it has colours that a profile may be about."""
    return image.pixels.samples == 3 or image.palette is not None
