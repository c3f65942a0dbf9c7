"""Pictures of series come from the disk the second time, without any decoding."""

import numpy as np
import pytest

from tests.commands.desks import Turns
from viewer.commands.desk import Desk
from viewer.core.listing import StudyQuery
from viewer.services.picture_cache import PictureCache, Pixels
from viewer.services.reading_stacks import ReadingStack, ReadingStacks
from viewer.services.stack_thumbnails import StackThumbnails

SIDE = 32


def pictures(
    desk: Desk, turns: Turns, stacks: list[ReadingStack]
) -> dict[str, Pixels | str]:
    """The pictures of the stacks, as a window that has just started gets them."""
    came: dict[str, Pixels | str] = {}
    cache = PictureCache(desk.data_dir / "cache")
    thumbnails = StackThumbnails(
        desk.decoding, SIDE, came.__setitem__, desk.jobs, cache
    )
    for stack in stacks:
        thumbnails.ask(stack)
    turns.until(lambda: len(came) == len(stacks))
    return came


@pytest.fixture
def stacks(desk: Desk) -> list[ReadingStack]:
    found = desk.library.search(StudyQuery()).items
    opened = [desk.library.open_study(study.study_uid) for study in found]
    return list(ReadingStacks(opened))


def test_what_was_painted_once_is_not_decoded_again(
    desk: Desk,
    turns: Turns,
    stacks: list[ReadingStack],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = pictures(desk, turns, stacks)
    assert not any(isinstance(picture, str) for picture in first.values())

    def refuse(*_: object) -> None:
        raise AssertionError("a picture was asked of the decoder")

    monkeypatch.setattr(desk.decoding, "request_made", refuse)
    second = pictures(desk, turns, stacks)
    assert first.keys() == second.keys()
    for stack_id, picture in first.items():
        np.testing.assert_array_equal(second[stack_id], picture)


def test_a_picture_that_is_wanted_no_more_does_not_come(
    desk: Desk, turns: Turns, stacks: list[ReadingStack]
) -> None:
    came: list[str] = []
    cache = PictureCache(desk.data_dir / "cache")
    pictures(desk, turns, stacks)
    thumbnails = StackThumbnails(
        desk.decoding, SIDE, lambda name, _: came.append(name), desk.jobs, cache
    )
    for stack in stacks:
        thumbnails.ask(stack)
    thumbnails.drop()
    pictures(desk, turns, stacks)  # asked later, so the others were looked for
    assert came == []
