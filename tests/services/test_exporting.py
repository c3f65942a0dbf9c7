"""An export takes all that was chosen, or says of each why not, and appears whole."""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from typing_extensions import override

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
from viewer.core.errors import Cancelled, Closing, EnvironmentFailure, ViewerError
from viewer.core.export import CONFLICT, FAILED, ExportWish, Packing
from viewer.services.export_part import part_folder
from viewer.services.exporting import Exporting
from viewer.services.file_lock import locked
from viewer.services.jobs import Silent
from viewer.services.workers import Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(3) as held:
        yield held


@pytest.fixture
def shop(tmp_path: Path, workers: Workers) -> Iterator[Shop]:
    made = Shop(tmp_path, workers)
    yield made
    made.library.close()


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


@pytest.mark.parametrize("there", ["file", "folder", "dangling link"])
def test_what_is_there_is_never_written_over(shop: Shop, there: str) -> None:
    study = write_study(shop.folder / "in", 1, images=1)
    shop.take_in(shop.folder / "in")
    if there == "file":
        shop.out().write_text("mine")
    elif there == "folder":
        shop.out().mkdir()
    else:
        shop.out().symlink_to(shop.folder / "nowhere")
    for packing in (Packing.FOLDER, Packing.ZIP):
        with pytest.raises(ViewerError, match="there already"):
            shop.run(wish(study, to=shop.out(), packing=packing))
    assert not part_folder(shop.out()).exists()


def test_a_folder_of_somebody_else_is_not_taken_for_a_hidden_one(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=1)
    shop.take_in(shop.folder / "in")
    theirs = part_folder(shop.out()) / "precious"
    theirs.parent.mkdir()
    theirs.write_text("kept")
    with pytest.raises(ViewerError, match="is not of an export"):
        shop.run(wish(study, to=shop.out()))
    assert theirs.read_text() == "kept"


class Stopping(Silent):
    """Stops the work when some of it is done."""

    def __init__(self, after: int, why: type[Cancelled] = Cancelled) -> None:
        self._after, self._why = after, why
        self.done = 0

    @override
    def report(self, done: int, total: int, text: str = "") -> None:
        self.done = done

    @override
    def checkpoint(self) -> None:
        if self.done >= self._after:
            raise self._why


def test_a_cancelled_export_leaves_nothing(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=40)
    shop.take_in(shop.folder / "in")
    with pytest.raises(Cancelled):
        shop.run(wish(study, to=shop.out()), Stopping(1))
    assert {path.name for path in shop.folder.iterdir()} == {"in", "data"}


@pytest.mark.parametrize("kind", ["as it is", "anonymous"])
def test_an_export_that_was_cut_off_goes_on_with_what_is_missing(
    shop: Shop, kind: str
) -> None:
    study = write_study(shop.folder / "in", 1, images=60)
    shop.take_in(shop.folder / "in")
    asked = wish(study, to=shop.out())
    if kind == "anonymous":
        asked = anonymous(asked)
    with pytest.raises(Closing):
        shop.run(asked, Stopping(16, Closing))
    assert not shop.out().exists()
    journal = (part_folder(shop.out()) / "journal").read_bytes()
    assert study.encode() not in journal
    report = shop.run(asked)
    assert report.exported == 60 == len(dicom_files(shop.out()))
    assert report.resumed >= 16
    assert not part_folder(shop.out()).exists()


def test_another_export_to_the_same_place_begins_anew(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=40, series=2)
    shop.take_in(shop.folder / "in")
    with pytest.raises(Closing):
        shop.run(wish(study, to=shop.out()), Stopping(16, Closing))
    report = shop.run(wish(f"{study}.2", to=shop.out()))
    assert (report.exported, report.resumed) == (40, 0)
    assert uids(dicom_files(shop.out())) == {f"{study}.2.{n}" for n in range(1, 41)}


def test_a_torn_journal_and_a_file_cut_short_are_not_believed(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=40)
    shop.take_in(shop.folder / "in")
    with pytest.raises(Closing):
        shop.run(wish(study, to=shop.out()), Stopping(16, Closing))
    part = part_folder(shop.out())
    with (part / "journal").open("ab") as journal:
        journal.write(b'{"number":39,"si')
    os.truncate(dicom_files(part / "content")[0], 10)
    report = shop.run(wish(study, to=shop.out()))
    assert report.exported == 40
    assert sorted(sums(shop.out()).values()) == sorted(
        sums(shop.folder / "in").values()
    )


def test_a_kill_after_the_last_step_does_not_keep_the_export_from_being_made_again(
    shop: Shop,
) -> None:
    study = write_study(shop.folder / "in", 1, images=40)
    shop.take_in(shop.folder / "in")
    with pytest.raises(Closing):
        shop.run(wish(study, to=shop.out()), Stopping(16, Closing))
    (part_folder(shop.out()) / "content").rename(shop.folder / "moved away")
    report = shop.run(wish(study, to=shop.out()))
    assert (report.exported, report.resumed) == (40, 0)


def test_two_exports_to_one_place_do_not_meet(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=1)
    shop.take_in(shop.folder / "in")
    part_folder(shop.out()).mkdir()
    with locked(part_folder(shop.out()) / "lock") as ours:
        assert ours
        with pytest.raises(ViewerError, match="under way"):
            shop.run(wish(study, to=shop.out()))
    assert shop.run(wish(study, to=shop.out())).exported == 1


def test_a_disk_without_room_is_told_of_before_anything_is_written(
    shop: Shop, workers: Workers
) -> None:
    study = write_study(shop.folder / "in", 1, images=1)
    shop.take_in(shop.folder / "in")
    greedy = Exporting(shop.library, workers, reserve=1 << 60)
    with pytest.raises(EnvironmentFailure, match="too little room"):
        greedy.run(wish(study, to=shop.out()), Silent())
    assert not shop.out().exists()


def test_a_place_that_cannot_be_written_is_told_of(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=1)
    shop.take_in(shop.folder / "in")
    (shop.folder / "file").write_text("no folder")
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        shop.run(wish(study, to=shop.folder / "file/out"))


def test_a_place_that_closes_meanwhile_keeps_what_is_finished(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(shop.folder / "in", 1, images=40)
    shop.take_in(shop.folder / "in")
    real, left, lock = os.fsync, [20], threading.Lock()

    def full(handle: int) -> None:
        with lock:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        shop.run(wish(study, to=shop.out()))
    monkeypatch.undo()
    assert not shop.out().exists()
    report = shop.run(wish(study, to=shop.out()))
    assert (report.exported, report.resumed > 0) == (40, True)


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
