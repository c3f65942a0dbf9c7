"""An export that is refused, stopped or cut off never has its final name by half."""

import os
import threading

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
from viewer.core.errors import Cancelled, Closing, EnvironmentFailure, ViewerError
from viewer.core.export import Packing
from viewer.services.export_part import part_folder
from viewer.services.exporting import Exporting
from viewer.services.file_lock import locked
from viewer.services.jobs import Silent
from viewer.services.workers import Workers


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
