"""What the header of a file says of writing and faces in its pixels."""

from collections.abc import Iterator

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from viewer.core.faces import FaceRisk, face_risk
from viewer.core.suspicion import ImageTraits, Suspicion, suspicion

_IMAGE_TYPE, _SOP_CLASS, _MODALITY = 0x00080008, 0x00080016, 0x00080060
_CONVERSION, _BURNED_IN, _FACE_STATED = 0x00080064, 0x00280301, 0x00280302
_SAMPLES, _PHOTOMETRIC, _ALLOCATED = 0x00280002, 0x00280004, 0x00280100
_BODY_PART, _REGIONS, _MEANING = 0x00180015, 0x00082218, 0x00080104
_WORDS = (0x0008103E, 0x00181030, 0x00081030)
_PIXELS = (0x7FE00010, 0x7FE00008, 0x7FE00009)
_UNSURE = 3  # samples of an image that does not say how many it has


def why_looked_at(
    data_set: Dataset, *, has_pixels: bool | None = None
) -> Suspicion | None:
    """Why somebody must look at the pixels before they leave; None if they may go.

    Parameters
    ----------
    data_set : Dataset
    has_pixels : bool, optional
        Where the pixels are not in `data_set`, whether there are any.
    """
    return suspicion(_traits(data_set, has_pixels=has_pixels))


def shows_face(data_set: Dataset) -> FaceRisk:
    """Whether the image can show a face, or one can be made of its series.

    Recognizable Visual Features (0028,0302) is believed when it warns.
    """
    if _word(data_set, _FACE_STATED).startswith("Y"):
        return FaceRisk.LIKELY
    part = " ".join((_word(data_set, _BODY_PART), *_regions(data_set)))
    words = " ".join(_word(data_set, tag) for tag in _WORDS)
    return face_risk(
        _word(data_set, _SOP_CLASS),
        _word(data_set, _MODALITY),
        _both_readings(part),
        _both_readings(words),
    )


def _both_readings(text: str) -> str:
    """What is not ASCII as UTF-8, too: bytes may come without their character set."""
    try:
        return f"{text} {text.encode('latin-1').decode('utf-8').upper()}"
    except UnicodeError:
        return text


def _traits(data_set: Dataset, *, has_pixels: bool | None) -> ImageTraits:
    if has_pixels is None:
        has_pixels = any(tag in data_set for tag in _PIXELS)
    return ImageTraits(
        sop_class_uid=_word(data_set, _SOP_CLASS),
        modality=_word(data_set, _MODALITY),
        image_type=tuple(_words(data_set, _IMAGE_TYPE)),
        samples=(_number(data_set, _SAMPLES) or _UNSURE) if has_pixels else 0,
        photometric=_word(data_set, _PHOTOMETRIC),
        bits_allocated=_number(data_set, _ALLOCATED),
        burned_in=_word(data_set, _BURNED_IN).startswith("Y"),
        conversion=_word(data_set, _CONVERSION),
        words=" ".join(_word(data_set, tag) for tag in _WORDS),
    )


def _regions(data_set: Dataset) -> Iterator[str]:
    """The meanings of Anatomic Region Sequence (0008,2218)."""
    value = _value(data_set, _REGIONS)
    if isinstance(value, Sequence):
        yield from (_word(item, _MEANING) for item in value)


def _words(data_set: Dataset, tag: int) -> Iterator[str]:
    """The values of an attribute in capitals, whatever its VR says they are."""
    value = _value(data_set, tag)
    several = value if isinstance(value, MultiValue | list | tuple) else (value,)
    for one in several if value is not None else ():
        text = one.decode("latin-1") if isinstance(one, bytes) else str(one)
        yield from (part.strip(" \0").upper() for part in text.split("\\"))


def _word(data_set: Dataset, tag: int) -> str:
    return " ".join(_words(data_set, tag))


def _number(data_set: Dataset, tag: int) -> int:
    value = _value(data_set, tag)
    return value if isinstance(value, int) else 0


def _value(data_set: Dataset, tag: int) -> object:
    return data_set[tag].value if tag in data_set else None
