"""The frames of an image as a reviewer sees them: every stored pixel, nothing over it.

Overlays, shutters and padding are taken away, for they can hide what is written in the
pixels, and what is hidden leaves all the same.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from viewer.core.errors import ViewerError
from viewer.core.identity import StudyUID
from viewer.core.image import Image
from viewer.core.opened import OpenSeries, OpenStudy
from viewer.core.records import StoredInstance
from viewer.services.frame_on_show import Subject
from viewer.services.jobs import Jobs
from viewer.services.library import Library
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.review_state import Look

Frames = dict[int, Subject]
"""By the number of the frame, counted from 1; those that cannot be shown are absent."""


class ReviewFrames:
    """Brings the frames of one image after the other; keeps the study they are of.

    Only the thread that `Jobs` delivers to uses it.
    """

    def __init__(self, library: Library, jobs: Jobs) -> None:
        self._library, self._jobs = library, jobs
        self._study: StudyUID | None = None
        self._stacks: ReadingStacks | None = None
        self._wish: object = None

    def ask(
        self,
        look: Look,
        done: Callable[[Frames], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Have `done` called with the frames of `look`; only the last wish is heard."""
        self._wish = look
        if self._stacks is not None and look.study_uid == self._study:
            done(_frames(self._stacks, look))
            return
        self._stacks = None
        self._jobs.submit(
            partial(self._opened, look.study_uid),
            partial(self._take, look, done),
            partial(self._fail, look, failed),
        )

    def forget(self) -> None:
        """Want nothing any more, and keep nothing."""
        self._wish = self._study = self._stacks = None

    def _opened(self, study_uid: StudyUID) -> ReadingStacks:
        return ReadingStacks((bare(self._library.open_study(study_uid)),))

    def _take(
        self, look: Look, done: Callable[[Frames], None], stacks: ReadingStacks
    ) -> None:
        if self._wish is look:
            self._study, self._stacks = look.study_uid, stacks
            done(_frames(stacks, look))

    def _fail(
        self, look: Look, failed: Callable[[BaseException], None], error: BaseException
    ) -> None:
        if self._wish is look or not isinstance(error, ViewerError):
            failed(error)


def bare(study: OpenStudy) -> OpenStudy:
    """A study without all that is shown over stored pixels or instead of them."""
    return replace(study, series=tuple(_bare_series(one) for one in study.series))


def _bare_series(series: OpenSeries) -> OpenSeries:
    return replace(
        series, instances=tuple(_bare_instance(one) for one in series.instances)
    )


def _bare_instance(stored: StoredInstance) -> StoredInstance:
    image = stored.instance.image
    if image is None:
        return stored
    instance = replace(stored.instance, image=_bare_image(image))
    return replace(stored, instance=instance)


def _bare_image(image: Image) -> Image:
    return replace(
        image,
        displays=tuple(replace(display, padding=None) for display in image.displays),
        frames=tuple(replace(frame, shutter=None) for frame in image.frames),
        overlays=(),
    )


def _frames(stacks: ReadingStacks, look: Look) -> Frames:
    found = {
        number: stacks.place_of(look.sop_instance_uid, number)
        for number in range(1, look.frames + 1)
    }
    return {
        number: Subject(*place) for number, place in found.items() if place is not None
    }
