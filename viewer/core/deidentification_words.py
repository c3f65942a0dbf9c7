"""What the options of an anonymized export are called, for people."""

from typing import Final

from viewer.core.deidentification import Option

OPTION_NAMES: Final = {
    Option.CLEAN_PIXELS: "Clean Pixel Data",
    Option.CLEAN_GRAPHICS: "Clean Graphics",
    Option.CLEAN_STRUCTURED_CONTENT: "Clean Structured Content",
    Option.CLEAN_DESCRIPTORS: "Clean Descriptors",
    Option.RETAIN_FULL_DATES: "Retain Longitudinal Temporal Information, Full Dates",
    Option.RETAIN_MODIFIED_DATES: "Retain Longitudinal Temporal Information, "
    "Modified Dates",
    Option.RETAIN_PATIENT_CHARACTERISTICS: "Retain Patient Characteristics",
    Option.RETAIN_DEVICE_IDENTITY: "Retain Device Identity",
    Option.RETAIN_INSTITUTION_IDENTITY: "Retain Institution Identity",
    Option.RETAIN_UIDS: "Retain UIDs",
    Option.RETAIN_SAFE_PRIVATE: "Retain Safe Private",
}
"""Names of the standard; PS3.15 E.3."""

OPTION_SENTENCES: Final = {
    Option.CLEAN_PIXELS: "Boxes of the review are burned black; without a review "
    "images that may carry names stay here.",
    Option.CLEAN_GRAPHICS: "Drawings stay as far as they hold no text.",
    Option.CLEAN_STRUCTURED_CONTENT: "Reports keep numbers and codes; without it they "
    "stay here.",
    Option.CLEAN_DESCRIPTORS: "Descriptions keep words of radiology; without it they "
    "are removed.",
    Option.RETAIN_FULL_DATES: "Every date and time stays as it is.",
    Option.RETAIN_MODIFIED_DATES: "All dates of a patient move by the same days.",
    Option.RETAIN_PATIENT_CHARACTERISTICS: "Sex, age, size and weight stay.",
    Option.RETAIN_DEVICE_IDENTITY: "Which scanner it was stays.",
    Option.RETAIN_INSTITUTION_IDENTITY: "Which hospital it was stays.",
    Option.RETAIN_UIDS: "UIDs stay: who has the originals can find them.",
    Option.RETAIN_SAFE_PRIVATE: "Private attributes known to be harmless stay.",
}

_STAYS: Final = {
    Option.RETAIN_FULL_DATES: "dates",
    Option.RETAIN_MODIFIED_DATES: "time between examinations",
    Option.RETAIN_PATIENT_CHARACTERISTICS: "sex, age, weight",
    Option.RETAIN_DEVICE_IDENTITY: "the scanner",
    Option.RETAIN_INSTITUTION_IDENTITY: "the hospital",
    Option.RETAIN_UIDS: "UIDs",
    Option.RETAIN_SAFE_PRIVATE: "harmless private attributes",
    Option.CLEAN_DESCRIPTORS: "cleaned descriptions",
    Option.CLEAN_STRUCTURED_CONTENT: "cleaned reports",
    Option.CLEAN_GRAPHICS: "drawings without text",
}

_GOES: Final = (
    (frozenset({Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES}), "dates"),
    (frozenset({Option.RETAIN_PATIENT_CHARACTERISTICS}), "sex and age"),
    (frozenset({Option.RETAIN_DEVICE_IDENTITY}), "the scanner"),
    (frozenset({Option.RETAIN_INSTITUTION_IDENTITY}), "the hospital"),
    (frozenset({Option.CLEAN_DESCRIPTORS}), "descriptions"),
    (frozenset({Option.CLEAN_STRUCTURED_CONTENT}), "reports"),
)


def stays(options: frozenset[Option]) -> str:
    """What stays besides the images themselves, in a few words."""
    words = [word for option, word in _STAYS.items() if option in options]
    return ", ".join(words) or "nothing but the images"


def goes(options: frozenset[Option]) -> str:
    """What is taken out, in a few words."""
    words = [word for keeping, word in _GOES if not keeping & options]
    return ", ".join(["names, IDs, accession numbers", *words])
