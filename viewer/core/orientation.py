"""The letters on the four sides of a picture: which way the patient lies.

A letter is shown where the file says so, and none otherwise.
"""

from dataclasses import dataclass
from functools import lru_cache

from viewer.core.geometry import Vector
from viewer.core.image import Frame
from viewer.core.view import View

_AXES = (("L", "R"), ("P", "A"), ("H", "F"))  # LPS: where each axis grows, and shrinks
_OPPOSITE = {"L": "R", "R": "L", "P": "A", "A": "P", "H": "F", "F": "H"}
_NAMED = 0.02  # a lean of about a degree is a slip of the head, not an oblique plane


@dataclass(frozen=True, slots=True)
class SideLetters:
    """What lies towards each side of the screen; empty where it is not known."""

    left: str = ""
    top: str = ""
    right: str = ""
    bottom: str = ""


def side_letters(frame: Frame, view: View) -> SideLetters:
    """The letters of `frame` as `view` turns it.

    From its plane, otherwise from Patient Orientation (0020,0020), as radiographs
    have it. PS3.3 C.7.6.1.1.1: up to three letters, the strongest first.
    """
    if frame.plane is not None:
        column = letters(frame.plane.along_row)
        row = letters(frame.plane.along_column)
    elif frame.patient_orientation is not None:
        column, row = frame.patient_orientation
    else:
        return SideLetters()
    sides = [opposite(column), opposite(row), _known(column), _known(row)]
    if view.mirrored:
        sides[0], sides[2] = sides[2], sides[0]
    return SideLetters(*sides[-view.turns :], *sides[: -view.turns])  # left goes up


@lru_cache(maxsize=256)  # asked at every paint
def letters(direction: Vector) -> str:
    """A direction in the patient in up to three letters, the strongest first."""
    leaning = sorted(range(3), key=lambda axis: -abs(direction[axis]))
    return "".join(
        _AXES[axis][direction[axis] < 0]
        for axis in leaning
        if abs(direction[axis]) >= _NAMED
    )


@lru_cache(maxsize=256)
def opposite(text: str) -> str:
    """The letters of the other way; empty if one is not a person's (``LE``, ``D``)."""
    return "".join(_OPPOSITE[letter] for letter in _known(text))


def _known(text: str) -> str:
    return text if all(letter in _OPPOSITE for letter in text) else ""
