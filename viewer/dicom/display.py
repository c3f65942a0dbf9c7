"""How a file wants its stored values shown; PS3.3 C.11.1, C.11.2, C.7.6.16.2.9 f."""

from itertools import zip_longest
from typing import Final

from viewer.core.grayscale import (
    GrayscaleDisplay,
    LookupTable,
    Padding,
    Rescale,
    Window,
    WindowFunction,
)
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.lookup import to_lookup_table

_PADDING_TAGS: Final = {
    SampleKind.INTEGER: (tags.PIXEL_PADDING_VALUE, tags.PIXEL_PADDING_RANGE_LIMIT),
    SampleKind.FLOAT: (
        tags.FLOAT_PIXEL_PADDING_VALUE,
        tags.FLOAT_PIXEL_PADDING_RANGE_LIMIT,
    ),
    SampleKind.DOUBLE: (
        tags.DOUBLE_FLOAT_PIXEL_PADDING_VALUE,
        tags.DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT,
    ),
}
_COLOURED: Final = frozenset({"COLOR", "MIXED"})
_ENHANCED_PALETTE: Final = (
    "The image mixes several frames by an enhanced palette, which cannot be shown."
)
"""PS3.3 C.7.6.23: colours looked up in two frames at once, and blended."""

_LARGEST_ENTRY: Final = 65535.0
_CT_CLASSES: Final = frozenset(
    f"1.2.840.10008.5.1.4.1.1.2{suffix}" for suffix in ("", ".1", ".2")
)


def to_display(
    data_set: Attributes,
    pixels: PixelFormat,
    *,
    transformation: Attributes | None = None,
    voi: Attributes | None = None,
    presentation: str = "",
) -> GrayscaleDisplay:
    """The grayscale of an image, or of one frame of an enhanced one.

    Parameters
    ----------
    data_set : Attributes
    pixels : PixelFormat
    transformation, voi : Attributes or None
        The frame's items of Pixel Value Transformation Sequence (0028,9145) and Frame
        VOI LUT Sequence (0028,9132); None where the data set itself says it.
    presentation : str
        The frame's Pixel Presentation (0008,9205); empty where the data set says it.
    """
    if not pixels.photometric.startswith("MONOCHROME"):
        return GrayscaleDisplay()
    if transformation is None:
        transformation = data_set
    if voi is None:
        voi = data_set
    rescale = _rescale(data_set, transformation)
    modality_lut = _modality_lut(transformation, pixels)
    presentation_lut = _presentation_lut(data_set)
    presentation = presentation or data_set.text(tags.PIXEL_PRESENTATION)
    ends = _ends(pixels, rescale) if modality_lut is None else (0.0, _LARGEST_ENTRY)
    return GrayscaleDisplay(
        rescale=rescale,
        modality_lut=modality_lut,
        windows=_windows(voi),
        voi_luts=_voi_luts(voi, ends),
        # A presentation LUT gives P-values, of which the lowest is black.
        inverse=presentation_lut is None and _inverse(data_set, pixels),
        padding=_padding(data_set, pixels),
        presentation_lut=presentation_lut,
        supplemental=presentation in _COLOURED
        and tags.PALETTE_DESCRIPTORS[0] in data_set,
        refusal=_ENHANCED_PALETTE
        if tags.DATA_FRAME_ASSIGNMENT_SEQUENCE in data_set
        else "",
    )


def _rescale(data_set: Attributes, item: Attributes) -> Rescale:
    slope, intercept = (
        item.number(tags.RESCALE_SLOPE),
        item.number(tags.RESCALE_INTERCEPT),
    )
    unit = item.text(tags.RESCALE_TYPE) or _unit(data_set, stated=slope is not None)
    if slope == 0:
        data_set.note("a rescale slope of zero")
        slope = None
    return Rescale(
        1.0 if slope is None else slope, 0.0 if intercept is None else intercept, unit
    )


def _unit(data_set: Attributes, *, stated: bool) -> str:
    """Unit of a file without Rescale Type: a CT's is then HU, a PET has its own.

    References
    ----------
    PS3.3 C.8.2.1.1 (Rescale Type), C.8.9.1 (Units).
    """
    units = data_set.text(tags.UNITS)
    if units:
        return units
    is_ct = data_set.text(tags.SOP_CLASS_UID) in _CT_CLASSES
    localizer = "LOCALIZER" in data_set.texts(tags.IMAGE_TYPE)
    return "HU" if is_ct and stated and not localizer else ""


def _modality_lut(item: Attributes, pixels: PixelFormat) -> LookupTable | None:
    sequence = item.first(tags.MODALITY_LUT_SEQUENCE)
    if sequence is None:
        return None
    _, highest = _ends(pixels, Rescale())
    return to_lookup_table(
        sequence,
        signed=pixels.signed,
        highest=highest,
        explanation_tag=tags.MODALITY_LUT_TYPE,
    )


def _ends(pixels: PixelFormat, rescale: Rescale) -> tuple[float, float]:
    """The smallest and the largest modality value there can be; C.11.2.1.1."""
    low = -(1 << (pixels.bits_stored - 1)) if pixels.signed else 0
    high = low + (1 << pixels.bits_stored) - 1
    ends = [end * rescale.slope + rescale.intercept for end in (low, high)]
    return min(ends), max(ends)


def _presentation_lut(data_set: Attributes) -> LookupTable | None:
    item = data_set.first(tags.PRESENTATION_LUT_SEQUENCE)
    return None if item is None else to_lookup_table(item, signed=False)


def _voi_luts(item: Attributes, ends: tuple[float, float]) -> tuple[LookupTable, ...]:
    lowest, highest = ends
    tables = (
        to_lookup_table(lut, signed=lowest < 0, highest=highest)
        for lut in item.items(tags.VOI_LUT_SEQUENCE)
    )
    return tuple(table for table in tables if table is not None)


def _windows(item: Attributes) -> tuple[Window, ...]:
    """Every window that is one, each under its own explanation."""
    centers = item.numbers(tags.WINDOW_CENTER)
    widths = item.numbers(tags.WINDOW_WIDTH)
    if len(centers) != len(widths):
        item.note("window centres and widths that do not pair")
    names = item.texts(tags.WINDOW_EXPLANATION) if centers else ()
    function = _function(item) if centers else WindowFunction.LINEAR
    windows = []
    for center, width, name in zip_longest(centers, widths, names[: len(centers)]):
        if center is None or width is None:
            continue
        if width <= 0:
            item.note("a window without width")
            continue
        if width < 1 and function is WindowFunction.LINEAR:
            # Not allowed by C.11.2.1.2.1; the exact formula has no such limit.
            item.note("a linear window narrower than 1, taken as exact")
            exact = WindowFunction.LINEAR_EXACT
            windows.append(Window(center, width, exact, name or ""))
            continue
        windows.append(Window(center, width, function, name or ""))
    return tuple(dict.fromkeys(windows))


def _function(item: Attributes) -> WindowFunction:
    name = item.text(tags.VOI_LUT_FUNCTION).upper()
    try:
        return WindowFunction(name or "LINEAR")
    except ValueError:
        item.note("an unknown VOI LUT function")
        return WindowFunction.LINEAR


def _inverse(data_set: Attributes, pixels: PixelFormat) -> bool:
    """One inversion, however often the file says so; PS3.3 C.11.6.1.2."""
    shape = data_set.text(tags.PRESENTATION_LUT_SHAPE)
    if pixels.photometric == "MONOCHROME1":
        if shape == "IDENTITY":
            data_set.note("MONOCHROME1 with an identity presentation")
        return True
    return shape == "INVERSE"


def _padding(data_set: Attributes, pixels: PixelFormat) -> Padding | None:
    value_tag, limit_tag = _PADDING_TAGS[pixels.kind]
    value, limit = data_set.number(value_tag), data_set.number(limit_tag)
    if value is None:
        return None
    value = _as_stored(value, pixels)
    limit = value if limit is None else _as_stored(limit, pixels)
    return Padding(min(value, limit), max(value, limit))


def _as_stored(value: float, pixels: PixelFormat) -> float:
    """A padding value with the sign of the pixels, whichever VR it was written in."""
    if pixels.kind is not SampleKind.INTEGER:
        return value
    if pixels.signed and value > 0x7FFF:
        return value - 0x10000
    return value + 0x10000 if not pixels.signed and value < 0 else value
