"""Patients who are exported together: what one may keep is no trace of another."""

from pathlib import Path

import pydicom
import pytest

from tests.services.export_shop import (
    Shop,
    anonymous,
    dicom_files,
    wish,
    write_study,
)
from viewer.core.proof import Fault, Proof
from viewer.services.jobs import Silent
from viewer.services.projects import Projects
from viewer.services.proof_origins import NO_KEY
from viewer.services.proving import Proving


@pytest.fixture
def studies(shop: Shop) -> tuple[str, str]:
    """Those of two patients; one is called as the other's scanner is."""
    first = write_study(
        shop.folder / "in",
        1,
        images=2,
        PatientName="Quarz^Ute",
        PatientID="PID-104233",
        Manufacturer="GE MEDICAL SYSTEMS",
        ManufacturerModelName="Test",
    )
    second = write_study(
        shop.folder / "in",
        2,
        images=1,
        PatientName="Test^Kieselstein",
        PatientID="PID-208466",
        InstitutionName="GE MEDICAL SYSTEMS",
    )
    shop.take_in(shop.folder / "in")
    shop.run(anonymous(wish(first, second, to=shop.out())))
    return first, second


def _prove(shop: Shop, *source: str) -> Proof:
    return Proving(shop.library, shop.workers).run(shop.out(), source, Silent())


def _of_quarz(out: Path) -> Path:
    """A file of the patient whose scanner is called Test."""
    found = (pydicom.dcmread(path) for path in dicom_files(out))
    every = zip(dicom_files(out), found, strict=True)
    return next(path for path, ds in every if ds.ManufacturerModelName == "Test")


def test_what_is_a_name_of_one_and_a_word_of_the_other_is_proven_and_told(
    shop: Shop, studies: tuple[str, str]
) -> None:
    proof = _prove(shop, *studies)

    assert proof.findings == ()
    assert proof.holds
    (note,) = proof.notes
    assert "from its own source" in note


def test_a_name_that_came_from_the_other_patient_is_found(
    shop: Shop, studies: tuple[str, str]
) -> None:
    path = _of_quarz(shop.out())
    ds = pydicom.dcmread(path)
    ds.ManufacturerModelName = "Kieselstein"
    ds.save_as(path)

    proof = _prove(shop, *studies)

    found = [one.place for one in proof.findings if one.fault is Fault.SURVIVOR]
    assert set(found) == {"(0008,1090)"}


def test_a_file_made_of_another_than_it_says_keeps_its_findings(
    shop: Shop, studies: tuple[str, str]
) -> None:
    path = _of_quarz(shop.out())
    others = [one for one in dicom_files(shop.out()) if "PA0002" in str(one)]
    mine, other = pydicom.dcmread(path), pydicom.dcmread(others[0])
    for keyword in ("Manufacturer", "ManufacturerModelName"):
        setattr(other, keyword, mine[keyword].value)
    other.save_as(others[0])

    found = {one.place for one in _prove(shop, *studies).findings}

    assert {"(0008,0070)", "(0008,1090)"} <= found


def test_without_the_key_every_finding_stays_and_the_proof_says_why(
    shop: Shop, studies: tuple[str, str]
) -> None:
    Projects(shop.data_dir).remove("study of livers")

    proof = _prove(shop, *studies)

    assert not proof.holds
    assert set(proof.faults) == {Fault.SURVIVOR}
    assert proof.notes == (NO_KEY,)
