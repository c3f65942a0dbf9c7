"""An export takes all that was chosen, or says of each why not, and appears whole."""

import json
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from tests.services.export_shop import (
    Shop,
    anonymous,
    dicom_files,
    sums,
    uids,
    wish,
    write_study,
)
from tests.services.import_files import write_image
from viewer.core.errors import ViewerError
from viewer.core.export import CONFLICT, FAILED, ExportWish
from viewer.services.export_part import part_folder


def test_a_study_leaves_as_it_is_and_the_originals_stay_what_they_were(
    shop: Shop,
) -> None:
    study = write_study(shop.folder / "in", 1, images=20, series=2)
    shop.take_in(shop.folder / "in")
    before = sums(shop.folder / "in")
    report = shop.run(wish(study, to=shop.out()))
    assert (report.wanted, report.exported, report.files) == (40, 40, 40)
    assert (report.patients, report.studies, report.series) == (1, 1, 2)
    assert report.to == str(shop.out())
    assert sorted(sums(shop.out()).values()) == sorted(before.values())
    assert report.bytes == sum(p.stat().st_size for p in dicom_files(shop.out()))
    assert sums(shop.folder / "in") == before
    assert not part_folder(shop.out()).exists()


def test_names_are_counters_that_follow_series_and_images(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2, series=2)
    other = write_study(shop.folder / "in", 2, images=1, PatientID="P2")
    shop.take_in(shop.folder / "in")
    shop.run(wish(study, other, to=shop.out()))
    names = {str(p.relative_to(shop.out())): p for p in dicom_files(shop.out())}
    assert list(names) == [
        "PA0001/ST001/SE0001/IM00001.dcm",
        "PA0001/ST001/SE0001/IM00002.dcm",
        "PA0001/ST001/SE0002/IM00001.dcm",
        "PA0001/ST001/SE0002/IM00002.dcm",
        "PA0002/ST001/SE0001/IM00001.dcm",
    ]
    second = pydicom.dcmread(names["PA0001/ST001/SE0002/IM00002.dcm"])
    assert second.SOPInstanceUID == f"{study}.2.2"


def test_a_series_and_an_image_of_another_leave_alone_and_once(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=3, series=2)
    shop.take_in(shop.folder / "in")
    chosen = (f"{study}.1", f"{study}.2.3", f"{study}.1.1")
    report = shop.run(wish(*chosen, to=shop.out()))
    assert report.exported == 4
    assert uids(dicom_files(shop.out())) == {
        *(f"{study}.1.{n}" for n in (1, 2, 3)),
        f"{study}.2.3",
    }


def test_an_anonymous_export_accounts_for_each_image_and_names_nobody(
    shop: Shop,
) -> None:
    study = write_study(shop.folder / "in", 1, images=3)
    write_study(shop.folder / "in", 1, images=1, ImageType=["DERIVED", "SECONDARY"])
    shop.take_in(shop.folder / "in")
    before = sums(shop.folder / "in")
    report = shop.run(anonymous(wish(study, to=shop.out())))
    assert (report.wanted, report.exported) == (3, 2)
    (stayed,) = report.withheld
    assert (stayed.sop_instance_uid, stayed.reason) == (f"{study}.1.1", "not-reviewed")
    account = json.loads((shop.out() / "export.json").read_text())
    assert (
        account["wanted"] == 3 == account["exported"] + account["withheld"][0]["count"]
    )
    assert {one["name"] for one in account["files"]} == {
        str(path.relative_to(shop.out())) for path in dicom_files(shop.out())
    }
    assert [one["sha256"] for one in account["files"]] == [
        digest for name, digest in sums(shop.out()).items() if name != "export.json"
    ]
    for path in shop.out().rglob("*"):
        for secret in ("Muster", study):
            assert secret not in path.name
            assert path.is_dir() or secret.encode() not in path.read_bytes()
    assert sums(shop.folder / "in") == before


def test_the_crosswalk_tells_patients_and_uids_to_who_asked_for_it(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2)
    shop.take_in(shop.folder / "in")
    asked = anonymous(wish(study, to=shop.out()))
    assert asked.anonymization is not None
    told = replace(asked.anonymization, crosswalk=shop.folder / "who")
    shop.run(replace(asked, anonymization=told))
    rows = (shop.folder / "who/uids.csv").read_text().split()
    known = dict(row.split(",") for row in rows[1:])
    assert {known[f"{study}.1.{n}"] for n in (1, 2)} == uids(dicom_files(shop.out()))
    (patient,) = (shop.folder / "who/patients.csv").read_text().split()[1:]
    ds = pydicom.dcmread(dicom_files(shop.out())[0])
    assert patient == f"P1,{ds.PatientID}"


def test_two_runs_of_a_project_give_one_patient_the_same_names(shop: Shop) -> None:
    studies = [write_study(shop.folder / "in", n, images=1) for n in (1, 2)]
    shop.take_in(shop.folder / "in")
    for number, study in enumerate(studies):
        shop.run(anonymous(wish(study, to=shop.out(f"{number}"))))
    one, other = (
        pydicom.dcmread(dicom_files(shop.out(name))[0]) for name in ("0", "1")
    )
    assert (one.PatientID, one.PatientName) == (other.PatientID, other.PatientName)
    assert one.StudyInstanceUID != other.StudyInstanceUID


def test_what_the_catalog_keeps_beside_a_study_is_not_lost_from_the_account(
    shop: Shop,
) -> None:
    study = write_study(shop.folder / "in/a", 1, images=2)
    write_study(shop.folder / "in/b", 1, images=1, StudyDescription="Changed")
    shop.take_in(shop.folder / "in/a")
    shop.take_in(shop.folder / "in/b")
    report = shop.run(wish(study, to=shop.out()))
    assert (report.wanted, report.exported) == (3, 2)
    assert [one.reason for one in report.withheld] == [CONFLICT]


def test_a_file_that_is_gone_is_named_and_the_others_leave(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=5)
    shop.take_in(shop.folder / "in")
    (shop.folder / "in/1/1/0003.dcm").unlink()
    report = shop.run(wish(study, to=shop.out()))
    assert (report.wanted, report.exported) == (5, 4)
    (failed,) = report.failed
    assert (failed.sop_instance_uid, failed.reason) == (f"{study}.1.3", FAILED)
    assert len(dicom_files(shop.out())) == 4


def test_nothing_appears_if_nothing_may_leave(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2, Modality="OT")
    shop.take_in(shop.folder / "in")
    report = shop.run(anonymous(wish(study, to=shop.out())))
    assert (report.exported, report.to, len(report.withheld)) == (0, "", 2)
    assert list(shop.folder.glob("*out*")) == []
    assert list(shop.folder.glob(".*")) == []


def test_only_key_images_leave_and_the_document_that_marks_them(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=5)
    write_key_object(shop.folder / "in/key.dcm", study, [2, 4])
    shop.take_in(shop.folder / "in")
    asked = replace(wish(study, to=shop.out()), key_images=True)
    report = shop.run(asked)
    assert report.exported == 3
    assert uids(dicom_files(shop.out())) == {f"{study}.1.2", f"{study}.1.4", "1.2.41"}


def test_a_study_without_key_images_has_none_to_export(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2)
    shop.take_in(shop.folder / "in")
    with pytest.raises(ViewerError, match="No key images"):
        shop.run(replace(wish(study, to=shop.out()), key_images=True))


def write_key_object(path: Path, study: str, images: list[int]) -> None:
    """A Key Object Selection of some images of a study's first series."""
    reference = []
    for number in images:
        named = pydicom.Dataset()
        named.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        named.ReferencedSOPInstanceUID = f"{study}.1.{number}"
        item = pydicom.Dataset()
        item.ValueType, item.RelationshipType = "IMAGE", "CONTAINS"
        item.ReferencedSOPSequence = [named]
        reference.append(item)
    own: dict[str, object] = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.59",
        "SOPInstanceUID": "1.2.41",
        "StudyInstanceUID": study,
        "SeriesInstanceUID": f"{study}.9",
        "Modality": "KO",
        "ContentSequence": reference,
    }
    write_image(path, 1, without="PixelData", **own)


def test_a_wish_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    for wrong in (
        {"uids": (), "target": tmp_path},
        {"uids": ("1",), "target": None},
        {"uids": ("1",), "target": tmp_path, "peer": "p"},
        {"uids": ("1",), "target": tmp_path, "password": "secret"},
    ):
        with pytest.raises(ViewerError):
            ExportWish(**wrong)


def test_originals_in_the_store_stay_what_they_were(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=3)
    shop.take_in(shop.folder / "in", reference=False)
    before = sums(shop.data_dir / "store")
    assert len(before) == 3
    assert shop.run(anonymous(wish(study, to=shop.out()))).exported == 3
    assert sums(shop.data_dir / "store") == before
