"""The look is legible."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.icons import icon
from viewer.ui.stylesheet import stylesheet
from viewer.ui.theme import DARK, LIGHT, Tokens


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    drawn = QColor(colour)
    channels = (drawn.redF(), drawn.greenF(), drawn.blueF())
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("window", "panel", "raised", "selection", "hover")


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_stands_out_from_every_ground(look: Tokens, ground: str) -> None:
    for text in ("text", "text_2"):
        assert contrast(getattr(look, text), getattr(look, ground)) >= 4.5, text


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
@pytest.mark.parametrize("ground", ["window", "panel", "raised"])
def test_signs_and_disabled_text_stand_out(look: Tokens, ground: str) -> None:
    for sign in ("text_3", "accent", "focus", "good", "warn", "bad"):
        assert contrast(getattr(look, sign), getattr(look, ground)) >= 3, sign


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
def test_words_on_the_main_button_stand_out(look: Tokens) -> None:
    assert contrast(look.on_accent, look.accent) >= 4.5


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
def test_what_is_drawn_on_an_image_stays_the_same_in_every_theme(look: Tokens) -> None:
    assert look.canvas == "#000000"
    assert look.drawing == DARK.drawing


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
def test_the_stylesheet_names_no_colour_of_its_own(look: Tokens) -> None:
    known = {getattr(look, name) for name in Tokens.__slots__}
    words = stylesheet(look).replace(";", " ").split()
    assert {word for word in words if word.startswith("#")} <= known
    assert "$" not in stylesheet(look)


def test_icons_follow_a_change_of_theme(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    drawn = icon("warning")
    pictures = []
    for name in ("dark", "light"):
        theme.apply(qapp, "dark" if name == "dark" else "light")
        pictures.append(drawn.pixmap(20, 20).toImage())
    theme.apply(qapp, "dark")
    assert pictures[0] != pictures[1]
