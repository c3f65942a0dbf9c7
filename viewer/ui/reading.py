"""The Reading page: thumbnails, images, inspector, and who it is all about."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.commands.desk import Desk, Page, Tone
from viewer.commands.opening import open_studies
from viewer.commands.retrieving import fetch, prefer
from viewer.core.errors import EnvironmentFailure
from viewer.services.painters_ahead import PaintersAhead
from viewer.services.picture_cache import PictureCache
from viewer.services.places import pictures_folder
from viewer.services.prefetching import Prefetching
from viewer.services.reading_state import ReadingState
from viewer.services.stack_thumbnails import Pixels, StackThumbnails
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.panels.inspector import Inspector
from viewer.ui.panels.patient_strip import PatientStrip
from viewer.ui.panels.strip import ThumbnailStrip
from viewer.ui.panels.toolbar import Toolbar
from viewer.ui.viewport.cine import CineClock
from viewer.ui.viewport.grid import ViewportGrid
from viewer.ui.viewport.viewport import ViewportWidget

_MENU = (
    "drawing.why",
    "drawing.delete",
    "",
    "image.fit",
    "image.one_to_one",
    "image.true_size",
    "",
    "image.flip_horizontally",
    "image.flip_vertically",
    "image.turn_right",
    "image.turn_left",
    "image.invert",
    "",
    "layout.alone",
    "image.reset",
    "",
    "image.copy",
    "image.save",
)
_SETTLE_MS = 30
_REST_MS = 120


class ReadingPage(QWidget):
    """Shows the session; every wish goes to it, every change comes from it."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        self._desk, self._session, self._actions = desk, desk.session, actions
        theme.set_role(self, "page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.patient = PatientStrip(
            self._session,
            lambda uid: open_studies(desk, [uid]),
            lambda found: fetch(desk, [found]),
        )
        self.toolbar = Toolbar(desk, actions)
        side = round(ThumbnailStrip.picture_side() * self.devicePixelRatioF())
        cache = PictureCache(pictures_folder(desk.data_dir))
        thumbnails = StackThumbnails(
            desk.decoding, side, self._on_thumbnail, desk.jobs, cache
        )
        self.strip = ThumbnailStrip(self._session, thumbnails)
        self.strip.clicked.connect(self._on_chosen)
        self._painters = PaintersAhead(desk.decoding.cached)
        self._images: object = None
        self.grid = ViewportGrid(self._build_viewport)
        self.inspector = Inspector(desk)
        self._cine = CineClock(self._session, self._is_shown, self)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._refresh_panels)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        # Comes after the paint, which QTimer.singleShot(0, …) does not: that is posted.
        self._plan: Callable[[], None] | None = None
        self._look_ahead = QTimer(self, interval=0, singleShot=True)
        self._look_ahead.timeout.connect(self._on_painted)
        self._only_images = False
        self._lay_out()
        actions.hear(self, Page.READING)
        self._session.changed.connect(self._on_changed)
        self._session.opened.connect(self._on_opened)
        desk.measuring.changed.connect(self._on_measured)
        desk.saving.changed.connect(self._on_measured)
        self._prefetching = Prefetching(
            self._session, desk.decoding, self._when_painted
        )
        self._rest.timeout.connect(self._prefetching.rest)
        self.inspector.window_section.finished.connect(self.setFocus)
        self.inspector.attributes.search.finished.connect(self.setFocus)
        self.inspector.measures.finished.connect(self.setFocus)
        self._fold_as_settled()
        self._on_opened()

    # For the window

    @property
    def active(self) -> ViewportWidget:
        """The viewport that commands act on."""
        return self.grid.viewports[self._session.state.active]

    def panel_shown(self, name: str) -> bool:
        """Whether ``"series"`` or ``"inspector"`` is unfolded."""
        settled = self._desk.settings.value
        folded = {"series": settled.strip_folded, "inspector": settled.inspector_folded}
        return not folded[name]

    def toggle_panel(self, name: str) -> None:
        """Fold ``"series"`` or ``"inspector"``, or unfold it; remembered."""
        folded = self.panel_shown(name)
        if name == "series":
            self._desk.settings.change(strip_folded=folded)
        else:
            self._desk.settings.change(inspector_folded=folded)
        self._fold_as_settled()

    def show_measures(self) -> None:
        """Unfold the table of measures, with the reasons of the selected one."""
        if not self.panel_shown("inspector"):
            self.toggle_panel("inspector")
        self.inspector.show_measures()

    def show_only_images(self, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        """Fold everything else away, as full screen wants it, or bring it back."""
        self._only_images = on
        self._fold_as_settled()

    def picture(self) -> QImage:
        """What the active viewport shows, with its text."""
        return self.active.grab_picture()

    def copy_view(self) -> None:
        """Put the active viewport on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture())
        self._desk.window.notice("The view is on the clipboard.", tone=Tone.GOOD)

    def save_view(self) -> None:
        """Ask for a name, then write the active viewport there."""
        picture = self.picture()  # as it was when asked for
        folder = self._desk.settings.value.last_folder or str(Path.home())
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the view", str(Path(folder) / "view.png"), "Pictures (*.png)"
        )
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(f"{name}.png")
        if picture.save(str(path)):
            self._desk.window.notice(f"Saved as {path.name}.", tone=Tone.GOOD)
        else:
            self._desk.window.failed(
                EnvironmentFailure(
                    "The picture could not be written.",
                    hint="Is the folder full, or closed to you?",
                )
            )

    def close_page(self) -> None:
        """Ask for nothing more: decoding is about to end."""
        self._rest.stop()
        self._look_ahead.stop()
        self._prefetching.close()
        self._painters.close()
        for viewport in self.grid.viewports:
            viewport.put_away()

    # Laying out

    def _lay_out(self) -> None:
        empty = QLabel("Open a study to read it here.")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(empty, "secondary")
        self._pages = QStackedWidget()
        reading = QWidget()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.strip)
        middle.addWidget(self.grid, 1)
        middle.addWidget(self.inspector)
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.patient)
        column.addWidget(self.toolbar)
        column.addLayout(middle, 1)
        self._pages.addWidget(empty)
        self._pages.addWidget(reading)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _build_viewport(self, index: int, parent: QWidget) -> ViewportWidget:
        viewport = ViewportWidget(index, self._desk, parent, self._painters)
        viewport.menu_wanted.connect(self._on_menu)
        viewport.frame_changed.connect(partial(self._on_frame, index))
        return viewport

    def _fold_as_settled(self) -> None:
        beside = not self._only_images
        self.toolbar.setVisible(beside)
        self.strip.setVisible(beside and self.panel_shown("series"))
        self.inspector.setVisible(beside and self.panel_shown("inspector"))
        self._refresh_soon()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        screen = self.screen()
        # Qt's physical size is in logical pixels; an absurd one is no size at all.
        dots = screen.physicalDotsPerInch() / 25.4 * self.devicePixelRatioF()
        known = screen.physicalSize().width() > 0 and 1 < dots < 50
        self._session.screen_dots_per_mm = dots if known else None
        self._refresh_soon()

    # What happened

    def _on_opened(self) -> None:
        self._pages.setCurrentIndex(1 if self._session.studies else 0)
        self.strip.show_studies()
        self._on_changed(self._session.state)

    def _on_changed(self, state: ReadingState) -> None:
        self.grid.show_state(state)
        self.strip.show_state(state)
        self._cine.show_state(state)
        shown = (state.viewports[index] for index in state.visible)
        images = [(viewport.stack_id, viewport.image) for viewport in shown]
        if images != self._images:
            self._images = images
            self._look_ahead.start()
        self._rest.start()
        self._refresh_soon()

    def _when_painted(self, call: Callable[[], None]) -> None:
        self._plan = call
        self._look_ahead.start()

    def _on_painted(self) -> None:
        plan, self._plan = self._plan, None
        if plan is not None:
            plan()
        self._painters.prepare(self.grid.ahead)

    def _on_frame(self, index: int) -> None:
        self._look_ahead.start()
        if index == self._session.state.active:
            self._refresh_soon()

    def _on_measured(self) -> None:
        for viewport in self.grid.viewports:
            viewport.renew()
        self._refresh_soon()

    def _is_shown(self, index: int) -> bool:
        return not self.grid.viewports[index].frame.waiting

    def _refresh_soon(self) -> None:
        """Several changes of one gesture are one refresh, but none waits for long."""
        if not self._settle.isActive():
            self._settle.start()

    def _refresh_panels(self) -> None:
        self.patient.refresh()
        self.patient.setVisible(not self._only_images)
        self.toolbar.refresh()
        self.inspector.show_viewport(self.active if self.grid.viewports else None)

    def _on_thumbnail(self, stack_id: str, picture: Pixels | str) -> None:
        self.strip.rows.set_picture(stack_id, picture)

    def _on_chosen(self, index: QModelIndex) -> None:
        stack = self.strip.rows.rows[index.row()].stack
        if stack is not None:
            prefer(self._desk, stack.series.record.series_uid)

    def _on_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _MENU:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        self._actions.refresh()
        menu.popup(point)

    @override
    def sizeHint(self) -> QSize:
        return QSize(1280, 800)
