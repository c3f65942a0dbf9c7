"""The text in the four corners of a picture, and the marks that cannot be hidden.

IHE Basic Image Review 4.16.4.2.2.5.8. Pure text: how it is drawn is the window's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from viewer.core.calibration import MARKS, main_spacing
from viewer.core.corner_room import MARGIN, Line, Room
from viewer.core.facts import ImageFacts
from viewer.core.grayscale import LookupTable, Voi
from viewer.core.identity import PersonName
from viewer.core.marks import fitting
from viewer.core.records import Technique

_MARK_LETTER_WIDTH = 8  # of a wide face: a mark is never cut


class TextLevel(StrEnum):
    """How much text lies on an image; marks stay at every level."""

    ALL = "all"
    LITTLE = "little"
    NONE = "none"

    @property
    def next(self) -> "TextLevel":
        """What the space bar goes on to."""
        levels = list(TextLevel)
        return levels[(levels.index(self) + 1) % len(levels)]


@dataclass(frozen=True, slots=True)
class Showing:
    """How the image is shown at this moment.

    Attributes
    ----------
    voi : Voi or None
        None for colour.
    zoom : float or None
        Device pixels per image column; None where there is no picture.
    position, count : int
        Image n, counted from 1, of how many in the stack.
    cursor : str
        Value and place under the cursor, ready to show; empty without one.
    """

    voi: Voi | None
    zoom: float | None
    position: int = 1
    count: int = 1
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines from top to bottom in each corner.

    `marks` belong to the bottom left, above its lines, in the colour of warnings;
    nothing hides them.
    """

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def corners(
    facts: ImageFacts,
    showing: Showing,
    level: TextLevel = TextLevel.ALL,
    size: tuple[int, int] = (10_000, 10_000),
    faults: tuple[str, ...] = (),
) -> Corners:
    """What to write.

    Parameters
    ----------
    facts : ImageFacts
    showing : Showing
    level : TextLevel
    size : tuple of int
        Width and height of the viewport in logical pixels; the less room there is,
        the fewer lines, and those of the least weight go first.
    faults : tuple of str
        Sentences about the stack; they become marks.
    """
    across = (size[0] - 2 * MARGIN) // _MARK_LETTER_WIDTH
    marks = fitting(_marks(facts, faults), across)
    if level is TextLevel.NONE:
        return Corners(marks=marks)
    lowest_rank = 1 if level is TextLevel.LITTLE else 3
    room = Room.of(size, lowest_rank)
    return Corners(
        _who(room, _Person.of(facts)),
        _where(room, _Visit.of(facts)),
        bottom_left(facts, showing, level, size, beneath=len(marks)),
        _how_made(room, _Making.of(facts), (showing.position, showing.count)),
        marks,
    )


def bottom_left(
    facts: ImageFacts,
    showing: Showing,
    level: TextLevel,
    size: tuple[int, int],
    *,
    beneath: int,
) -> tuple[str, ...]:
    """The one corner that a window, a zoom and the cursor change.

    It stands `beneath` so many lines of marks; the rest is as in `corners`.
    """
    if level is TextLevel.NONE:
        return ()
    room = Room.of(size, 1 if level is TextLevel.LITTLE else 3)
    below = Room(max(room.lines - beneath, 0), room.letters, room.lowest_rank)
    return below.fitting(_how_shown(facts, showing))


class _Person(NamedTuple):
    """Who is in the picture; the same on every image of a study."""

    name: str
    patient_id: str
    born: date | None
    sex: str
    age: str

    @classmethod
    def of(cls, facts: ImageFacts) -> "_Person":
        who = (facts.patient_name, facts.patient_id)
        return cls(*who, facts.birth_date, facts.sex, facts.age)


@lru_cache(maxsize=64)
def _who(room: Room, person: _Person) -> tuple[str, ...]:
    lines = (
        Line(PersonName.from_pn(person.name).display, 1, words=True),
        Line(person.patient_id, 2),
        Line(_spaced(_iso(person.born), person.sex, person.age), 2),
    )
    return room.fitting(lines)


class _Visit(NamedTuple):
    """Where and when it was taken; the same on many images of a study."""

    institution: str
    description: str
    accession: str
    day: date | None
    hour: time | None

    @classmethod
    def of(cls, facts: ImageFacts) -> "_Visit":
        technique = facts.instance.technique
        day = technique.acquired_on or facts.study_date
        hour = technique.acquired_at or (
            None if technique.acquired_on else facts.study_time
        )
        study = (facts.institution, facts.study_description, facts.accession_number)
        return cls(*study, day, hour)


@lru_cache(maxsize=64)
def _where(room: Room, visit: _Visit) -> tuple[str, ...]:
    hour = visit.hour.strftime("%H:%M:%S") if visit.hour else ""
    lines = (
        Line(visit.institution, 3, words=True),
        Line(visit.description, 2, words=True),
        Line(visit.accession, 3),
        Line(_spaced(_iso(visit.day), hour), 1, short=_iso(visit.day)),
    )
    return room.fitting(lines)


def _how_shown(facts: ImageFacts, showing: Showing) -> Iterable[Line]:
    yield Line(showing.cursor, 2)
    if showing.voi is not None:
        yield _windowed(showing.voi)
    if showing.zoom is not None:
        yield Line(f"Zoom {showing.zoom * 100:.0f}%", 3)
    image = facts.instance.image
    if image is not None and image.pixels.frames > 1:
        yield Line(f"Frame {facts.number} of {image.pixels.frames}", 2)


@lru_cache(maxsize=64)  # several viewports have the same one
def _windowed(voi: Voi) -> Line:
    return Line(voi_text(voi), 1, short=_unnamed(voi))


class _Making(NamedTuple):
    """How the image was made and where it lies."""

    number: int | None
    description: str
    laterality: str
    technique: Technique
    thickness_mm: float | None
    location_mm: float | None

    @classmethod
    def of(cls, facts: ImageFacts) -> "_Making":
        series, frame = facts.series, facts.frame
        whose = (series.number, series.description, series.laterality)
        technique = facts.instance.technique
        return cls(*whose, technique, frame.thickness_mm, frame.location_mm)


@lru_cache(maxsize=256)  # the same while the window changes
def _how_made(room: Room, making: _Making, place: tuple[int, int]) -> tuple[str, ...]:
    technique = making.technique
    number = "" if making.number is None else f"{making.number}"
    side = technique.image_laterality or making.laterality
    lines = (
        Line(_spaced(number, making.description), 2, words=True),
        Line(_spaced(side, technique.view_position), 1),
        Line(technique.contrast_agent, 3, words=True),
        Line(technique.sequence, 3, words=True),
        Line(_physics(technique), 3),
        Line(_slice(making), 2),
        Line("Image {} of {}".format(*place), 1, short="{} / {}".format(*place)),
    )
    return room.fitting(lines)


def _physics(technique: Technique) -> str:
    echo, repetition = technique.echo_time_ms, technique.repetition_time_ms
    return _spaced(
        f"{plain(technique.kvp)} kVp" if technique.kvp else "",
        f"{plain(technique.tube_current_ma)} mA" if technique.tube_current_ma else "",
        f"TE {plain(echo)} ms" if echo is not None else "",
        f"TR {plain(repetition)} ms" if repetition else "",
    )


def _slice(making: _Making) -> str:
    thickness, location = making.thickness_mm, making.location_mm
    return _spaced(
        f"T {plain(thickness)} mm" if thickness else "",
        f"Loc {plain(location)} mm" if location is not None else "",
    )


def _marks(facts: ImageFacts, faults: tuple[str, ...]) -> tuple[str, ...]:
    image = facts.instance.image
    if image is None:
        return faults
    marks = [*faults]
    if image.lossy_mark:
        marks.append(image.lossy_mark)
    spacing = main_spacing(image, facts.number)
    if spacing is None:
        marks.append("not calibrated")
    elif spacing.kind in MARKS:
        marks.append(MARKS[spacing.kind])
    return tuple(marks)


def voi_text(voi: Voi) -> str:
    """``W 400 L 40``, width first as on every screen; a LUT by its explanation."""
    if isinstance(voi, LookupTable):
        return _spaced("VOI LUT", voi.explanation)
    return _spaced(f"W {plain(voi.width)} L {plain(voi.center)}", voi.explanation)


def _unnamed(voi: Voi) -> str:
    if isinstance(voi, LookupTable):
        return "VOI LUT"
    return voi_text(replace(voi, explanation=""))


def plain(number: float) -> str:
    """A number as one reads it: no exponent without need, a true minus sign."""
    digits = f"{number:.0f}" if abs(number) >= 1000 else f"{number:.4g}"
    return ("0" if digits == "-0" else digits).replace("-", "−")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _spaced(*parts: str) -> str:
    return "  ".join(part for part in parts if part)
