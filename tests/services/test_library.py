"""Studies are opened as their files are now, from the catalog or by path."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.services.import_files import SIDE, DirectReader, write_image, write_series
from viewer.catalog.filing import Arrival
from viewer.core.errors import NotDicomError, UnreadableError, ViewerError
from viewer.core.listing import StudyQuery
from viewer.core.opened import OpenStudy
from viewer.core.records import InstanceRecord
from viewer.dicom.read import read_file
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


def bring_in(library: Library, *paths: Path, reference: bool = False) -> OpenStudy:
    Importing(library).run(ImportRequest(paths, reference))
    return library.open_study("1.2.3")


def test_a_study_opens_with_its_series_in_order_and_reports_last(
    library: Library, tmp_path: Path
) -> None:
    for number, modality in ((3, "CT"), (1, "SR"), (2, "CT"), (None, "CT")):
        uid = f"1.2.3.{number or 9}"
        write_image(
            tmp_path / f"in/{uid}.dcm",
            SeriesInstanceUID=uid,
            SOPInstanceUID=f"{uid}.1",
            SeriesNumber=number,
            Modality=modality,
        )
    opened = bring_in(library, tmp_path / "in")
    uids = [series.record.series_uid for series in opened.series]
    assert uids == ["1.2.3.2", "1.2.3.3", "1.2.3.9", "1.2.3.1"]
    assert [one.series_uid for one in library.series("1.2.3")] == uids
    assert opened.summary == library.study("1.2.3")


def test_the_images_of_a_series_lie_in_one_stack_with_the_place_of_their_bytes(
    library: Library, tmp_path: Path
) -> None:
    opened = bring_in(library, write_series(tmp_path / "in", 5))
    (series,) = opened.series
    (stack,) = series.stacks
    assert [frame.position_mm for frame in stack.frames] == [1, 2, 3, 4, 5]
    for stored in series.instances:
        assert stored.instance.image is not None
        (((offset, length),),) = stored.instance.image.index.fragments
        pixels = Path(stored.path).read_bytes()[offset : offset + length]
        number = stored.instance.number or 0
        assert pixels == number.to_bytes(2, "little") * SIDE**2


def test_a_study_that_is_not_there_is_said(library: Library) -> None:
    with pytest.raises(ViewerError, match="no such study"):
        library.open_study("1.2.3")
    with pytest.raises(ViewerError, match="no such image"):
        library.instance("1.2.3.1.1")


def test_a_missing_file_keeps_its_place_and_says_why_it_is_empty(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 3)
    bring_in(library, folder, reference=True)
    (folder / "0002.dcm").unlink()
    (series,) = library.open_study("1.2.3").series
    assert len(series.stacks[0].frames) == 3
    assert set(series.unavailable) == {"1.2.3.1.2"}
    assert (
        "not there" in series.unavailable[series.instances[1].instance.sop_instance_uid]
    )
    with pytest.raises(UnreadableError):
        library.instance("1.2.3.1.2")


def test_a_changed_file_is_indexed_anew_when_its_study_is_opened(
    library: Library, tmp_path: Path
) -> None:
    path = write_image(tmp_path / "in/a.dcm")
    bring_in(library, path, reference=True)
    write_image(path, ImagePositionPatient=[0, 0, 77])
    (series,) = library.open_study("1.2.3").series
    assert series.stacks[0].frames[0].position_mm == 77
    assert library.instance("1.2.3.1.1").stamp == series.instances[0].stamp


def test_a_file_that_was_only_touched_is_the_same(
    library: Library, tmp_path: Path
) -> None:
    path = write_image(tmp_path / "in/a.dcm")
    before = bring_in(library, path, reference=True).series[0].instances[0]
    os.utime(path, (1, 1))
    after = library.open_study("1.2.3").series[0].instances[0]
    assert after.instance == before.instance
    assert after.stamp.modified_ns == 1_000_000_000
    assert library.conflicts() == ()


def test_another_image_in_the_place_of_one_is_not_taken_for_it(
    library: Library, tmp_path: Path
) -> None:
    path = write_image(tmp_path / "in/a.dcm", 1)
    bring_in(library, path, reference=True)
    write_image(path, 2)
    (series,) = library.open_study("1.2.3").series
    assert (
        "Another image"
        in series.unavailable[series.instances[0].instance.sop_instance_uid]
    )


def test_a_file_that_became_another_patients_is_not_shown_under_the_old_name(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 2)
    bring_in(library, folder, reference=True)
    write_image(folder / "0002.dcm", 2, PatientName="Beispiel^Berta", PatientID="P2")
    (series,) = library.open_study("1.2.3").series
    assert "another patient" in str(dict(series.unavailable))
    assert len(library.conflicts("1.2.3")) == 1
    assert library.study("1.2.3").instances == 1


@pytest.mark.parametrize(
    "blob",
    [
        lambda _: b"\x93\x01\x02\x03",
        msgspec.msgpack.encode,  # as the first edition wrote it
        lambda record: msgspec.msgpack.encode((1, record)),
        lambda record: msgspec.msgpack.encode((99, record)),
    ],
)
def test_an_index_in_terms_of_another_version_is_read_anew(
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    blob: Callable[[InstanceRecord], bytes],
) -> None:
    before = bring_in(library, write_image(tmp_path / "in/a.dcm"))
    with monkeypatch.context() as older:
        older.setattr("viewer.catalog.blobs.from_record", blob)
        library.catalog.reindex([_arrival(library)])
    assert library.open_study("1.2.3") == before


def _arrival(library: Library) -> Arrival:
    filed = library.catalog.instance("1.2.3.1.1")
    assert filed is not None
    record = read_file(filed.path)
    return Arrival(record, filed.sha256, filed.path, filed.stamp, stored=True)


def test_files_open_by_path_without_entering_the_catalog(
    library: Library, tmp_path: Path
) -> None:
    write_series(tmp_path / "in", 3)
    write_image(tmp_path / "in/other.dcm", StudyInstanceUID="1.2.4", SeriesNumber=7)
    (tmp_path / "in/note.txt").write_text("no image")
    studies = library.open_files([tmp_path / "in"])
    assert sorted(len(study.series[0].instances) for study in studies) == [1, 3]
    assert library.search(StudyQuery()).total == 0
    assert list(library.store.all()) == []


def test_two_files_of_one_uid_opened_by_path_are_both_shown(
    library: Library, tmp_path: Path
) -> None:
    paths = [
        write_image(tmp_path / "a.dcm"),
        write_image(tmp_path / "b.dcm", ImagePositionPatient=[0, 0, 9]),
    ]
    (study,) = library.open_files(paths)
    (series,) = study.series
    assert len({stored.instance.sop_instance_uid for stored in series.instances}) == 2
    assert sum(len(stack.frames) for stack in series.stacks) == 2


def test_patients_are_not_mixed_when_files_are_opened_by_path(
    library: Library, tmp_path: Path
) -> None:
    paths = [
        write_image(tmp_path / "a.dcm", 1),
        write_image(tmp_path / "b.dcm", 2, PatientID="P2"),
    ]
    assert len(library.open_files(paths)) == 2


def test_what_is_passed_over_is_told_unless_it_was_only_found(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    whole = write_image(folder / "whole.dcm", 1)
    (folder / "half.dcm").write_bytes(whole.read_bytes()[:-100])
    (folder / "note.txt").write_text("no image")
    told: list[tuple[str, type[ViewerError]]] = []

    def refused(label: str, error: ViewerError) -> None:
        told.append((label, type(error)))

    assert len(library.open_files([folder], refused)) == 1
    assert told == [(str(folder / "half.dcm"), UnreadableError)]
    told.clear()
    library.open_files([whole, folder / "note.txt"], refused)
    assert told == [(str(folder / "note.txt"), NotDicomError)]


def test_when_nothing_can_be_opened_the_first_reason_is_given(
    library: Library, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("no image")
    with pytest.raises(NotDicomError):
        library.open_files([note])
    with pytest.raises(ViewerError, match="no file"):
        library.open_files([])
