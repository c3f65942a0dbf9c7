"""Every image that may hold a name is looked at, whatever its header claims."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.faces import FaceRisk, face_risk
from viewer.core.image_kinds import MODALITY_KINDS
from viewer.core.suspicion import ImageTraits, Suspicion, suspicion

ROOT = "1.2.840.10008.5.1.4.1.1."
CT, MR, PET, SC, US = (ROOT + end for end in ("2", "4", "128", "7", "6.1"))
SLICE = ImageTraits(CT, "CT", ("ORIGINAL", "PRIMARY", "AXIAL"))


@pytest.mark.parametrize(
    "traits",
    [
        SLICE,
        replace(SLICE, sop_class_uid=MR, modality="MR"),
        replace(SLICE, sop_class_uid=PET, modality="PT"),
        replace(SLICE, sop_class_uid=ROOT + "2.1"),
        replace(SLICE, image_type=("DERIVED", "PRIMARY", "AXIAL")),
        replace(SLICE, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER")),
        ImageTraits(ROOT + "481.2", "RTDOSE", bits_allocated=32),
        ImageTraits(ROOT + "66.4", "SEG", ("DERIVED", "PRIMARY"), bits_allocated=1),
        ImageTraits(ROOT + "30", "OT", ("DERIVED", "PRIMARY"), bits_allocated=32),
    ],
)
def test_slices_of_scanners_and_numbers_leave_unseen(traits: ImageTraits) -> None:
    assert suspicion(traits) is None


CASES = {
    Suspicion.ULTRASOUND: replace(SLICE, sop_class_uid=US, modality="US"),
    Suspicion.CAPTURE: replace(SLICE, sop_class_uid=SC),
    Suspicion.ANGIOGRAPHY: replace(SLICE, sop_class_uid=ROOT + "12.1", modality="XA"),
    Suspicion.RADIOGRAPH: replace(SLICE, sop_class_uid=ROOT + "1", modality="CR"),
    Suspicion.MAMMOGRAM: replace(SLICE, sop_class_uid=ROOT + "1.2", modality="MG"),
    Suspicion.PHOTOGRAPH: replace(SLICE, sop_class_uid=ROOT + "77.1.4", modality="XC"),
    Suspicion.EYE: replace(SLICE, sop_class_uid=ROOT + "77.1.5.1", modality="OP"),
    Suspicion.TREATMENT: replace(
        SLICE, sop_class_uid=ROOT + "481.1", modality="RTIMAGE"
    ),
    Suspicion.SLIDE: replace(
        SLICE, sop_class_uid=ROOT + "77.1.6", modality="SM", image_type=("VOLUME",)
    ),
    Suspicion.SLIDE_LABEL: replace(
        SLICE, sop_class_uid=ROOT + "77.1.6", image_type=("ORIGINAL", "", "LABEL")
    ),
    Suspicion.STATED: replace(SLICE, burned_in=True),
    Suspicion.FILM: replace(SLICE, conversion="DF"),
    Suspicion.COLOR: replace(SLICE, samples=3, photometric="RGB"),
    Suspicion.EIGHT_BIT: replace(SLICE, bits_allocated=8),
    Suspicion.DERIVED: replace(SLICE, image_type=("DERIVED", "SECONDARY", "MPR")),
    Suspicion.UNSAID: replace(SLICE, image_type=()),
    Suspicion.DOSE_PAGE: replace(SLICE, words="Dose Report"),
    Suspicion.OTHER: replace(SLICE, sop_class_uid="1.2.3.4"),
}


@pytest.mark.parametrize("why", list(Suspicion))
def test_each_suspicion_has_its_kind_of_image_and_its_sentence(why: Suspicion) -> None:
    assert suspicion(CASES[why]) is why
    assert why.sentence.endswith(".")


@pytest.mark.parametrize(
    "image_type",
    [
        ("DERIVED", "PRIMARY", "SCREEN SAVE"),
        ("ORIGINAL", "PRIMARY", "SCREENSHOT"),
        ("DERIVED", "PRIMARY", "DOSE_INFO"),
        ("MIXED", "PRIMARY", "VOLUME"),
    ],
)
def test_a_ct_that_is_a_page_of_text_is_looked_at(image_type: tuple[str, ...]) -> None:
    assert suspicion(replace(SLICE, image_type=image_type)) is not None


@given(
    st.sampled_from(sorted(MODALITY_KINDS)),
    st.sampled_from(["1", "2", "4", "6.1", "7", "12.1", "77.1.4", "128", "481.1"]),
    st.sampled_from(["RGB", "PALETTE COLOR", "YBR_FULL_422"]),
)
def test_nothing_in_colour_leaves_unseen(
    modality: str, sop_class: str, photometric: str
) -> None:
    traits = ImageTraits(
        ROOT + sop_class,
        modality,
        ("ORIGINAL", "PRIMARY"),
        samples=1 if photometric == "PALETTE COLOR" else 3,
        photometric=photometric,
        bits_allocated=8,
    )

    assert suspicion(traits) is not None


@given(st.sampled_from(["US", "SC", "XA", "RF", "DX", "CR", "XC", "ES", "GM", "OP"]))
def test_a_modality_warns_whatever_the_class_is(modality: str) -> None:
    assert suspicion(replace(SLICE, modality=modality)) is not None


@given(st.text(max_size=12), st.text(max_size=30))
def test_what_is_not_known_is_looked_at(modality: str, sop_class: str) -> None:
    assert suspicion(ImageTraits(sop_class, modality)) is not None


def test_an_object_without_pixels_needs_no_look() -> None:
    assert suspicion(replace(CASES[Suspicion.ULTRASOUND], samples=0)) is None


@pytest.mark.parametrize(
    ("sop_class", "modality", "part", "words", "risk"),
    [
        (CT, "CT", "HEAD", "", FaceRisk.LIKELY),
        (MR, "MR", "", "T1 MPRAGE sag", FaceRisk.LIKELY),
        (MR, "MR", "", "Schädel nativ", FaceRisk.LIKELY),
        (MR, "MR", "SKULL BASE", "", FaceRisk.LIKELY),
        (PET, "PT", "WHOLE BODY", "", FaceRisk.LIKELY),
        (CT, "CT", "CHEST", "Thorax und Hals", FaceRisk.LIKELY),
        (CT, "CT", "CHEST", "5 mm axial", FaceRisk.NONE),
        (CT, "CT", "", "5 mm axial", FaceRisk.POSSIBLE),
        (CT, "CT", "", "thorax", FaceRisk.POSSIBLE),
        (MR, "MR", "KNEE", "", FaceRisk.NONE),
        (ROOT + "77.1.4", "XC", "", "", FaceRisk.LIKELY),
        (ROOT + "77.1.4", "XC", "FOOT", "", FaceRisk.NONE),
        (ROOT + "77.1.1", "ES", "", "", FaceRisk.NONE),
        (US, "US", "HEAD", "", FaceRisk.NONE),
        (SC, "CT", "BRAIN", "", FaceRisk.LIKELY),
    ],
)
def test_a_head_can_show_a_face(
    sop_class: str, modality: str, part: str, words: str, risk: FaceRisk
) -> None:
    assert face_risk(sop_class, modality, part, words) is risk


def test_letters_within_other_words_are_no_head() -> None:
    assert face_risk(CT, "CT", "ABDOMEN", "bearing overhead") is FaceRisk.NONE
