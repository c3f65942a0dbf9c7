"""The look: every colour, size, font and icon of the window, in one place.

Nothing outside this module, `stylesheet` and `icons` names a colour or a size. A
widget says what it *is* (`set_role(label, "caption")`) and the stylesheet says how
that looks. Custom painting asks `tokens()` at each paint, so that a change of theme
needs no message.
"""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

ThemeName = Literal["dark", "light"]

UNIT = 4  # everything sits on this grid
GAP_S, GAP_M, GAP_L = 8, 12, 16
ROW, ROW_COMPACT = 30, 24
BAR = 40  # strips and toolbars
ICON, HIT = 20, 32
RADIUS = 6
STRIP = 144  # the thumbnail strip
FRAME = 1.5  # frame of the active viewport and of the keyboard focus
GUTTER = 2  # between viewports

BODY_PX, HEADING_PX, CAPTION_PX, IMAGE_PX = 13, 15, 11.5, 13


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as ``#rrggbb``.

    `canvas` lies behind images and is black in every theme; `text_3` is for what is
    disabled; `selection` and `hover` are opaque, so that text keeps its contrast.
    """

    name: ThemeName
    canvas: str
    window: str
    panel: str
    raised: str
    line: str
    text: str
    text_2: str
    text_3: str
    accent: str
    on_accent: str
    selection: str
    hover: str
    focus: str
    drawing: str
    good: str
    warn: str
    bad: str


DARK = Tokens(
    name="dark",
    canvas="#000000",
    window="#0F1113",
    panel="#16191D",
    raised="#1E2329",
    line="#2A3038",
    text="#E8EBEF",
    text_2="#A3ADB8",
    text_3="#6B7683",
    accent="#5AA9FF",
    on_accent="#07121F",
    selection="#1D3652",
    hover="#1E2329",
    focus="#FF9F1C",
    drawing="#FFD54A",
    good="#3DD68C",
    warn="#FFB020",
    bad="#FF6B6B",
)

LIGHT = Tokens(
    name="light",
    canvas="#000000",
    window="#F4F5F7",
    panel="#FFFFFF",
    raised="#FFFFFF",
    line="#DADFE5",
    text="#15191E",
    text_2="#55606C",
    text_3="#6B7683",
    accent="#1769D2",
    on_accent="#FFFFFF",
    selection="#D6E6FA",
    hover="#EEF1F4",
    focus="#B45309",
    drawing="#FFD54A",
    good="#167A48",
    warn="#945800",
    bad="#C03030",
)

# Images stand on black in every theme, so what is drawn over them keeps its colour.
ON_IMAGE = DARK

PLANES = {
    "axial": "#FF6B6B",
    "sagittal": "#FFD54A",
    "coronal": "#3DD68C",
    "oblique": "#B58CFF",
}
"""Colours of the lines in which images cut each other, by the plane they lie in."""

_THEMES = {"dark": DARK, "light": LIGHT}
_current = DARK


def tokens() -> Tokens:
    """The colours to paint with now."""
    return _current


def color(value: str, alpha: float = 1.0) -> QColor:
    """A token's value as a QColor, `alpha` from 0 to 1."""
    made = QColor(value)
    made.setAlphaF(alpha)
    return made


def apply(application: QApplication, name: ThemeName) -> None:
    """Dress the whole application; every widget repaints itself."""
    global _current  # noqa: PLW0603 - one look for one process, as Qt itself has it
    from viewer.ui.stylesheet import stylesheet  # noqa: PLC0415 - it reads the tokens

    _current = _THEMES[name]
    style = QStyleFactory.create("Fusion")
    if application.style().name().lower() != "fusion":
        application.setStyle(style)
    application.setPalette(_palette(_current))
    application.setFont(font("body"))
    application.setStyleSheet(stylesheet(_current))


def font(role: Literal["body", "heading", "caption", "image", "mono"]) -> QFont:
    """The system's face in one of the sizes of the look."""
    general = QFontDatabase.SystemFont.GeneralFont
    fixed = QFontDatabase.SystemFont.FixedFont
    made = QFontDatabase.systemFont(fixed if role == "mono" else general)
    made.setStyleHint(QFont.StyleHint.SansSerif)
    sizes = {"heading": HEADING_PX, "caption": CAPTION_PX, "image": IMAGE_PX}
    made.setPixelSize(round(sizes.get(role, BODY_PX)))
    if role == "heading":
        made.setWeight(QFont.Weight.DemiBold)
    return made


def figures(base: QFont) -> QFont:
    """The same font with digits of one width, for columns of numbers."""
    made = QFont(base)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Say what `widget` is; the stylesheet knows how that looks.

    Roles: ``strip panel raised heading caption secondary title chip chip-on primary
    link danger quiet flat notice empty separator`` and the states ``good warn bad``.
    """
    widget.setProperty("role", role)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)  # noqa: FBT003
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def _palette(look: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colors = {
        role.Window: look.window,
        role.WindowText: look.text,
        role.Base: look.panel,
        role.AlternateBase: look.panel,
        role.Text: look.text,
        role.Button: look.raised,
        role.ButtonText: look.text,
        role.BrightText: look.bad,
        role.ToolTipBase: look.raised,
        role.ToolTipText: look.text,
        role.PlaceholderText: look.text_3,
        role.Highlight: look.selection,
        role.HighlightedText: look.text,
        role.Accent: look.accent,
        role.Link: look.accent,
        role.LinkVisited: look.accent,
        role.Mid: look.line,
        role.Midlight: look.line,
        role.Dark: look.window,
        role.Light: look.raised,
        role.Shadow: look.canvas,
    }
    for which, value in colors.items():
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(look.text_3))
    return palette
