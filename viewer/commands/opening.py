"""Bring studies onto the Reading page: from the catalog, from files, the demo study."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.commands.desk import Desk, Page, Tone
from viewer.core.counts import counted

if TYPE_CHECKING:
    from viewer.core.identity import SeriesUID, StudyUID
    from viewer.core.listing import StudySummary
    from viewer.core.opened import OpenStudy


def open_studies(
    desk: Desk, uids: "Sequence[StudyUID]", series_uid: "SeriesUID | None" = None
) -> None:
    """Open studies of the catalog; one series alone, if it is given."""

    def work() -> "Sequence[OpenStudy]":
        desk.saving.wait()  # what was drawn on them a moment ago
        return [desk.library.open_study(uid) for uid in uids]

    def relate() -> None:
        of_patient = partial(desk.library.studies_of_patient, uids[0])
        desk.jobs.submit(of_patient, related, desk.window.failed)

    def related(found: "Sequence[StudySummary]") -> None:
        if tuple(s.summary.study_uid for s in desk.session.studies) == tuple(uids):
            desk.session.relate(found)

    _open(desk, tuple(uids), work, series_uid, relate)


def open_paths(desk: Desk, paths: Sequence[Path]) -> None:
    """Read files and folders without taking them into the catalog."""
    refused: list[tuple[str, str]] = []

    def work() -> "Sequence[OpenStudy]":
        return desk.library.open_files(
            paths, lambda label, error: refused.append((label, error.message))
        )

    _open(desk, tuple(paths), work, None, lambda: _tell_refused(desk, refused))


def _tell_refused(desk: Desk, refused: Sequence[tuple[str, str]]) -> None:
    """A study with a file missing must not look complete."""
    if refused:
        sentence = f"{counted(len(refused), 'file')} could not be opened."
        show = partial(desk.window.show_import_report, sentence, "", refused)
        desk.window.notice(sentence, tone=Tone.PROBLEM, action=("Details", show))


def _open(
    desk: Desk,
    wish: object,
    work: "Callable[[], Sequence[OpenStudy]]",
    series_uid: "SeriesUID | None",
    then: Callable[[], None] | None,
) -> None:
    """Fetch studies off the GUI thread, then show them.

    What is wished for last wins: an answer that comes after another wish is dropped.
    """

    def done(studies: "Sequence[OpenStudy]") -> None:
        if desk.browsing.opening == wish:
            desk.browsing.opening = None
            desk.session.open(studies, series_uid=series_uid)
            desk.window.show_page(Page.READING)
            if then is not None:
                then()

    def failed(error: BaseException) -> None:
        if desk.browsing.opening == wish:
            desk.browsing.opening = None
            desk.window.failed(error)

    desk.browsing.opening = wish
    desk.jobs.submit(work, done, failed)
