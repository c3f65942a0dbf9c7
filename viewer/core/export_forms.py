"""The forms an export can have: DICOM, and what is made of it for programs without it.

A form is a row of `FORMS`; command line and window read it there. What makes its files
is a line in `viewer.services.exporters`.
"""

from dataclasses import dataclass
from typing import Final

from viewer.core.errors import ViewerError

QUALITY: Final = 90


@dataclass(frozen=True, slots=True)
class Form:
    """What files of an export are.

    Attributes
    ----------
    name : str
        On the command line.
    title : str
        In the window.
    bits : tuple of int
        Of a sample: 8 as displayed, 16 for values without a window; empty where
        nobody is asked.
    is_annotated : bool
        Whether annotations can be asked for.
    """

    name: str
    title: str
    bits: tuple[int, ...] = ()
    is_annotated: bool = False


DICOM: Final = Form("dicom", "DICOM")
PNG: Final = Form("png", "PNG pictures", (8, 16), is_annotated=True)
JPEG: Final = Form("jpeg", "JPEG pictures", (8,), is_annotated=True)
TIFF: Final = Form("tiff", "TIFF pictures", (8, 16), is_annotated=True)
PDF: Final = Form("pdf", "PDF contact sheet", is_annotated=True)
NIFTI: Final = Form("nifti", "NIfTI volumes")
MP4: Final = Form("mp4", "MP4 films")

FORMS: Final = (DICOM, PNG, JPEG, TIFF, PDF, NIFTI, MP4)


def form_named(name: str) -> Form:
    """The form of a name, in any case.

    Raises
    ------
    ViewerError
        If there is none.
    """
    for form in FORMS:
        if form.name == name.casefold():
            return form
    known = ", ".join(form.name for form in FORMS)
    raise ViewerError("There is no such format.", hint=f"--format {known}")


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures of an export look.

    Attributes
    ----------
    bits : int
        8 as displayed, 16 for values without a window.
    stored : bool
        Whether those are the stored values; modality values otherwise.
    annotations : bool
        Whether corner texts, letters, rulers and measures are drawn, and names stand
        on contact sheets.
    quality : int
        Of JPEG, from 1 to 100.
    """

    bits: int = 8
    stored: bool = False
    annotations: bool = False
    quality: int = QUALITY

    def check(self, form: Form) -> None:
        """Refuse what a form cannot be.

        Raises
        ------
        ViewerError
        """
        if self.bits not in (form.bits or (8,)):
            raise ViewerError(
                f"{form.title} cannot have {self.bits} bits a sample.",
                hint="PNG and TIFF can have 8 or 16.",
            )
        if self.annotations and (not form.is_annotated or self.bits > 8):
            raise ViewerError(
                "Annotations are drawn on pictures of 8 bits alone.",
                hint="Values of 16 bits and DICOM stay what they are.",
            )
        if self.stored and self.bits == 8:
            raise ViewerError("Stored values have 16 bits.", hint="--bits 16 --stored")
        if not 1 <= self.quality <= 100:
            raise ViewerError("The quality of a JPEG is between 1 and 100.")


def choices() -> tuple[tuple[Form, Look, str], ...]:
    """What there is to choose from in the window, in words."""
    found: list[tuple[Form, Look, str]] = []
    for form in FORMS:
        quality = f", quality {QUALITY}" if form is JPEG else ""
        found.append((form, Look(), form.title + quality))
        if 16 in form.bits:
            measured = f"{form.title}, 16 bits, values without a window"
            found.append((form, Look(16), measured))
            stored = f"{form.title}, 16 bits, values as they are stored"
            found.append((form, Look(16, stored=True), stored))
    return tuple(found)
