"""Every file is counted, none is lost, and nothing stops an import but the user."""

import errno
import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from tests.services.import_files import DirectReader, write_image, write_series
from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.core.listing import ConflictKind, StudyQuery
from viewer.core.records import FileRecord
from viewer.services.importing import Importing, ImportReport, ImportRequest
from viewer.services.jobs import Silent
from viewer.services.leases import lease
from viewer.services.library import Library
from viewer.services.store import stamp_of


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


def bring_in(library: Library, *paths: Path, **asked: object) -> ImportReport:
    request = ImportRequest(paths, **asked)  # type: ignore[arg-type]  # a shorthand
    report = Importing(library).run(request)
    assert report.seen == (
        report.imported
        + report.duplicates
        + report.conflicts
        + report.not_dicom
        + len(report.failed)
    )
    assert library.catalog.jobs.all() == ()
    assert library.store.workspaces() == []
    return report


def stored(library: Library) -> dict[bytes, Path]:
    return dict(library.store.all())


def listed(library: Library) -> int:
    return sum(study.instances for study in library.search(StudyQuery()).items)


def test_a_folder_is_imported_once_and_known_afterwards(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 5)
    first, second = bring_in(library, folder), bring_in(library, folder)
    assert (first.imported, first.duplicates) == (5, 0)
    assert (first.studies, first.series, first.instances) == (1, 1, 5)
    assert (second.imported, second.duplicates) == (0, 5)
    assert listed(library) == len(stored(library)) == 5


def test_copies_are_the_bytes_under_their_own_hash_and_closed_to_others(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "any name.dcm")
    bring_in(library, source)
    ((sha256, path),) = stored(library).items()
    assert path.read_bytes() == source.read_bytes()
    assert sha256 == hashlib.sha256(source.read_bytes()).digest()
    assert path.name == f"{sha256.hex()}.dcm"
    assert path.stat().st_mode & 0o077 == 0
    kept = (library.data_dir, *library.store.folder.rglob("*"))
    folders = [folder for folder in kept if folder.is_dir()]
    assert library.store.folder / "incoming" in folders
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_the_same_image_twice_in_one_folder_is_imported_once(
    library: Library, tmp_path: Path
) -> None:
    write_image(tmp_path / "in/a.dcm")
    write_image(tmp_path / "in/b.dcm")
    report = bring_in(library, tmp_path / "in")
    assert (report.imported, report.duplicates, report.instances) == (1, 1, 1)


def test_other_bytes_under_one_uid_are_both_kept(
    library: Library, tmp_path: Path
) -> None:
    first = write_image(tmp_path / "in/a.dcm")
    second = write_image(tmp_path / "in/b.dcm", StudyDescription="Other")
    report = bring_in(library, tmp_path / "in")
    assert (report.imported, report.conflicts) == (1, 1)
    assert report.conflict_items == ((str(second), ConflictKind.OTHER_BYTES),)
    (conflict,) = library.conflicts()
    assert Path(conflict.path).read_bytes() == second.read_bytes()
    assert Path(library.instance("1.2.3.1.1").path).read_bytes() == first.read_bytes()


def test_a_study_of_two_patients_is_not_merged(
    library: Library, tmp_path: Path
) -> None:
    write_image(tmp_path / "in/1.dcm", 1)
    write_image(tmp_path / "in/2.dcm", 2, PatientName="Beispiel^Berta", PatientID="P2")
    report = bring_in(library, tmp_path / "in")
    assert (report.imported, report.conflicts) == (1, 1)
    (study,) = library.search(StudyQuery()).items
    assert (study.patient_id, study.instances, study.conflicts) == ("P1", 1, 1)


@pytest.mark.parametrize(
    "missing", ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]
)
def test_a_file_without_its_uids_is_refused_but_opens_by_path(
    library: Library, tmp_path: Path, missing: str
) -> None:
    path = write_image(tmp_path / "in/a.dcm", without=missing)
    report = bring_in(library, tmp_path / "in")
    ((refused, reason),) = report.failed
    assert refused == str(path)
    assert "opens by its path" in reason
    assert stored(library) == {}
    (study,) = library.open_files([path])
    assert len(study.series[0].stacks[0].frames) == 1


def test_what_is_no_dicom_counts_against_the_import_only_when_named(
    library: Library, tmp_path: Path
) -> None:
    note = tmp_path / "in/note.txt"
    write_image(tmp_path / "in/a.dcm")
    note.write_text("not an image")
    found, named = bring_in(library, tmp_path / "in"), bring_in(library, note)
    assert (found.not_dicom, found.complete) == (1, True)
    assert (named.not_dicom, named.complete) == (1, False)
    assert named.skipped[0].path == str(note)


def test_a_broken_file_is_named_and_stops_nothing(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 3)
    whole = (folder / "0002.dcm").read_bytes()
    (folder / "0002.dcm").write_bytes(whole[: len(whole) // 2])
    report = bring_in(library, folder, tmp_path / "nowhere")
    assert report.imported == 2
    assert {Path(path).name for path, _ in report.failed} == {"0002.dcm", "nowhere"}
    assert not report.complete


def test_a_referenced_file_stays_where_it_is(library: Library, tmp_path: Path) -> None:
    source = write_image(tmp_path / "in/a.dcm")
    assert bring_in(library, tmp_path / "in", reference=True).imported == 1
    assert stored(library) == {}
    assert library.instance("1.2.3.1.1").path == str(source)


def test_a_referenced_file_that_is_imported_again_becomes_a_copy_of_ours(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "in/a.dcm")
    bring_in(library, source, reference=True)
    assert bring_in(library, source).duplicates == 1
    source.unlink()
    assert Path(library.instance("1.2.3.1.1").path).is_file()


def test_a_reference_follows_a_file_that_was_moved(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "in/a.dcm")
    bring_in(library, source, reference=True)
    moved = source.rename(tmp_path / "moved.dcm")
    assert bring_in(library, moved, reference=True).duplicates == 1
    assert library.instance("1.2.3.1.1").path == str(moved)


def test_a_reference_is_not_drawn_to_a_second_copy_while_the_first_is_there(
    library: Library, tmp_path: Path
) -> None:
    first = write_image(tmp_path / "a.dcm")
    second = write_image(tmp_path / "b.dcm")
    bring_in(library, first, reference=True)
    bring_in(library, second, reference=True)
    assert library.instance("1.2.3.1.1").path == str(first)


def test_members_of_an_archive_are_copied_even_by_reference(
    library: Library, tmp_path: Path
) -> None:
    image = write_image(tmp_path / "a.dcm")
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(image, "deep/a.dcm")
        opened.writestr("note.txt", "no image")
    report = bring_in(library, archive, reference=True)
    assert (report.imported, report.not_dicom) == (1, 1)
    assert len(stored(library)) == 1
    assert archive.is_file()


def test_a_spoilt_copy_is_healed_by_importing_the_file_again(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "a.dcm")
    bring_in(library, source)
    (path,) = stored(library).values()
    path.write_bytes(b"spoilt")
    with pytest.raises(ViewerError, match="not the one that was imported"):
        library.instance("1.2.3.1.1")
    assert bring_in(library, source).duplicates == 1
    assert Path(library.instance("1.2.3.1.1").path).read_bytes() == source.read_bytes()


def test_importing_brings_a_study_back_from_the_trash(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "a.dcm")
    bring_in(library, source)
    library.trash(["1.2.3"])
    assert listed(library) == 0
    bring_in(library, source)
    assert listed(library) == 1


class Meddling(DirectReader):
    """Changes every file just after its header was read."""

    @override
    def read_files(
        self, paths: Iterable[str | Path]
    ) -> Iterator[tuple[Path, FileRecord | ViewerError]]:
        """Read, then meddle."""
        for path, outcome in super().read_files(paths):
            with path.open("ab") as file:
                file.write(b"more")
            yield path, outcome


@pytest.mark.parametrize("reference", [False, True])
def test_a_file_that_changes_while_it_is_imported_is_refused(
    library: Library, tmp_path: Path, *, reference: bool
) -> None:
    request = ImportRequest((write_image(tmp_path / "a.dcm"),), reference)
    report = Importing(library, Meddling()).run(request)
    assert [reason for _, reason in report.failed] == [
        "The file changed while it was imported."
    ]
    assert stored(library) == {}


class StopsAfterOneBatch(Silent):
    """A user who stops the import when the first batch is in."""

    def __init__(self) -> None:
        self.batches = 0

    @override
    def checkpoint(self) -> None:
        """Stop at the second batch."""
        if self.batches:
            raise Cancelled

    @override
    def report(self, done: int, total: int, text: str = "") -> None:
        """Count the batches."""
        del done, total, text
        self.batches += 1


def test_what_was_filed_before_the_user_stops_stays(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 100)
    told: list[bool] = []
    library.changed.connect(lambda: told.append(True))
    with pytest.raises(Cancelled):
        Importing(library).run(ImportRequest((folder,)), StopsAfterOneBatch())
    assert listed(library) == len(stored(library)) == 64
    assert library.catalog.jobs.all() == ()
    assert library.store.workspaces() == []
    assert told
    assert bring_in(library, folder).imported == 36


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EROFS, "The store cannot be written."),
    ],
)
def test_a_disk_that_takes_no_more_ends_the_import_with_nothing_half(
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    sentence: str,
) -> None:
    folder = write_series(tmp_path / "in", 3)

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("viewer.services.store.os.fsync", refuse)
    with pytest.raises(EnvironmentFailure) as failure:
        Importing(library).run(ImportRequest((folder,)))
    assert failure.value.message == sentence
    assert listed(library) == 0
    assert stored(library) == {}
    assert library.store.workspaces() == []


def test_files_of_a_dead_import_that_the_catalog_missed_are_adopted(
    library: Library, tmp_path: Path
) -> None:
    lost = write_image(tmp_path / "lost.dcm", 1)
    with lease(library.catalog.jobs, "import") as token:
        (living,) = library.catalog.jobs.all()
        library.store.workspace(token)
        with ThreadPoolExecutor(1) as pool:
            copy = library.store.write(lost, stamp_of(lost), token)
            library.store.place([copy], pool)
        library.store.write(lost, stamp_of(lost), token)  # cut off before its place
    no_process = 2**22 + 1  # Linux numbers them below
    library.catalog.jobs.add(replace(living, process=no_process))
    lost.unlink()
    bring_in(library, write_image(tmp_path / "other.dcm", 2))
    assert listed(library) == 2
    assert Path(library.instance("1.2.3.1.1").path).is_file()


def test_what_a_living_import_has_not_finished_is_left_alone(
    library: Library, tmp_path: Path
) -> None:
    image = write_image(tmp_path / "a.dcm")
    with lease(library.catalog.jobs, "import") as token:
        workspace = library.store.workspace(token)
        waiting = library.store.write(image, stamp_of(image), token).waiting
        Importing(library).run(ImportRequest((write_image(tmp_path / "b.dcm", 2),)))
        assert waiting.is_file()
        library.store.clear(token)
    assert not workspace.exists()


def test_every_real_file_is_seen_and_accounted_for(
    tmp_path: Path, real_data: Path
) -> None:
    files = sum(path.is_file() for path in real_data.rglob("*"))
    with Library(tmp_path / "data") as library:  # with its killable processes
        first, second = bring_in(library, real_data), bring_in(library, real_data)
        assert first.seen == second.seen == files
        assert (second.imported, second.duplicates) == (0, first.imported)
        assert second.conflicts == first.conflicts
        assert listed(library) == first.imported > 500
        kept = {path.read_bytes() for path in stored(library).values()}
        assert len(kept) == first.imported + first.conflicts
