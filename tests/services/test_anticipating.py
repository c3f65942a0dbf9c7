"""Who selects a study finds its first pictures decoded when it opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.desks import Turns
from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from viewer.core.opened import OpenStudy
from viewer.services.anticipating import Anticipating, first_frames
from viewer.services.decoding import Decoding, Purpose
from viewer.services.frame_on_show import Subject
from viewer.services.frame_ref import FrameRef
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.session import ReadingSession


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def decoding(turns: Turns) -> Iterator[Decoding]:
    with Decoding(turns.post) as made:
        yield made


@pytest.fixture
def study(tmp_path: Path) -> OpenStudy:
    positions = [float(z) for z in range(12)]
    return to_study(with_pixels(to_slices("1.2.1", positions), tmp_path))


def asked_for(study: OpenStudy) -> set[FrameRef]:
    """What the viewports want once the study is open."""
    session = ReadingSession()
    session.open([study])
    wanted = set()
    for index in session.state.visible:
        stack, viewport = session.shown(index), session.state.viewports[index]
        if stack is not None:
            wanted.add(Subject(stack, viewport.image).frame_ref)
    return wanted


def test_what_is_expected_is_what_opening_asks_for(study: OpenStudy) -> None:
    wanted = asked_for(study)

    assert wanted
    assert set(first_frames(ReadingStacks([study]))) == wanted


def test_the_first_pictures_are_in_memory_before_the_study_is_opened(
    turns: Turns, decoding: Decoding, study: OpenStudy
) -> None:
    anticipating = Anticipating(decoding, Purpose.LATER)
    anticipating.expect(ReadingStacks([study]))

    wanted = asked_for(study)
    turns.until(lambda: all(decoding.cached(ref) is not None for ref in wanted))
    anticipating.drop()


def test_a_picture_that_cannot_be_decoded_disturbs_nobody(
    turns: Turns, decoding: Decoding, study: OpenStudy
) -> None:
    stacks = ReadingStacks([study])
    (ref,) = first_frames(stacks)
    Path(ref.path).unlink()
    anticipating = Anticipating(decoding, Purpose.LATER)
    anticipating.expect(stacks)

    said: list[str] = []
    decoding.request(
        ref,
        Purpose.LATER,
        lambda *_: said.append("came"),
        lambda *_: said.append("failed"),
    )
    turns.until(lambda: said)
    assert said == ["failed"]
    assert decoding.cached(ref) is None


def test_nothing_is_expected_of_an_empty_study(decoding: Decoding) -> None:
    anticipating = Anticipating(decoding, Purpose.LATER)
    anticipating.expect(ReadingStacks())
    anticipating.drop()

    assert list(first_frames(ReadingStacks())) == []
