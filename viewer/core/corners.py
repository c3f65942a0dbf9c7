"""The text in the four corners of a picture, and the marks that cannot be hidden.

IHE Basic Image Review 4.16.4.2.2.5.8. Pure text: how it is drawn is the window's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from viewer.core.calibration import MARKS, main_spacing
from viewer.core.facts import ImageFacts
from viewer.core.grayscale import LookupTable, Voi
from viewer.core.identity import PersonName
from viewer.core.image import Frame
from viewer.core.marks import fitting
from viewer.core.records import Technique

_LINE_HEIGHT, _MARGIN = 17, 8  # of 13 px text
_LETTER_WIDTH = 7  # of most texts; one that needs more ends in a sign that it is cut
_MARK_LETTER_WIDTH = 8  # of a wide face: a mark is never cut
_SIDE_LETTER = 32  # in the middle, for the letter between the corners
_FEWEST_LETTERS = 6


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


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and when it goes: rank 1 last; only words may be cut with an ellipsis.

    `short` stands in where the text has no room.
    """

    text: str
    rank: int
    words: bool = False
    short: str = ""


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
    across = (size[0] - 2 * _MARGIN) // _MARK_LETTER_WIDTH
    marks = fitting(_marks(facts, faults), across)
    if level is TextLevel.NONE:
        return Corners(marks=marks)
    lowest_rank = 1 if level is TextLevel.LITTLE else 3
    room = _Room.of(size, lowest_rank)
    below = _Room(max(room.lines - len(marks), 0), room.letters, lowest_rank)
    return Corners(
        room.fitting(_who(facts)),
        room.fitting(_where(facts)),
        below.fitting(_how_shown(facts, showing)),
        room.fitting(_how_made(facts, showing)),
        marks,
    )


@dataclass(frozen=True, slots=True)
class _Room:
    """What fits in one corner of a viewport."""

    lines: int
    letters: int
    lowest_rank: int

    @classmethod
    def of(cls, size: tuple[int, int], lowest_rank: int) -> "_Room":
        width, height = size[0] - _SIDE_LETTER, size[1]
        lines = (height // 2 - 2 * _MARGIN) // _LINE_HEIGHT
        letters = (width // 2 - 2 * _MARGIN) // _LETTER_WIDTH
        return cls(max(lines, 0), letters, lowest_rank)

    def fitting(self, lines: Iterable[_Line]) -> tuple[str, ...]:
        """The weightiest lines there is room for, in their order."""
        texts = ((self._cut(line), line.rank) for line in lines)
        kept = [
            (text, rank) for text, rank in texts if text and rank <= self.lowest_rank
        ]
        weight = sorted(range(len(kept)), key=lambda place: kept[place][1])
        chosen = sorted(weight[: self.lines])
        return tuple(kept[place][0] for place in chosen)

    def _cut(self, line: _Line) -> str:
        """The text, or as much as fits; half a number is worse than none."""
        if len(line.text) <= self.letters:
            return line.text
        if line.short and len(line.short) <= self.letters:
            return line.short
        if not line.words or self.letters < _FEWEST_LETTERS:
            return ""
        return line.text[: self.letters - 1].rstrip() + "…"


def _who(facts: ImageFacts) -> Iterable[_Line]:
    born = _spaced(_iso(facts.birth_date), facts.sex, facts.age)
    yield _Line(PersonName.from_pn(facts.patient_name).display, 1, words=True)
    yield _Line(facts.patient_id, 2)
    yield _Line(born, 2)


def _where(facts: ImageFacts) -> Iterable[_Line]:
    technique = facts.instance.technique
    day = technique.acquired_on or facts.study_date
    hour = technique.acquired_at or (
        None if technique.acquired_on else facts.study_time
    )
    yield _Line(facts.institution, 3, words=True)
    yield _Line(facts.study_description, 2, words=True)
    yield _Line(facts.accession_number, 3)
    when = _spaced(_iso(day), hour.strftime("%H:%M:%S") if hour else "")
    yield _Line(when, 1, short=_iso(day))


def _how_shown(facts: ImageFacts, showing: Showing) -> Iterable[_Line]:
    yield _Line(showing.cursor, 2)
    if showing.voi is not None:
        yield _Line(voi_text(showing.voi), 1, short=_unnamed(showing.voi))
    if showing.zoom is not None:
        yield _Line(f"Zoom {showing.zoom * 100:.0f}%", 3)
    image = facts.instance.image
    if image is not None and image.pixels.frames > 1:
        yield _Line(f"Frame {facts.number} of {image.pixels.frames}", 2)


def _how_made(facts: ImageFacts, showing: Showing) -> Iterable[_Line]:
    series, technique, frame = facts.series, facts.instance.technique, facts.frame
    number = "" if series.number is None else f"{series.number}"
    yield _Line(_spaced(number, series.description), 2, words=True)
    side = technique.image_laterality or series.laterality
    yield _Line(_spaced(side, technique.view_position), 1)
    yield _Line(technique.contrast_agent, 3, words=True)
    yield _Line(technique.sequence, 3, words=True)
    yield _Line(_physics(technique), 3)
    yield _Line(_slice(frame), 2)
    place = (showing.position, showing.count)
    yield _Line("Image {} of {}".format(*place), 1, short="{} / {}".format(*place))


def _physics(technique: Technique) -> str:
    echo, repetition = technique.echo_time_ms, technique.repetition_time_ms
    return _spaced(
        f"{plain(technique.kvp)} kVp" if technique.kvp else "",
        f"{plain(technique.tube_current_ma)} mA" if technique.tube_current_ma else "",
        f"TE {plain(echo)} ms" if echo is not None else "",
        f"TR {plain(repetition)} ms" if repetition else "",
    )


def _slice(frame: Frame) -> str:
    thickness, location = frame.thickness_mm, frame.location_mm
    return _spaced(
        f"T {plain(thickness)} mm" if thickness else "",
        f"Loc {plain(location)} mm" if location is not None else "",
    )


def _marks(facts: ImageFacts, faults: tuple[str, ...]) -> tuple[str, ...]:
    image = facts.instance.image
    if image is None:
        return faults
    marks = [*faults]
    if image.lossy:
        marks.append(image.lossy)
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
