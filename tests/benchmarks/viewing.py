"""What the hand feels: a notch of the wheel and a step of the window, to the paint."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt

from tests.benchmarks.phantoms import study_uid, write_mammogram, write_series
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from tests.benchmarks.stage import Blit, Stage, mouse, stage, turn_wheel

if TYPE_CHECKING:
    from viewer.ui.viewport.viewport import ViewportWidget

_STEPS = 20


class Hand:
    """A hand on the first viewport of an open study."""

    def __init__(self, played: Stage, study: int) -> None:
        self._stage = played
        self._uid = study_uid(study)
        self._viewport: ViewportWidget

    def take_place(self) -> None:
        """Open the study, at its first image, everything in memory."""
        self._stage.put_away()
        self._viewport = self._stage.open(self._uid)

    def scroll(self, notches: int) -> None:
        """A notch, the image, a notch, the image."""
        frame = self._viewport.frame
        for number in range(notches):
            turn_wheel(self._viewport, 1 if number < notches // 2 else -1)
            self._stage.until(lambda: not frame.waiting)
            self._viewport.repaint()
            assert frame.subject is not None
            assert frame.subject.image == min(number + 1, notches - number - 1)

    def drag_window(self) -> None:
        """One drag of the window tool, painted at every step."""
        before = self._viewport.voi
        mouse(self._viewport, QEvent.Type.MouseButtonPress, 0, 0)
        for step in range(1, _STEPS + 1):
            mouse(self._viewport, QEvent.Type.MouseMove, 4 * step, 3 * step)
            self._viewport.repaint()
        mouse(self._viewport, QEvent.Type.MouseButtonRelease, 0, 0)
        assert self._viewport.voi != before

    def zoom(self) -> None:
        """In and out again by the wheel, painted at every notch."""
        for number in range(_STEPS):
            direction = -1 if number < _STEPS // 2 else 1
            turn_wheel(self._viewport, direction, Qt.KeyboardModifier.ControlModifier)
            self._viewport.repaint()

    def blit(self) -> Blit:
        """The limit, of the viewport's size."""
        return Blit((self._viewport.width(), self._viewport.height()))


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Scroll and window a CT, window and zoom a mammogram."""
    write_series(folder / "ct", scale.slices, scale.side, study=1)
    write_mammogram(folder / "mg", scale.mammogram, study=2)
    notches = 2 * min(scale.slices - 1, _STEPS)
    with stage(folder / "data") as played:
        played.take_in(folder / "ct")
        played.take_in(folder / "mg")
        on_ct, on_mammogram = Hand(played, 1), Hand(played, 2)
        on_ct.take_place()
        blit = on_ct.blit()
        for name, hand, deed, count in (
            ("Notch of the wheel, CT", on_ct, partial(on_ct.scroll, notches), notches),
            ("Window step, CT", on_ct, on_ct.drag_window, _STEPS),
            ("Window step, mammogram", on_mammogram, on_mammogram.drag_window, _STEPS),
            ("Zoom step, mammogram", on_mammogram, on_mammogram.zoom, _STEPS),
        ):
            yield Race(
                name,
                deed,
                partial(blit.repeat, count),
                "one blit",
                count,
                hand.take_place,
            )
        blit.close()
