"""The one stylesheet, written from the tokens of a theme."""

from string import Template

from viewer.core.resources import resource
from viewer.ui import theme
from viewer.ui.theme import Tokens


def stylesheet(look: Tokens) -> str:
    """Everything Qt needs to know about how the window looks."""
    values = {name: getattr(look, name) for name in Tokens.__slots__}
    folder = resource(f"icons/{look.name}").as_posix()
    sizes = {
        "caption_px": theme.CAPTION_PX,
        "body_px": theme.BODY_PX,
        "heading_px": theme.HEADING_PX,
        "radius": theme.RADIUS,
        "row": theme.ROW,
        "bar": theme.BAR,
        "hit": theme.HIT,
        "icons": folder,
    }
    return Template(_SHEET).substitute(values, **sizes)


_SHEET = """
* { outline: none; }
QWidget { color: $text; font-size: ${body_px}px; }
QMainWindow, [role="page"] { background: $window; }
QDialog { background: $raised; }
QToolTip {
  background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px;
}

/* surfaces */
[role="strip"] { background: $window; border-bottom: 1px solid $line; }
[role="footer"] { background: $panel; border-top: 1px solid $line; }
[role="panel"] { background: $panel; }
[role="side"] { background: $panel; border-right: 1px solid $line; }
[role="bare"] { background: transparent; }
[role="canvas"] { background: $canvas; }
[role="raised"], [role="notice"] {
  background: $raised; border: 1px solid $line; border-radius: ${radius}px;
}
[role="separator"] { background: $line; border: none; }

/* words */
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${heading_px}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading_px}px; font-weight: 600; }
QLabel[role="section"] {
  font-size: ${caption_px}px; font-weight: 600; color: $text_2;
}
QLabel[role="caption"] { font-size: ${caption_px}px; color: $text_2; }
QLabel[role="step-on"] {
  font-size: ${caption_px}px; font-weight: 600; color: $accent;
}
QLabel[role="secondary"] { color: $text_2; }
QLabel[role="disabled"] { color: $text_3; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }

/* buttons */
QPushButton, QToolButton[role="button"] {
  background: $raised; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0 14px; min-height: 30px;
}
QPushButton:hover { border-color: $text_3; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 1px solid $focus; }
QPushButton:disabled { color: $text_3; }
QPushButton[role="primary"] {
  background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:focus { border: 1px solid $focus; }
QPushButton[role="primary"]:disabled {
  background: $line; border-color: $line; color: $text_3;
}
QPushButton[role="danger"] { color: $bad; }
QPushButton[role="flat"], QToolButton {
  background: transparent; border: 1px solid transparent;
  border-radius: ${radius}px; padding: 0 6px; min-height: 28px;
}
QToolButton { min-width: 18px; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 14px; }
QToolButton::menu-arrow { image: url("$icons/caret-down.svg"); width: 10px; }
QPushButton[role="flat"]:hover, QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $line; }
QToolButton:checked { background: $selection; }
QToolButton:focus, QPushButton[role="flat"]:focus { border-color: $focus; }
QToolButton:disabled { color: $text_3; }
QToolButton[role="section"], QToolButton[role="section"]:checked {
  background: transparent; border: 1px solid transparent; border-radius: 0;
  font-weight: 600; padding: 0 8px; min-height: 30px;
}
QToolButton[role="section"]:hover { background: $hover; }
QToolButton[role="section"]:focus { border-color: $focus; }
QPushButton[role="link"] {
  background: transparent; border: none; color: $accent; padding: 0 4px;
  min-height: 24px;
}
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid $focus; }
QPushButton[role="tab"] {
  background: transparent; border: none; border-radius: 0; padding: 0 14px;
  min-height: 39px; color: $text_2; border-bottom: 2px solid transparent;
}
QPushButton[role="tab"]:hover { color: $text; }
QPushButton[role="tab"]:checked { color: $text; border-bottom-color: $accent; }
QPushButton[role="tab"]:focus { color: $focus; }
QPushButton[role="tab"]:disabled { color: $text_3; }
QPushButton[role="chip"] {
  background: transparent; border: 1px dashed $text_3; color: $text_2;
  border-radius: 12px; padding: 0 10px; min-height: 22px;
}
QPushButton[role="chip"]:hover { color: $text; border-color: $text_2; }
QPushButton[role="chip-on"] {
  background: $selection; border: 1px solid $selection; color: $text;
  border-radius: 12px; padding: 0 10px; min-height: 22px;
}
QPushButton[role="chip-on"]:hover { border-color: $accent; }
QPushButton[role="chip"]:focus, QPushButton[role="chip-on"]:focus {
  border: 1px solid $focus;
}

QPushButton[role="card"] {
  background: $panel; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0;
}
QPushButton[role="card"]:hover { border-color: $text_3; }
QPushButton[role="card"]:checked { background: $selection; border-color: $accent; }
QPushButton[role="card"]:focus { border: 1px solid $focus; }

/* fields */
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QPlainTextEdit, QTextEdit, QComboBox {
  background: $panel; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0 8px; min-height: 28px; selection-background-color: $selection;
  selection-color: $text; placeholder-text-color: $text_2;
}
QPlainTextEdit, QTextEdit { padding: 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {
  border-color: $text_3;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus,
QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus { border-color: $focus; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: $text_3; }
QLineEdit QToolButton { border: none; padding: 0; min-height: 0; min-width: 0; }
QLineEdit[role="palette"] {
  background: transparent; border: none; border-bottom: 1px solid $line;
  border-radius: 0; font-size: ${heading_px}px; padding: 4px 12px; min-height: 36px;
}
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QDateEdit::down-arrow {
  image: url("$icons/caret-down.svg"); width: 12px; height: 12px;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  border: none; background: transparent; width: 16px;
}
QAbstractSpinBox::up-arrow { image: url("$icons/caret-up.svg"); width: 9px; }
QAbstractSpinBox::down-arrow { image: url("$icons/caret-down.svg"); width: 9px; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator {
  width: 14px; height: 14px; border: 1px solid $text_3; background: $panel;
}
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
  background: $accent; border-color: $accent;
}
QCheckBox::indicator:checked { image: url("$icons/check.svg"); }
QRadioButton::indicator:checked { image: url("$icons/dot.svg"); }
QCheckBox:focus, QRadioButton:focus { color: $focus; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
  width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text;
}

/* lists */
QAbstractItemView {
  background: $panel; border: none; alternate-background-color: $panel;
  selection-background-color: $selection; selection-color: $text;
}
QListView::item, QTreeView::item { min-height: 24px; padding: 0 6px; border: none; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected {
  background: $selection; color: $text;
}
[role="side"] QListView::item { border-radius: ${radius}px; }
[role="well"] { border: 1px solid $line; border-radius: ${radius}px; padding: 3px; }
QTableView { gridline-color: transparent; }
QTableView::item { padding: 0 8px; border: none; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
  background: $panel; color: $text_2; border: none; font-size: ${caption_px}px;
  border-bottom: 1px solid $line; padding: 0 8px; min-height: 28px;
}
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow, QHeaderView::down-arrow { width: 10px; height: 10px; }
QHeaderView::up-arrow { image: url("$icons/caret-up.svg"); }
QHeaderView::down-arrow { image: url("$icons/caret-down.svg"); }
QTableCornerButton::section { background: $panel; border: none; }

/* menus */
QMenuBar { background: transparent; border: none; }
QMenuBar::item {
  background: transparent; color: $text_2; padding: 5px 9px; border-radius: 4px;
}
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $raised; border: 1px solid $line; padding: 5px 0; }
QMenu::item { padding: 5px 28px 5px 12px; min-height: 18px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $text_3; }
QMenu::separator { height: 1px; background: $line; margin: 5px 0; }
QMenu::icon { padding-left: 10px; }
QMenu::indicator { width: 14px; height: 14px; padding-left: 10px; }
QMenu::indicator:checked { image: url("$icons/tick.svg"); }
QMenu::right-arrow { image: url("$icons/caret-right.svg"); width: 12px; height: 12px; }

/* what moves */
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QProgressBar {
  background: $line; border: none; border-radius: 3px; min-height: 6px;
  max-height: 6px; text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[role="line"], QProgressBar[role="line"]::chunk {
  border-radius: 0; min-height: 2px; max-height: 2px; background: transparent;
}
QProgressBar[role="line"]::chunk { background: $accent; }
QCalendarWidget QWidget { alternate-background-color: $raised; }
QFrame[role="drop"] {
  border: 1px dashed $text_3; border-radius: 10px; background: transparent;
}
"""
