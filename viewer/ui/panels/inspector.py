"""The inspector: one column of sections about the active image."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from viewer.commands.desk import Desk
from viewer.core.attribute_row import AttributeRow
from viewer.core.errors import ViewerError
from viewer.core.image_details import image_details
from viewer.services.attributes import syntax_name
from viewer.services.frame_on_show import Subject
from viewer.ui import theme
from viewer.ui.panels.attribute_table import AttributeSection
from viewer.ui.panels.details import DetailsSection
from viewer.ui.panels.measures_section import MeasuresSection
from viewer.ui.panels.section import Section
from viewer.ui.panels.window_section import WindowSection
from viewer.ui.viewport.viewport import ViewportWidget

WIDTH = 76 * theme.UNIT
_MOST_ROWS = 50_000  # searched with every letter
_SETTLE_MS = 100  # while the wheel turns, nobody reads attributes


class Inspector(QScrollArea):
    """Shows the active viewport's window, facts and attributes.

    Nothing here loads on the GUI thread; an answer about an image that is no longer
    shown is dropped.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._viewport: ViewportWidget | None = None
        self._listed: str = ""
        self.window_section = WindowSection(desk)
        self.measures = MeasuresSection(desk)
        self.details = DetailsSection()
        self.attributes = AttributeSection()
        self.attributes.copied.connect(desk.window.copy_text)
        self.sections = (
            Section("window", "Window", self.window_section),
            Section("measures", "Measures", self.measures),
            Section("image", "Image", self.details),
            Section("attributes", "Attributes", self.attributes),
        )
        folded = desk.settings.value.inspector_sections_folded
        column = QWidget()
        theme.set_role(column, "panel")
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for section in self.sections:
            section.set_unfolded(on=section.name not in folded)
            section.folded.connect(self._on_folded)
            stretch = 1 if section.body is self.attributes else 0
            layout.addWidget(section, stretch)
        layout.addStretch(0)
        self.setWidget(column)
        self.setWidgetResizable(True)
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._on_settled)

    def show_viewport(self, viewport: ViewportWidget | None) -> None:
        """Show what this viewport shows."""
        self._viewport = viewport
        if viewport is None or not self.isVisible():
            return
        self.measures.refresh()
        self.window_section.show_voi(viewport.voi)
        self._settle.start()

    def show_measures(self) -> None:
        """Unfold the measures, and bring the reasons of the selected one into sight."""
        section = next(s for s in self.sections if s.body is self.measures)
        section.set_unfolded(on=True)
        self.measures.refresh()
        QTimer.singleShot(0, partial(self.ensureWidgetVisible, self.measures.reasons))

    def _on_settled(self) -> None:
        """Show what costs more than a glance, once the wheel rests."""
        subject = self._viewport.frame.subject if self._viewport else None
        if self._viewport is None or not self.isVisible():
            return
        self._desk.decoding.note_hand()  # it takes a while where it has to share
        self.window_section.show_frame(self._viewport.frame)
        if subject is not None:
            facts = subject.stack.facts(subject.image)
            faults = [fault.sentence for fault in subject.stack.stack.faults]
            syntax = syntax_name(subject.stack.image(subject.image).pixels)
            screen = self._desk.colors.value.screen.words
            self.details.show_details(faults, image_details(facts, syntax, screen))
            self._load_attributes(subject)

    def _load_attributes(self, subject: Subject) -> None:
        section = next(s for s in self.sections if s.body is self.attributes)
        if not section.unfolded:
            return
        path = subject.stack.stored(subject.image).path
        if path == self._listed:
            return
        self._listed = path
        self._desk.jobs.submit(
            partial(self._desk.workers.telling.rows, path, _MOST_ROWS),
            lambda rows: self._on_attributes(path, rows),
            lambda error: self._on_failed(path, error),
        )

    def _on_attributes(self, path: str, rows: tuple[AttributeRow, ...]) -> None:
        if path == self._listed:
            self.attributes.show_rows(rows)

    def _on_failed(self, path: str, error: BaseException) -> None:
        if not isinstance(error, ViewerError):
            self._desk.window.failed(error)
        elif path == self._listed:
            self.attributes.show_rows((), error.message)

    def _on_folded(self, name: str, is_folded: bool) -> None:  # noqa: FBT001 - a signal
        others = set(self._desk.settings.value.inspector_sections_folded) - {name}
        folded = others | ({name} if is_folded else set())
        self._desk.settings.change(inspector_sections_folded=tuple(sorted(folded)))
        self._settle.start()
