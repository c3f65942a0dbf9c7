"""An export is read again, and whatever somebody did to it is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.services.export_shop import (
    Shop,
    anonymous,
    dicom_files,
    wish,
    write_study,
)
from viewer.core.errors import UnreadableError
from viewer.core.export import Packing
from viewer.core.proof import Fault, Proof
from viewer.services.jobs import Silent
from viewer.services.proof_report import to_document, to_html, write_reports
from viewer.services.proving import NO_ACCOUNT, NO_SOURCE, Proving

_PATIENT: dict[str, Any] = {
    "SpecificCharacterSet": "ISO_IR 192",
    "PatientName": "Müller-Lüdenscheidt^Anna",
    "PatientID": "PID-104233",
    "PatientBirthDate": "19610817",
    "AccessionNumber": "ACC-4711-99",
    "ReferringPhysicianName": "Quarz^Ute",
    "InstitutionName": "Klinikum am Rande",
}


@pytest.fixture
def study(shop: Shop) -> str:
    """A study of four slices, of which one refers to another."""
    referred = Dataset()
    referred.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    referred.ReferencedSOPInstanceUID = "1.2.40.1.1.2"
    uid = write_study(shop.folder / "in", 1, images=4, **_PATIENT)
    first = shop.folder / "in" / "1/1/0001.dcm"
    ds = pydicom.dcmread(first)
    ds.SourceImageSequence = [referred]
    ds.save_as(first)
    shop.take_in(shop.folder / "in")
    return uid


@pytest.fixture
def out(shop: Shop, study: str) -> Path:
    """The study, exported without identities."""
    report = shop.run(anonymous(wish(study, to=shop.out())))
    assert report.exported == 4
    return shop.out()


def _prove(shop: Shop, *source: str, place: Path | None = None) -> Proof:
    proving = Proving(shop.library, shop.workers)
    return proving.run(place or shop.out(), source, Silent())


def test_what_the_program_exported_is_proven_against_its_source(
    shop: Shop, study: str, out: Path
) -> None:
    proof = _prove(shop, study)

    assert out.is_dir()
    assert proof.findings == ()
    assert proof.holds
    assert (proof.files, proof.against, proof.wanted, proof.exported) == (4, 4, 4, 4)
    assert proof.forms > 500
    assert proof.outside == 0
    assert proof.notes == ()


def test_without_a_source_the_rules_are_proven_and_it_says_so(
    shop: Shop, out: Path
) -> None:
    proof = _prove(shop)

    assert out.is_dir()
    assert proof.holds
    assert proof.notes == (NO_SOURCE,)
    assert not proof.forms


@pytest.mark.parametrize("packing", [Packing.DISC, Packing.ZIP, Packing.DISC_ZIP])
def test_discs_and_archives_are_proven_too(
    shop: Shop, study: str, packing: Packing
) -> None:
    shop.run(anonymous(wish(study, to=shop.out(), packing=packing)))

    proof = _prove(shop, study)

    assert proof.findings == ()
    assert proof.files == 4
    assert not list((shop.data_dir / "proofs").glob("*"))


def _name_in_text(out: Path) -> None:
    _edit(out, "PatientComments", "seen with LUEDENSCHEIDT")


def _name_in_kept_text(out: Path) -> None:
    _edit(out, "ManufacturerModelName", "Quarz")


def _date_in_text(out: Path) -> None:
    _edit(out, "ManufacturerModelName", "17. Aug 61 / 17.08.1961")


def _name_in_pixels(out: Path) -> None:
    path = dicom_files(out)[1]
    content = path.read_bytes()
    path.write_bytes(content[:-12] + b"lUdEnScHeIdT")


def _name_of_file(out: Path) -> None:
    path = dicom_files(out)[2]
    path.rename(path.with_name("Mueller-Luedenscheidt.dcm"))


def _name_of_folder(out: Path) -> None:
    folder = dicom_files(out)[2].parent
    folder.rename(folder.with_name("ute quarz"))


def _lost_reference(out: Path) -> None:
    item = pydicom.dcmread(dicom_files(out)[0]).SourceImageSequence[0]
    item.ReferencedSOPInstanceUID = "2.25.300000000000000000000000000000000002"
    _edit(out, "SourceImageSequence", [item])


def _one_file_too_few(out: Path) -> None:
    dicom_files(out)[3].unlink()


def _one_file_too_many(out: Path) -> None:
    dicom_files(out)[0].with_name("more.dcm").write_bytes(
        dicom_files(out)[0].read_bytes()
    )


def _another_study(out: Path) -> None:
    _edit(out, "StudyInstanceUID", "2.25.300000000000000000000000000000000001")


def _no_dicom(out: Path) -> None:
    dicom_files(out)[0].write_bytes(b"")


def _one_bit(out: Path) -> None:
    path = dicom_files(out)[0]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _wrong_account(out: Path) -> None:
    file = out / "export.json"
    account = json.loads(file.read_text())
    account["wanted"] += 1
    file.write_text(json.dumps(account))


def _name_in_account(out: Path) -> None:
    file = out / "export.json"
    account = json.loads(file.read_text())
    account["comment"] = "Quarz, Ute"
    account["profile"] = "PID-104233"
    file.write_text(json.dumps(account))


def _edit(out: Path, keyword: str, value: object) -> None:
    path = dicom_files(out)[0]
    ds = pydicom.dcmread(path)
    setattr(ds, keyword, value)
    ds.save_as(path)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_name_in_text, Fault.SURVIVOR),
        (_name_in_text, Fault.RULE),
        (_name_in_kept_text, Fault.SURVIVOR),
        (_date_in_text, Fault.SURVIVOR),
        (_name_in_pixels, Fault.SURVIVOR),
        (_name_of_file, Fault.SURVIVOR),
        (_name_of_folder, Fault.SURVIVOR),
        (_lost_reference, Fault.REFERENCE),
        (_one_file_too_few, Fault.COUNT),
        (_one_file_too_many, Fault.STRANGER),
        (_one_file_too_many, Fault.UIDS),
        (_another_study, Fault.UIDS),
        (_no_dicom, Fault.UNREADABLE),
        (_one_bit, Fault.CHANGED),
        (_wrong_account, Fault.COUNT),
        (_name_in_account, Fault.SURVIVOR),
    ],
)
def test_whatever_is_done_to_an_export_is_found_and_told_without_a_value(
    shop: Shop, study: str, out: Path, spoil: Callable[[Path], None], fault: Fault
) -> None:
    spoil(out)

    proof = _prove(shop, study)

    assert not proof.holds
    assert fault in proof.faults
    # Seconds and marks are digits that may spell a year by chance.
    findings = tuple(replace(one, mark="") for one in proof.findings)
    proof = replace(proof, seconds=0.0, findings=findings)
    told = (json.dumps(to_document(proof)) + to_html(proof)).casefold()
    for part in ("denscheidt", "quarz", "104233", "1961", "klinikum"):
        assert part not in told


def test_a_file_that_went_missing_leaves_its_references_loose(
    shop: Shop, study: str, out: Path
) -> None:
    dicom_files(out)[1].unlink()

    assert {Fault.COUNT, Fault.REFERENCE} <= set(_prove(shop, study).faults)


def test_an_export_without_an_account_is_judged_by_its_own_markers(
    shop: Shop, study: str, out: Path
) -> None:
    (out / "export.json").unlink()

    proof = _prove(shop, study)

    assert proof.findings == ()
    assert proof.notes == (NO_ACCOUNT,)


def test_a_source_that_is_only_a_part_of_it_proves_nothing(
    shop: Shop, study: str, out: Path
) -> None:
    assert out.is_dir()

    assert Fault.COUNT in _prove(shop, f"{study}.1.1").faults


def test_what_was_exported_as_it_is_does_not_hold(shop: Shop, study: str) -> None:
    shop.run(wish(study, to=shop.out()))

    faults = _prove(shop, study).faults

    assert {Fault.SURVIVOR, Fault.RULE, Fault.MARKER, Fault.WRAPPING} <= set(faults)


def test_each_proof_leaves_a_line_that_says_how_it_ended(
    shop: Shop, study: str, out: Path
) -> None:
    _prove(shop, study)
    _one_bit(out)
    _prove(shop, study)

    proven, spoiled = shop.library.catalog.audit.all()
    assert (proven.outcome, spoiled.outcome) == ("proven", "findings")
    assert spoiled.details["faults"] == ["changed 1"]


def test_reports_are_written_beside_each_other_and_need_nothing_else(
    shop: Shop, study: str, out: Path
) -> None:
    proof = _prove(shop, study)

    page, data = write_reports(proof, shop.folder / "reports", f"{out.name}-proof")

    assert json.loads(data.read_text())["proven"] is True
    text = page.read_text()
    assert "Proven" in text
    assert "http" not in text
    assert "{{" not in text


def test_there_is_nothing_to_prove_where_nothing_lies(shop: Shop, study: str) -> None:
    with pytest.raises(UnreadableError):
        _prove(shop, study)


def test_an_empty_export_is_not_proven(shop: Shop, study: str) -> None:
    empty = shop.folder / "empty"
    empty.mkdir()

    proof = _prove(shop, study, place=empty)

    assert not proof.holds
    assert not replace(proof, files=0).holds
