"""One moment of looking through images for names, as a value.

What is said of an image is a `core.review.Review`; the state adds where somebody is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from viewer.core.boxes import Box
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.review import Review, Reviews, Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """An instance somebody has to look at before it may leave.

    Attributes
    ----------
    study_uid, series_uid, sop_instance_uid : str
    columns, rows, frames : int
    title : str
        Which image it is, by numbers and modality: ``"US · series 3 · image 2"``.
    reason : str
        Why it has to be looked at, in a sentence.
    """

    study_uid: StudyUID
    series_uid: SeriesUID
    sop_instance_uid: SOPInstanceUID
    columns: int
    rows: int
    frames: int = 1
    title: str = ""
    reason: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.columns, self.rows


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the looking is, in series and in images."""

    series: int
    all_series: int
    images: int
    all_images: int

    @property
    def words(self) -> str:
        """``"12 of 31 series reviewed"``."""
        return f"{self.series:,} of {self.all_series:,} series reviewed"


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where somebody is among the images, and what is said of each.

    Attributes
    ----------
    looks : tuple of Look
    reviews : Reviews
    place : int
        Which of the looks is on show, counted from 0.
    frame : int
        Which of its frames, counted from 1.
    selected : int or None
        Which of its boxes, counted from 0.
    previewed : bool
        Whether boxes are shown as they will leave: black.
    whole_range : bool
        Whether the window takes in every value, so that nothing hides in the dark.
    note : str
        What has to be known of the search for writing.
    """

    looks: tuple[Look, ...] = ()
    reviews: Reviews = field(default_factory=Reviews)
    place: int = 0
    frame: int = 1
    selected: int | None = None
    previewed: bool = False
    whole_range: bool = False
    note: str = ""

    @property
    def look(self) -> Look | None:
        """What is on show."""
        return self.looks[self.place] if self.looks else None

    def review_of(self, look: Look) -> Review:
        """What is said of an image; as yet unseen and without boxes if nothing is."""
        said = self.reviews.review_of(
            look.sop_instance_uid, look.series_uid, look.columns, look.rows
        )
        return said or Review(look.columns, look.rows)

    @property
    def review(self) -> Review | None:
        """What is said of the image on show."""
        return None if self.look is None else self.review_of(self.look)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All boxes of the image on show, those of other frames as well."""
        return self.review.boxes if self.review else ()

    @property
    def box(self) -> Box | None:
        """The selected one."""
        chosen = self.selected
        if chosen is None or chosen >= len(self.boxes):
            return None
        return self.boxes[chosen]

    def is_seen(self, look: Look) -> bool:
        """Whether somebody has decided about an image."""
        return self.review_of(look).verdict is not Verdict.PROPOSED

    @property
    def progress(self) -> Progress:
        """How far the looking is."""
        unseen = [look for look in self.looks if not self.is_seen(look)]
        every = {look.series_uid for look in self.looks}
        left = {look.series_uid for look in unseen}
        total = len(self.looks)
        return Progress(len(every - left), len(every), total - len(unseen), total)

    def of_series(self, look: Look) -> tuple[Look, ...]:
        """The images of its series that have its size, itself among them."""
        return tuple(
            other
            for other in self.looks
            if other.series_uid == look.series_uid and other.size == look.size
        )

    def next_unseen(self, steps: int = 1) -> int | None:
        """The place of the next image nobody has decided about, round and round."""
        count = len(self.looks)
        for way in range(1, count):
            place = (self.place + steps * way) % count
            if not self.is_seen(self.looks[place]):
                return place
        return None

    def at(self, place: int) -> "ReviewState":
        """The same at another image, its first frame."""
        if not self.looks:
            return self
        place = min(max(place, 0), len(self.looks) - 1)
        if place == self.place:
            return self
        return replace(self, place=place, frame=1, selected=None)

    def proposing(self, proposed: Mapping[SOPInstanceUID, Review]) -> "ReviewState":
        """With proposals for the images nobody has said anything of."""
        reviews = self.reviews
        for look in self.looks:
            review = proposed.get(look.sop_instance_uid)
            if review is None or self.is_seen(look) or self.review_of(look).boxes:
                continue
            reviews = reviews.with_instance(look.sop_instance_uid, review)
        return replace(self, reviews=reviews)

    def saying(self, boxes: Iterable[Box], verdict: Verdict) -> "ReviewState":
        """With this said of the image on show, and of it alone."""
        look = self.look
        if look is None:
            return self
        review = Review(look.columns, look.rows, tuple(boxes), verdict)
        reviews = self.reviews.with_instance(look.sop_instance_uid, review)
        return replace(self, reviews=reviews)

    def saying_of_series(self, boxes: Iterable[Box], verdict: Verdict) -> "ReviewState":
        """With this said of every image of the series that has this one's size."""
        look = self.look
        if look is None:
            return self
        everywhere = tuple(
            replace(box, first_frame=1, last_frame=None) for box in boxes
        )
        review = Review(look.columns, look.rows, everywhere, verdict)
        reviews = self.reviews
        for other in self.of_series(look):
            reviews = reviews.without_instance(other.sop_instance_uid)
        return replace(self, reviews=reviews.with_series(look.series_uid, review))
