"""Which images somebody must look at before they leave, because names may be in them.

Free are only those of a known harmless kind: everything else is looked at. Burned In
Annotation (0028,0301) and Modality are believed when they warn, never when they do not.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from viewer.core.image_kinds import FREE_KINDS, MODALITY_KINDS, Kind, kind_of
from viewer.core.records import InstanceRecord, SeriesRecord


class Suspicion(StrEnum):
    """Why an image must be looked at."""

    STATED = "stated"
    CAPTURE = "capture"
    FILM = "film"
    DOSE_PAGE = "dose-page"
    ULTRASOUND = "ultrasound"
    ANGIOGRAPHY = "angiography"
    RADIOGRAPH = "radiograph"
    MAMMOGRAM = "mammogram"
    PHOTOGRAPH = "photograph"
    EYE = "eye"
    TREATMENT = "treatment"
    SLIDE_LABEL = "slide-label"
    SLIDE = "slide"
    COLOR = "color"
    EIGHT_BIT = "eight-bit"
    DERIVED = "derived"
    UNSAID = "unsaid"
    OTHER = "other"

    @property
    def sentence(self) -> str:
        """For the user."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    Suspicion.STATED: "The file says that there is writing in the picture.",
    Suspicion.CAPTURE: "It is a capture of a screen or of another source.",
    Suspicion.FILM: "It is a digitised film, and films carry names.",
    Suspicion.DOSE_PAGE: "It is a page of text: a dose report or a protocol.",
    Suspicion.ULTRASOUND: "Ultrasound machines write names into the picture.",
    Suspicion.ANGIOGRAPHY: "Angiography and fluoroscopy may carry writing.",
    Suspicion.RADIOGRAPH: "A radiograph may show the name on a marker or label.",
    Suspicion.MAMMOGRAM: "A mammogram may show the name on a marker or label.",
    Suspicion.PHOTOGRAPH: "A photograph or endoscopy may show a name, or a person.",
    Suspicion.EYE: "Pictures of eyes are often exported with writing.",
    Suspicion.TREATMENT: "Images of treatment machines may carry writing.",
    Suspicion.SLIDE_LABEL: "The label of a slide says whose it is.",
    Suspicion.SLIDE: "It is in colour, as a scan of a whole slide with its label is.",
    Suspicion.COLOR: "It is in colour, as captures of a screen are.",
    Suspicion.EIGHT_BIT: "It has as few greys as a capture of a screen.",
    Suspicion.DERIVED: "It was made from other images, perhaps with writing.",
    Suspicion.UNSAID: "It does not say whether it came from a scanner as it is.",
    Suspicion.OTHER: "What kind of picture it is, is not certain.",
}


@dataclass(frozen=True, slots=True)
class ImageTraits:
    """What a header says of how an image came about; empty where it does not.

    Attributes
    ----------
    sop_class_uid, modality : str
    image_type : tuple of str
        Image Type (0008,0008), in capitals.
    samples : int
        Samples per Pixel (0028,0002); 0 for an object without pixels.
    photometric : str
    bits_allocated : int
    burned_in : bool
        Burned In Annotation (0028,0301) is YES.
    conversion : str
        Conversion Type (0008,0064).
    words : str
        Series Description and Protocol Name: believed only when they warn.
    """

    sop_class_uid: str
    modality: str
    image_type: tuple[str, ...] = ()
    samples: int = 1
    photometric: str = "MONOCHROME2"
    bits_allocated: int = 16
    burned_in: bool = False
    conversion: str = ""
    words: str = ""


_BY_KIND: Final = {
    Kind.CAPTURE: Suspicion.CAPTURE,
    Kind.ULTRASOUND: Suspicion.ULTRASOUND,
    Kind.ANGIOGRAPHY: Suspicion.ANGIOGRAPHY,
    Kind.RADIOGRAPH: Suspicion.RADIOGRAPH,
    Kind.MAMMOGRAM: Suspicion.MAMMOGRAM,
    Kind.PHOTOGRAPH: Suspicion.PHOTOGRAPH,
    Kind.EYE: Suspicion.EYE,
    Kind.TREATMENT: Suspicion.TREATMENT,
    Kind.SLIDE: Suspicion.SLIDE,
    Kind.OTHER: Suspicion.OTHER,
}

_FILM: Final = "DF"  # Conversion Type of digitised film; PS3.3 C.8.6.1
_SLIDE_PARTS: Final = frozenset({"LABEL", "OVERVIEW", "THUMBNAIL", "LOCALIZER"})
_PAGES: Final = ("DOSE", "DOSIS", "DOSI", "SR IMAGE", "REPORT", "PROTOCOL")
_CAPTURES: Final = ("SCREEN", "CAPTURE", "SNAPSHOT", "PRINT", "HARDCOPY", "PAGE")
_TITLES: Final = (
    *("DOSE REPORT", "DOSE INFO", "PATIENT PROTOCOL", "EXAM PROTOCOL", "DOSISBERICHT"),
    *("DOSE RECORD", "DOSE SUMMARY", "PATIENTENPROTOKOLL", "RAPPORT DE DOSE"),
    *("INFORME DE DOSIS", "SCREEN SAVE", "SCREENSAVE", "SCREENSHOT", "SCREEN CAPTURE"),
)


def traits_of(series: SeriesRecord, instance: InstanceRecord) -> ImageTraits:
    """What the catalog knows; whether the file states writing is not among it."""
    pixels = None if instance.image is None else instance.image.pixels
    return ImageTraits(
        sop_class_uid=instance.sop_class_uid,
        modality=series.modality,
        image_type=tuple(word.upper() for word in instance.image_type),
        samples=0 if pixels is None else pixels.samples,
        photometric="" if pixels is None else pixels.photometric,
        bits_allocated=0 if pixels is None else pixels.bits_allocated,
        words=f"{series.description} {series.protocol}",
    )


def suspicion(traits: ImageTraits) -> Suspicion | None:
    """Why the image must be looked at before it leaves.

    Returns
    -------
    Suspicion or None
        None for objects without pixels and for images that leave unseen: slices that
        a CT, MR, PET or gamma camera made itself, in more than eight bits of grey,
        and what holds numbers instead of a picture (dose grids, segmentations,
        parametric maps).
    """
    if not traits.samples:
        return None
    if traits.burned_in:
        return Suspicion.STATED
    return _of_origin(traits) or _of_kind(traits) or _of_pixels(traits)


def _of_origin(traits: ImageTraits) -> Suspicion | None:
    """What the header tells of where the picture comes from."""
    kinds = " ".join(traits.image_type)
    if traits.conversion:
        return Suspicion.FILM if traits.conversion == _FILM else Suspicion.CAPTURE
    if any(word in kinds for word in _CAPTURES):
        return Suspicion.CAPTURE
    words = traits.words.upper()
    if any(word in kinds for word in _PAGES) and traits.modality != "RTDOSE":
        return Suspicion.DOSE_PAGE
    if any(title in words for title in _TITLES):
        return Suspicion.DOSE_PAGE
    return None


def _of_kind(traits: ImageTraits) -> Suspicion | None:
    """What class or modality warn of, whichever does."""
    kind = kind_of(traits.sop_class_uid)
    if kind is Kind.SLIDE and _SLIDE_PARTS & set(traits.image_type):
        return Suspicion.SLIDE_LABEL
    if kind not in FREE_KINDS:
        return _BY_KIND[kind]
    if kind is Kind.NUMBERS:
        return None
    stated = MODALITY_KINDS.get(traits.modality, Kind.OTHER)
    return None if stated in FREE_KINDS else _BY_KIND[stated]


def _of_pixels(traits: ImageTraits) -> Suspicion | None:
    """What the pixels of a harmless kind of image must be like."""
    if kind_of(traits.sop_class_uid) is Kind.NUMBERS:
        return None
    if traits.samples != 1 or not traits.photometric.startswith("MONOCHROME"):
        return Suspicion.COLOR
    if traits.bits_allocated <= 8:
        return Suspicion.EIGHT_BIT
    if len(traits.image_type) < 2:
        return Suspicion.UNSAID
    made_here = {"SECONDARY", "MIXED"}  # MIXED: so are some frames; PS3.3 C.8.16.1
    return Suspicion.DERIVED if made_here & set(traits.image_type) else None
