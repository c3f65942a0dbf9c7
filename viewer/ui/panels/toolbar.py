"""The slim row of tools above the images, built from the commands."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from viewer.commands.desk import Desk
from viewer.core.corners import voi_text
from viewer.core.layout import Layout
from viewer.core.presets import VoiOffer
from viewer.services.frame_on_show import Subject
from viewer.services.window_menu import offer_values, to_choice, window_offers
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.icons import icon
from viewer.ui.panels.layout_picker import LayoutPicker

_TOOLS = ("tool.window", "tool.scroll", "tool.pan", "tool.zoom", "tool.rotate")
_DRAWING = (
    "tool.length",
    "tool.angle",
    "tool.rectangle",
    "tool.ellipse",
    "tool.probe",
)
_TURNS = (
    "image.flip_horizontally",
    "image.flip_vertically",
    "image.turn_right",
    "image.invert",
    "image.fit",
)
_PAGE = ("image.play", "layout.synchronised", "layout.reference_lines", "view.text")
_PAST = ("reading.undo", "reading.redo")
_PANELS = ("view.series", "view.inspector")
_WINDOW_WIDTH = 190


class Toolbar(QWidget):
    """Buttons of commands, and two menus: layout and window."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        self._desk = desk
        theme.set_role(self, "strip")
        self.setFixedHeight(theme.BAR)
        self.layouts = _menu_button("grid-four", "Layout")
        self._fill_layouts()
        self.windows = _menu_button("circle-half", "Window")
        self.windows.setFixedWidth(_WINDOW_WIDTH)
        self._window_menu = QMenu(self.windows)
        self._window_menu.aboutToShow.connect(self._fill_windows)
        self.windows.setMenu(self._window_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_S, 0, theme.GAP_S, 0)
        row.setSpacing(theme.UNIT // 2)
        self._row = row
        self._add(actions, _TOOLS)
        self._add(actions, _DRAWING)
        row.addWidget(self.layouts)
        row.addWidget(self.windows)
        self._separate()
        self._add(actions, _TURNS)
        self._add(actions, _PAGE)
        self._add(actions, _PAST, separate=False)
        row.addStretch(1)
        self._add(actions, _PANELS, separate=False)
        self.refresh()

    def refresh(self) -> None:
        """Show the layout and the window of the moment."""
        session = self._desk.session
        self.layouts.setText(f"{session.state.layout.text} ▾")
        self.layouts.setEnabled(bool(session.studies))
        stack = session.stack
        has_window = stack is not None and stack.has_window
        self.windows.setEnabled(has_window)
        self.windows.setText(f"{self._window_text()} ▾" if has_window else "Window ▾")

    def _window_text(self) -> str:
        session = self._desk.session
        stack, image = session.stack, session.state.viewport.image
        if stack is None:
            return ""
        subject = Subject(stack, image)
        decoded = self._desk.decoding.cached(subject.frame_ref)
        choice = session.choice(stack)
        voi = session.windowing.voi(stack, image, choice, decoded)
        text = "Window" if voi is None else voi_text(voi)
        room = _WINDOW_WIDTH - theme.HIT - theme.GAP_L
        metrics = self.windows.fontMetrics()
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _fill_layouts(self) -> None:
        menu = QMenu(self.layouts)
        holder = QWidgetAction(menu)

        def show() -> None:
            picker.offered = self._desk.session.state.layout
            picker.setFocus()

        def pick(layout: Layout) -> None:
            menu.close()
            self._desk.session.set_layout(layout)

        picker = LayoutPicker(Layout())
        picker.picked.connect(pick)
        holder.setDefaultWidget(picker)
        menu.addAction(holder)
        menu.aboutToShow.connect(show)
        self.layouts.setMenu(menu)

    def _fill_windows(self) -> None:
        self._window_menu.clear()
        session = self._desk.session
        offers = window_offers(session, self._desk.decoding)
        present = session.choice(session.stack) if session.stack else None
        source = None
        for offer in offers:
            if source is not None and offer.source is not source:
                self._window_menu.addSeparator()
            source = offer.source
            action = QAction(_offer_text(offer), self._window_menu)
            action.setCheckable(True)
            choice = to_choice(offers, offer)
            action.setChecked(choice == present)
            action.triggered.connect(partial(session.choose_window, choice))
            self._window_menu.addAction(action)

    def _add(
        self, actions: Actions, names: tuple[str, ...], *, separate: bool = True
    ) -> None:
        for name in names:
            self._row.addWidget(actions.button(name))
        if separate:
            self._separate()

    def _separate(self) -> None:
        line = QFrame()
        line.setFixedSize(1, theme.ICON)
        theme.set_role(line, "separator")
        self._row.addSpacing(theme.UNIT)
        self._row.addWidget(line)
        self._row.addSpacing(theme.UNIT)


def _offer_text(offer: VoiOffer) -> str:
    """Name, values and key; what follows the tab stands on the right."""
    key = f"   [{offer.key}]" if offer.key else ""
    return f"{offer.name.replace('&', '&&')}\t{offer_values(offer)}{key}"


def _menu_button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
