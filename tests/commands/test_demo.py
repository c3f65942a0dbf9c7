"""The demo study is built and imported once, and opens at once afterwards."""

from pathlib import Path

import pytest

from tests.commands.desks import RememberingWindow, Turns
from tests.services.small_demo import demo_of
from viewer.commands.demo import open_demo
from viewer.commands.desk import Desk
from viewer.services import demo
from viewer.services.demo import demo_studies
from viewer.services.doctor import State, examine


@pytest.fixture
def opened(
    desk: Desk,
    turns: Turns,
    window: RememberingWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """The desk when the demo study was built, imported and opened."""
    small = demo_of(2)  # read before it takes the place of the recipe
    monkeypatch.setattr(demo, "load_recipe", lambda: small)
    open_demo(desk)
    turns.until(lambda: desk.session.studies or window.errors)
    assert window.errors == []
    assert window.notices == ["Imported 11 files in 2 studies."]
    return desk


def on_show(desk: Desk) -> list[str]:
    return [study.summary.study_uid for study in desk.session.studies]


def files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.dcm")}


def again(desk: Desk, turns: Turns) -> list[str]:
    """Open it once more; the jobs that it took."""
    jobs: list[str] = []
    desk.jobs.changed.connect(lambda status: jobs.append(status.title))
    desk.session.close()
    open_demo(desk)
    turns.until(lambda: desk.session.studies)
    return jobs


def test_the_second_time_nothing_is_built_or_imported(
    opened: Desk, turns: Turns
) -> None:
    before = files(opened.data_dir)
    assert again(opened, turns) == []
    assert on_show(opened) == [demo_studies()[0]]
    assert files(opened.data_dir) == before


def test_it_comes_back_from_the_trash(opened: Desk, turns: Turns) -> None:
    opened.library.trash(demo_studies())
    assert again(opened, turns) == []
    assert on_show(opened) == [demo_studies()[0]]


def test_its_files_are_kept_once_where_they_were_built(opened: Desk) -> None:
    folder = demo.demo_folder(opened.data_dir)
    for uid in demo_studies():
        for _, filed in opened.library.catalog.filed_series(uid):
            assert all(Path(one.path).is_relative_to(folder) for one in filed)
            assert not any(one.stored for one in filed)
    found = {finding.subject: finding.state for finding in examine(opened.data_dir)}
    assert found["Catalog"] is found["Data folder"] is State.OK


def test_one_that_was_lost_is_built_again(opened: Desk, turns: Turns) -> None:
    folder = demo.demo_folder(opened.data_dir)
    before = {path.relative_to(folder) for path in files(folder)}
    folder.rename(folder.with_name("elsewhere"))
    jobs = again(opened, turns)
    assert {"Building the demo study", "Importing"} <= set(jobs)
    assert {path.relative_to(folder) for path in files(folder)} == before
    assert not any(series.unavailable for series in opened.session.studies[0].series)
