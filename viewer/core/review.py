"""What somebody who looked at images says of text and faces in their pixels."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from viewer.core.boxes import Box
from viewer.core.identity import SeriesUID, SOPInstanceUID


class Verdict(StrEnum):
    """What follows from a review."""

    PROPOSED = "proposed"  # by the program; nobody has looked, so it stays here
    REVIEWED = "reviewed"  # looked at: it may leave with its boxes burned black
    WITHHELD = "withheld"  # looked at: it stays here


@dataclass(frozen=True, slots=True)
class Review:
    """What is known of the pixels of an image, or of those of a series.

    Attributes
    ----------
    columns, rows : int
        Of the images it is about. It says nothing of images of another size.
    boxes : tuple of Box
        What is burned black. None of them and `Verdict.REVIEWED` is a review as well:
        somebody looked, and nothing was there.
    verdict : Verdict
    """

    columns: int
    rows: int
    boxes: tuple[Box, ...] = ()
    verdict: Verdict = Verdict.PROPOSED

    def __post_init__(self) -> None:
        if min(self.columns, self.rows) < 1:
            raise ValueError("an image has rows and columns")
        for box in self.boxes:
            if box.within(self.columns, self.rows) != box:
                raise ValueError("a box lies in the image")

    @property
    def releases(self) -> bool:
        """Whether its images may leave, with the boxes burned black."""
        return self.verdict is Verdict.REVIEWED

    def fits(self, columns: int, rows: int) -> bool:
        """Whether it is about an image of this size."""
        return (self.columns, self.rows) == (columns, rows)


@dataclass(frozen=True, slots=True)
class Reviews:
    """All that was reviewed for an export; a change makes a new one.

    Attributes
    ----------
    of_instance : mapping of SOPInstanceUID to Review
        What is said of one image goes before what is said of its series.
    of_series : mapping of SeriesUID to tuple of Review
        At most one for each size of image.
    """

    of_instance: Mapping[SOPInstanceUID, Review] = field(default_factory=dict)
    of_series: Mapping[SeriesUID, tuple[Review, ...]] = field(default_factory=dict)

    def review_of(
        self, instance: SOPInstanceUID, series: SeriesUID, columns: int, rows: int
    ) -> Review | None:
        """What holds for an image of this size; None if nobody said anything of it."""
        own = self.of_instance.get(instance)
        said = self.of_series.get(series, ()) if own is None else (own,)
        return next((one for one in said if one.fits(columns, rows)), None)

    def with_instance(self, instance: SOPInstanceUID, review: Review) -> "Reviews":
        """With this said of one image, in the place of what was said before."""
        return replace(self, of_instance={**self.of_instance, instance: review})

    def with_series(self, series: SeriesUID, review: Review) -> "Reviews":
        """With this said of all images of a series that have its size.

        Raises
        ------
        ValueError
            If a box is for some frames only: images of a series differ in theirs.
        """
        if not all(box.everywhere for box in review.boxes):
            raise ValueError("what holds for a series holds for every frame")
        others = (
            one
            for one in self.of_series.get(series, ())
            if not one.fits(review.columns, review.rows)
        )
        return replace(self, of_series={**self.of_series, series: (*others, review)})

    def without_instance(self, instance: SOPInstanceUID) -> "Reviews":
        """Without what was said of one image; what is said of its series holds."""
        rest = {uid: one for uid, one in self.of_instance.items() if uid != instance}
        return replace(self, of_instance=rest)

    def over(self, others: "Reviews") -> "Reviews":
        """With all that `others` says and this does not."""
        merged = Reviews(
            {**others.of_instance, **self.of_instance}, dict(others.of_series)
        )
        for series, reviews in self.of_series.items():
            for review in reviews:
                merged = merged.with_series(series, review)
        return merged
