"""What the hand feels while a series is imported and another one is decoded."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.benchmarks.decoding import CODERS
from tests.benchmarks.phantoms import picture, study_uid, write_mammogram, write_series
from tests.benchmarks.race import Result, Timing, at_part
from tests.benchmarks.scale import Scale
from tests.benchmarks.stage import Blit, Stage, mouse, stage, turn_wheel
from tests.benchmarks.volumes import written
from viewer.core.errors import Cancelled, ViewerError
from viewer.core.layout import Layout
from viewer.services.decoding import Purpose
from viewer.services.frame_ref import FrameRef
from viewer.services.importing import Importing, ImportRequest

if TYPE_CHECKING:
    from viewer.ui.viewport.viewport import ViewportWidget

_BEAT_S = 1 / 60
_ROOM = (1600, 1000)
_TURN = 20  # steps one way, then back
_FEWER = 3  # times fewer blits, which vary less


class Load:
    """Imports and decodes as long as it lasts, on the program's own workers.

    Files that are imported already are read, hashed and compared all the same.
    """

    def __init__(self, played: Stage, folder: Path, refs: list[FrameRef]) -> None:
        self._program, self._folder, self._refs = played.program, folder, refs
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._import)

    def start(self) -> None:
        """Begin both."""
        self._thread.start()
        for ref in self._refs:
            self._ask(ref)

    def end(self) -> None:
        """End both and wait."""
        self._over.set()
        self._thread.join()

    def report(self, *_: object) -> None:
        """Say nothing (of the import)."""

    def checkpoint(self) -> None:
        """End the import when the measuring is over."""
        if self._over.is_set():
            raise Cancelled

    def _import(self) -> None:
        while not self._over.is_set():
            try:
                Importing(self._program.desk.library).run(
                    ImportRequest((self._folder,)), self
                )
            except Cancelled:
                return

    def _ask(self, ref: FrameRef) -> None:
        self._program.desk.decoding.request(
            ref, Purpose.LATER, self._again, self._refused
        )

    def _again(self, ref: FrameRef, _: object) -> None:
        """The same file once more, by another name: the last one is in memory."""
        if not self._over.is_set():
            folder, _, name = ref.path.rpartition("/")
            self._ask(replace(ref, path=f"{folder}//{name}"))

    def _refused(self, _: FrameRef, error: ViewerError) -> None:
        raise error


class Steps:
    """How long each step took from its event to the paint, and the loop between."""

    def __init__(self, played: Stage) -> None:
        self._stage = played
        self.times: list[float] = []
        self.gaps: list[float] = []

    def take(self, count: int, step: Callable[[int], None]) -> None:
        """Make steps at the pace of a screen; the first few warm up."""
        application = QApplication.instance()
        assert application is not None
        for number in range(-_TURN, count):
            due = time.perf_counter() + _BEAT_S
            start = time.perf_counter()
            step(number)
            taken = [time.perf_counter() - start]
            gaps = taken[:]
            while time.perf_counter() < due:
                start = time.perf_counter()
                application.processEvents()
                gaps.append(time.perf_counter() - start)
                time.sleep(0.0005)
            if number >= 0:
                self.times += taken
                self.gaps += gaps


def races(scale: Scale, folder: Path) -> Iterator[Result]:
    """Wheel and window, one viewport and four, at rest and under load."""
    write_series(folder / "ct", scale.slices, scale.side, study=1)
    write_series(folder / "later", scale.volume, scale.side, study=3)
    write_mammogram(folder / "mg", scale.mammogram, study=2)
    stored = (picture(scale.side, scale.side) + 2000).astype(np.uint16)
    refs = written(folder / "behind", [stored], CODERS[-1], min(scale.volume, 64))
    with stage(folder / "data") as played:
        played.take_in(folder / "ct")
        played.take_in(folder / "mg")
        for loaded in (False, True):
            for study, name in ((1, "CT"), (2, "mammogram")):
                for count in (1, 4):
                    viewport = _arranged(played, study, count)
                    load = Load(played, folder / "later", refs) if loaded else None
                    with _under(load):
                        yield from _hand(played, viewport, scale, (name, count, loaded))


@contextmanager
def _under(load: Load | None) -> Iterator[None]:
    if load is None:
        yield
        return
    load.start()
    try:
        yield
    finally:
        load.end()


def _arranged(played: Stage, study: int, count: int) -> "ViewportWidget":
    """The study in so many viewports that share the room."""
    played.put_away()
    first = played.open(study_uid(study))
    session = played.program.desk.session
    side = round(count**0.5)
    session.set_layout(Layout(side, side))
    stack = session.stack
    assert stack is not None
    for index in range(count):
        session.show(stack.id, index)
    session.activate(0)
    grid = played.program.reading.grid
    played.starting.window.resize(
        _ROOM[0] + played.starting.window.width() - grid.width(),
        _ROOM[1] + played.starting.window.height() - grid.height(),
    )
    played.until(lambda: all(not v.frame.waiting for v in played.viewports))
    end = time.monotonic() + 1.0  # what is ahead comes into memory
    while time.monotonic() < end:
        QApplication.processEvents()
    return first


def _hand(
    played: Stage,
    viewport: "ViewportWidget",
    scale: Scale,
    scene: tuple[str, int, bool],
) -> Iterator[Result]:
    name, count, loaded = scene
    blit = Blit((viewport.width(), viewport.height()))
    where = f"{name}, {count} × {viewport.width()}×{viewport.height()}"
    where += ", import and decoding behind" if loaded else ""

    shown = played.viewports

    def painted() -> None:
        played.until(lambda: not any(one.frame.waiting for one in shown))
        QApplication.sendPostedEvents()  # among them the paint of what changed

    def notch(number: int) -> None:
        turn_wheel(viewport, 1 if number // _TURN % 2 else -1)
        painted()

    def window(number: int) -> None:
        turned = number % (2 * _TURN)
        place = turned if turned < _TURN else 2 * _TURN - turned
        mouse(viewport, QEvent.Type.MouseMove, 10 + 4 * place, 8 + 3 * place)
        painted()

    deeds = [("Window step", window)]
    if name == "CT":
        deeds.insert(0, ("Wheel notch", notch))
    for deed, step in deeds:
        steps, limit = Steps(played), Steps(played)
        if step is window:
            mouse(viewport, QEvent.Type.MouseButtonPress, 0, 0)
        steps.take(scale.steps, step)
        if step is window:
            mouse(viewport, QEvent.Type.MouseButtonRelease, 0, 0)
        limit.take(-(-scale.steps // _FEWER), lambda _: blit.repaint())
        yield from _results(f"{deed}, {where}", steps, limit)
    blit.close()


def _results(name: str, steps: Steps, limit: Steps) -> Iterator[Result]:
    def at(times: list[float], part: float) -> Timing:
        return at_part([1000 * t for t in times], part)

    for what, part in (("median", 0.5), ("99th percentile", 0.99)):
        yield Result(
            f"{name}, {what}", at(steps.times, part), at(limit.times, part), "one blit"
        )
    yield Result(
        f"{name}, longest gap of the event loop",
        at(steps.gaps, 1.0),
        at(limit.gaps, 1.0),
        "one blit",
    )
