"""Why an instance stays out of an anonymized export, or goes with a word of caution."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why an instance is withheld."""

    UNREADABLE = "unreadable"
    TOO_DEEP = "too-deep"
    NO_OBJECT = "no-object"
    UNKNOWN_CLASS = "unknown-class"
    NOT_REVIEWED = "not-reviewed"
    REVIEW_MISFIT = "review-misfit"
    REVIEWER = "reviewer"
    PIXELS = "pixels"
    FACE = "face"
    DOCUMENT = "document"
    VIDEO = "video"
    VOICE = "voice"
    STRUCTURED = "structured"

    @property
    def sentence(self) -> str:
        """For the user."""
        return _SENTENCES[self]


class Caution(StrEnum):
    """What somebody should know of an instance that goes out."""

    FACE = "face"
    DOCUMENT = "document"
    VIDEO = "video"

    @property
    def sentence(self) -> str:
        """For the user."""
        return _CAUTIONS[self]


_SENTENCES: Final = {
    Reason.UNREADABLE: "It cannot be read to its end, so not all of it can be cleaned.",
    Reason.TOO_DEEP: "It is nested too deeply, or has too many attributes.",
    Reason.NO_OBJECT: "It does not say which object it is.",
    Reason.UNKNOWN_CLASS: "What kind of object it is, is not known here.",
    Reason.NOT_REVIEWED: "Nobody has looked whether names are written in the image.",
    Reason.REVIEW_MISFIT: "What was reviewed had other rows and columns.",
    Reason.REVIEWER: "It was withheld at the review.",
    Reason.PIXELS: "Its pixels cannot be cleaned without guessing.",
    Reason.FACE: "It can show a face.",
    Reason.DOCUMENT: "A document within it cannot be cleaned.",
    Reason.VIDEO: "A film cannot be cleaned.",
    Reason.VOICE: "It is a recording in which somebody speaks.",
    Reason.STRUCTURED: "Its text is its content; Clean Structured Content is off.",
}

_CAUTIONS: Final = {
    Caution.FACE: "A face can be made of these images.",
    Caution.DOCUMENT: "The document within was not cleaned.",
    Caution.VIDEO: "The film was not cleaned.",
}
