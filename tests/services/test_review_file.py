"""Reviews go to a file and come back, or are refused as a whole."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.boxes import Box
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.identity import SeriesUID, SOPInstanceUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.review_file import (
    from_json,
    read_reviews,
    to_json,
    write_reviews,
)
from viewer.services.reviewing import KeptReviews

_UIDS = st.from_regex(r"\A[0-9]{1,8}(\.[0-9]{1,8}){0,5}\Z")


@st.composite
def _reviews_of_one(draw: st.DrawFn, *, frames: bool) -> Review:
    columns, rows = draw(st.integers(1, 4000)), draw(st.integers(1, 4000))
    boxes = []
    for _ in range(draw(st.integers(0, 4))):
        column, row = draw(st.integers(0, columns - 1)), draw(st.integers(0, rows - 1))
        width = draw(st.integers(1, columns - column))
        height = draw(st.integers(1, rows - row))
        first = draw(st.integers(1, 50)) if frames else 1
        last = draw(st.none() | st.integers(first, 60)) if frames else None
        boxes.append(Box(column, row, width, height, first, last))
    return Review(columns, rows, tuple(boxes), draw(st.sampled_from(Verdict)))


@given(
    st.dictionaries(_UIDS, _reviews_of_one(frames=True), max_size=4),
    st.dictionaries(_UIDS, _reviews_of_one(frames=False), max_size=4),
)
def test_what_is_written_is_what_is_read(
    instances: dict[str, Review], series: dict[str, Review]
) -> None:
    reviews = Reviews({SOPInstanceUID(uid): one for uid, one in instances.items()})
    for uid, review in series.items():
        reviews = reviews.with_series(SeriesUID(uid), review)

    assert from_json(to_json(reviews)) == reviews


def _document() -> dict[str, Any]:
    box = {"column": 3, "row": 4, "width": 30, "height": 12}
    said = {"columns": 64, "rows": 48, "verdict": "reviewed", "boxes": [box]}
    return {
        "format": "lightbox-boxes",
        "version": 1,
        "instances": {"1.2.3": said},
        "series": {"1.2": [said, {**said, "columns": 65}]},
    }


def test_the_file_people_write_is_understood() -> None:
    reviews = from_json(json.dumps(_document()).encode())

    review = Review(64, 48, (Box(3, 4, 30, 12),), Verdict.REVIEWED)
    assert reviews.of_instance == {"1.2.3": review}
    assert [one.columns for one in reviews.of_series[SeriesUID("1.2")]] == [64, 65]


def _misspelt(document: dict[str, Any]) -> None:
    document["instances"]["1.2.3"]["boxes"][0]["frist_frame"] = 2


def _beside_the_image(document: dict[str, Any]) -> None:
    document["instances"]["1.2.3"]["boxes"][0]["width"] = 62


def _without_verdict(document: dict[str, Any]) -> None:
    del document["instances"]["1.2.3"]["verdict"]


def _another_verdict(document: dict[str, Any]) -> None:
    document["instances"]["1.2.3"]["verdict"] = "fine"


def _without_boxes(document: dict[str, Any]) -> None:
    del document["instances"]["1.2.3"]["boxes"]


def _twice(document: dict[str, Any]) -> None:
    document["series"]["1.2"][1]["columns"] = 64


def _some_frames_of_a_series(document: dict[str, Any]) -> None:
    document["series"]["1.2"][0]["boxes"][0]["first_frame"] = 2


def _a_name_for_a_uid(document: dict[str, Any]) -> None:
    document["instances"]["Mustermann^Erika"] = document["instances"]["1.2.3"]


def _no_pixels(document: dict[str, Any]) -> None:
    document["instances"]["1.2.3"]["boxes"][0]["height"] = 0


def _half_a_pixel(document: dict[str, Any]) -> None:
    document["instances"]["1.2.3"]["boxes"][0]["height"] = 1.5


def _newer(document: dict[str, Any]) -> None:
    document["version"] = 2


@pytest.mark.parametrize(
    "spoil",
    [
        _misspelt,
        _beside_the_image,
        _without_verdict,
        _another_verdict,
        _without_boxes,
        _twice,
        _some_frames_of_a_series,
        _a_name_for_a_uid,
        _no_pixels,
        _half_a_pixel,
        _newer,
    ],
)
def test_a_file_with_one_thing_wrong_is_refused_as_a_whole(spoil: Any) -> None:
    document = _document()
    spoil(document)

    with pytest.raises(ViewerError) as caught:
        from_json(json.dumps(document).encode())
    assert "Mustermann" not in caught.value.message + caught.value.hint


@given(st.binary(max_size=200))
def test_any_bytes_are_reviews_or_refused(raw: bytes) -> None:
    try:
        from_json(raw)
    except ViewerError:
        return


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ViewerError):
        from_json(b'{"format":' + b"[" * 100_000)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(ViewerError, match="cannot be read"):
        read_reviews(Path("/nowhere/boxes.json"))


def test_a_written_file_is_only_ours_and_replaces_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "boxes.json"
    file.write_text("what was there before")
    reviews = from_json(json.dumps(_document()).encode())

    write_reviews(file, reviews)

    assert read_reviews(file) == reviews
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["boxes.json"]


def test_where_nothing_can_be_written_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        write_reviews(tmp_path / "missing" / "boxes.json", Reviews())


def test_each_project_has_reviews_of_its_own(tmp_path: Path) -> None:
    kept = KeptReviews(tmp_path)
    reviews = from_json(json.dumps(_document()).encode())

    kept.keep("Knees ../../2026", reviews)

    assert kept.of("KNEES ../../2026") == reviews
    assert kept.of("Shoulders") == Reviews()
    (folder,) = tmp_path.iterdir()
    assert "nees" not in " ".join(entry.name for entry in folder.iterdir())
