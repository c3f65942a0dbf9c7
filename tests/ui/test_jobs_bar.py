"""The jobs bar shows what runs, and is gone when nothing does."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar, QToolButton
from pytestqt.qtbot import QtBot

from viewer.services.jobs import Jobs, Progress
from viewer.ui.bridge import GuiThread
from viewer.ui.jobs_bar import JobsBar


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:  # noqa: ARG001 - needs Qt
    gui = GuiThread()
    made = Jobs(gui.post)
    yield made
    made.close()


def button(bar: JobsBar, name: str) -> QToolButton:
    found = bar.findChild(QToolButton, f"job.{name}")
    assert isinstance(found, QToolButton)
    return found


def test_a_job_is_shown_while_it_runs(qtbot: QtBot, jobs: Jobs) -> None:
    bar = JobsBar(jobs)
    qtbot.addWidget(bar)
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        progress.report(3, 12)
        go_on.wait(60)

    jobs.start("Importing", work, lambda _: None, lambda _: None)
    qtbot.waitUntil(bar.isVisible)
    progress = bar.findChild(QProgressBar)
    assert isinstance(progress, QProgressBar)
    qtbot.waitUntil(lambda: (progress.value(), progress.maximum()) == (3, 12))
    go_on.set()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_pause_and_cancel_reach_the_work(qtbot: QtBot, jobs: Jobs) -> None:
    bar = JobsBar(jobs)
    qtbot.addWidget(bar)
    ended: list[BaseException] = []
    steps: list[int] = []

    def work(progress: Progress) -> None:
        for step in range(100_000):
            progress.checkpoint()
            steps.append(step)
            progress.report(step, 100_000)
            threading.Event().wait(0.001)

    job = jobs.start("Importing", work, lambda _: None, ended.append)
    qtbot.waitUntil(bar.isVisible)
    QTest.mouseClick(button(bar, "pause"), Qt.MouseButton.LeftButton)
    assert job.status.state == "paused"
    seen = len(steps)
    qtbot.wait(60)
    assert len(steps) <= seen + 1  # one may have been on its way
    QTest.mouseClick(button(bar, "cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended))
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_a_flood_of_reports_is_few_repaints(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[object] = []
    jobs.changed.connect(told.append)

    def work(progress: Progress) -> None:
        for step in range(20_000):
            progress.report(step, 20_000)

    done: list[None] = []
    jobs.start("Importing", work, done.append, lambda _: None)
    qtbot.waitUntil(lambda: bool(done))
    assert len(told) < 5_000
