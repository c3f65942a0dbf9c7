"""Reviews as a file that people can read, edit and hand to an export.

JSON: under ``instances`` each SOP Instance UID has a review, under ``series`` each
Series Instance UID has one for each size of image. A review has ``columns`` and
``rows`` of the images it is about, a ``verdict`` (``proposed`` by the program: stays
here; ``reviewed``: leaves with its boxes burned black; ``withheld``: stays here) and
``boxes``, each with the ``column`` and ``row`` of its first pixel, counted from 0, its
``width`` and ``height``, and where it is not in every frame ``first_frame`` and
``last_frame``, counted from 1. It holds nothing of a patient but these UIDs.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from viewer.core.boxes import Box
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.identity import SeriesUID, SOPInstanceUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.whole_file import write_whole

_LARGEST: Final = 256 << 20
_Uid = Annotated[str, msgspec.Meta(pattern=r"^[0-9.]+$", max_length=64)]


class _Box(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """As `Box`; a word that is misspelt must not pass for one that is missing."""

    column: int
    row: int
    width: int
    height: int
    first_frame: int = 1
    last_frame: int | None = None


class _Review(msgspec.Struct, forbid_unknown_fields=True):
    columns: int
    rows: int
    verdict: Verdict
    boxes: tuple[_Box, ...]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: Literal["lightbox-boxes"]
    version: Literal[1]
    instances: dict[_Uid, _Review]
    series: dict[_Uid, tuple[_Review, ...]]


def read_reviews(path: Path) -> Reviews:
    """The reviews of a file.

    Raises
    ------
    ViewerError
        If it cannot be read, or not all of it is understood: half a review must not
        pass for one that found nothing.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as cause:
        raise ViewerError(
            "The review file cannot be read.", hint="Check its name and permissions."
        ) from cause
    if len(raw) > _LARGEST:
        raise _not_understood("It is too large.")
    return from_json(raw)


def from_json(raw: bytes) -> Reviews:
    """Reviews from the bytes of a file; raises as `read_reviews`."""
    try:
        found = msgspec.json.decode(raw, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise _not_understood(
            "A word in it is missing, unknown or of another kind; the manual of"
            " lightbox export shows one that is right."
        ) from cause
    try:
        of_instance = {
            SOPInstanceUID(uid): _to_review(one) for uid, one in found.instances.items()
        }
        reviews = Reviews(of_instance)
        for uid, several in found.series.items():
            for one in several:
                reviews = reviews.with_series(SeriesUID(uid), _to_review(one))
    except ValueError as cause:  # the values of the core say what they must be
        raise _not_understood(f"What it says cannot be: {cause}.") from cause
    if any(
        len(reviews.of_series[SeriesUID(uid)]) != len(said)
        for uid, said in found.series.items()
        if said
    ):
        raise _not_understood("It says two things of images of one size.")
    return reviews


def to_json(reviews: Reviews) -> bytes:
    """What `from_json` reads, one line for each thing that is said."""
    found = _File(
        "lightbox-boxes",
        1,
        {uid: _of(one) for uid, one in reviews.of_instance.items()},
        {uid: tuple(map(_of, each)) for uid, each in reviews.of_series.items()},
    )
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def write_reviews(path: Path, reviews: Reviews) -> None:
    """Write the reviews to a file only we can read, in the place of what was there.

    Raises
    ------
    EnvironmentFailure
        If it cannot be written; what was there stays then.
    """
    try:
        write_whole(path, to_json(reviews))
    except OSError as cause:
        raise EnvironmentFailure(
            "The review file cannot be written.",
            hint="Check the folder's permissions and the space on its disk.",
        ) from cause


def _of(review: Review) -> _Review:
    boxes = tuple(_Box(**asdict(box)) for box in review.boxes)
    return _Review(review.columns, review.rows, review.verdict, boxes)


def _to_review(said: _Review) -> Review:
    boxes = tuple(Box(**msgspec.structs.asdict(box)) for box in said.boxes)
    return Review(said.columns, said.rows, boxes, said.verdict)


def _not_understood(why: str) -> ViewerError:
    return ViewerError("The review file is not understood.", hint=why)
