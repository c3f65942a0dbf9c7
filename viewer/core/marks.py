"""Marks in the room there is: whole, or said shorter, never cut to say less.

Half of "mm in the stated object plane only" claims more than the whole.
"""

import re
import textwrap
from collections.abc import Iterable
from typing import Final

_FEWEST_LETTERS: Final = 12  # a narrower place shows nothing of a picture either

_SHORT_FORMS: Final = tuple(
    (re.compile(whole), short)
    for whole, short in (
        # What the millimetres hold for
        (r"mm calibrated, the file does not say how", "mm: method unknown"),
        (r"mm in the detector plane", "mm: detector plane"),
        (r"mm by an estimated magnification", "mm: estimated"),
        (r"mm in the stated object plane only", "mm: object plane"),
        (r"mm in the image plane", "mm: image plane"),
        (r"mm in the plane of the isocentre only", "mm: isocentre"),
        (r"mm of the scanned film", "mm: film"),
        (r"mm of unknown calibration", "mm: unknown"),
        # The stack
        (r"gap after image (\d+): ([\d,]+) images? missing", r"\2 missing after \1"),
        (r"(\d+) gaps: (\d+) images missing", r"\2 missing, \1 gaps"),
        (r"unequal spacing: (\S+) to (\S+) mm", r"steps \1–\2 mm"),
        (r"(\d+) positions hold more than one image", r"\1 places doubled"),
        (r"images (.+) lie in the same place", r"doubled: \1"),
        (r"every position holds (\d+) images, shown as passes", r"\1 at each place"),
        (r"slices tilted by (\S+) against their row", r"tilted \1"),
        (r"(\d+) images lie beside the row of the others", r"\1 out of line"),
        (r"image (\d+) lies (\S+) mm beside the row", r"image \1: \2 mm off"),
        # The series
        (
            r"([\d,]+) files? of this series names? another patient",
            r"other patient: \1",
        ),
        (r"([\d,]+) files? of this series holds? no pixel data", r"no pixel data: \1"),
        (r"images of (\d+) orientations", r"\1 orientations"),
        (r"(\d+) frames of reference: places do not compare", r"\1 reference frames"),
        (r"(\d+) of (\d+) images ha(?:s|ve) no position", r"no position: \1/\2"),
        (r"acquisition (\d+): (\d+) of (\d+) images", r"acq. \1: \2/\3 images"),
        # The picture
        (r"the window misses the image", "window misses image"),
        (r"the window leaves only black and white", "only black and white"),
        (r"an overlay is not shown: .*", "overlay not shown"),
        (r"the colour profile cannot be read", "profile unreadable"),
        (r"lossy .*", "lossy"),
    )
)


def fitting(marks: Iterable[str], letters: int) -> tuple[str, ...]:
    """Lines of at most `letters`: each mark whole, else short, else on several lines.

    Parameters
    ----------
    marks : iterable of str
    letters : int
        What fits beside each other; fewer than twelve are taken for twelve.
    """
    room = max(letters, _FEWEST_LETTERS)
    return tuple(line for mark in marks for line in _lines(mark, room))


def short_form(mark: str) -> str:
    """The same statement in fewer letters; the mark itself where there is none."""
    for whole, short in _SHORT_FORMS:
        if found := whole.fullmatch(mark):
            return found.expand(short)
    return mark


def _lines(mark: str, letters: int) -> list[str]:
    if len(mark) <= letters:
        return [mark]
    return textwrap.wrap(short_form(mark), letters, break_long_words=False)
