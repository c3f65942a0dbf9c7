"""What is said of images is on disk when the program ends, the newest of it."""

from pathlib import Path

from viewer.core.errors import EnvironmentFailure
from viewer.core.identity import SOPInstanceUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.review_saving import ReviewSaving
from viewer.services.reviewing import KeptReviews


def said(number: int) -> Reviews:
    review = Review(number + 1, 8, (), Verdict.REVIEWED)
    return Reviews({SOPInstanceUID("2.5"): review})


def test_the_newest_of_many_states_is_kept(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    saving = ReviewSaving(tmp_path, lambda call: call(), failures.append)
    for number in range(200):
        saving.keep("Lungs", said(number))
        assert saving.of("Lungs") == said(number)
    saving.close()
    assert KeptReviews(tmp_path).of("Lungs") == said(199)
    assert KeptReviews(tmp_path).of("Livers") == Reviews()
    assert not failures


def test_projects_do_not_wait_for_each_other(tmp_path: Path) -> None:
    saving = ReviewSaving(tmp_path, lambda call: call(), lambda _: None)
    for number in range(20):
        saving.keep(f"Project {number}", said(number))
    saving.close()
    kept = KeptReviews(tmp_path)
    assert [kept.of(f"Project {number}") for number in range(20)] == [
        said(number) for number in range(20)
    ]


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "reviews").write_text("a file where the folder should be")
    failures: list[BaseException] = []
    saving = ReviewSaving(tmp_path, lambda call: call(), failures.append)
    saving.keep("Lungs", said(1))
    saving.close()
    assert len(failures) == 1
    assert isinstance(failures[0], EnvironmentFailure)
