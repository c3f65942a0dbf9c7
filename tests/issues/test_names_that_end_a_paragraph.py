"""A control character in a name once ended the drawing of a picture with its text."""

import numpy as np
import pytest

from viewer.core.corners import Corners
from viewer.core.orientation import SideLetters
from viewer.services.annotating import Annotations, annotated

BLACK = np.zeros((60, 200), np.uint8)


def picture(name: str) -> bytes:
    return annotated(BLACK, Annotations(Corners((name,)), SideLetters())).tobytes()


@pytest.mark.parametrize("letter", ["\r", "\n", "\x1e", "\x85", "\u2029", "\0"])
def test_what_cannot_be_printed_is_drawn_as_a_space(letter: str) -> None:
    assert picture(f"H31EXA{letter}PLE") == picture("H31EXA PLE")
    assert picture(f"Äneas, R{letter}dig…") != picture("")
