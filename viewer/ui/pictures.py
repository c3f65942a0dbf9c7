"""Pictures for the series below the list of studies."""

from functools import partial

from viewer.commands.desk import Desk
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.opened import OpenStudy
from viewer.services.anticipating import Anticipating
from viewer.services.decoding import Purpose
from viewer.services.picture_cache import PictureCache
from viewer.services.places import pictures_folder
from viewer.services.reading_stacks import ReadingStack, ReadingStacks
from viewer.services.stack_thumbnails import Pixels, StackThumbnails
from viewer.ui.browser.series_strip import Deliver

Wish = tuple[SeriesUID, Deliver]


class SeriesPictures:
    """Finds the middle image of a series, off the GUI thread, last of all work.

    Only the pictures of one study are looked for at a time: what is asked for another
    study puts the wishes for the first one away.
    """

    def __init__(self, desk: Desk, side: int) -> None:
        self._desk = desk
        self._thumbnails = StackThumbnails(
            desk.decoding,
            side,
            self._on_picture,
            desk.jobs,
            PictureCache(pictures_folder(desk.data_dir)),
        )
        self._anticipating = Anticipating(desk.decoding, Purpose.PREFETCH)
        self._foreseeing = Anticipating(desk.decoding, Purpose.LATER)
        self._study: StudyUID | None = None
        self._foreseen: StudyUID | None = None
        self._stacks: ReadingStacks | None = None
        self._waiting: list[Wish] = []
        self._painting: dict[str, Deliver] = {}

    def look_at(self, study_uid: StudyUID) -> None:
        """Prepare for a study to be opened: lay it out, decode its first pictures."""
        self._thumbnails.drop()
        self._anticipating.drop()
        self._painting.clear()
        self._waiting.clear()
        self._study, self._stacks = study_uid, None
        self._desk.jobs.submit(
            partial(self._desk.library.prepare_study, study_uid),
            partial(self._on_opened, study_uid),
            self._desk.window.failed,
        )

    def foresee(self, study_uid: StudyUID | None) -> None:
        """The same for a study the pointer rests on, while nothing else is to be done.

        None puts it away; what is decoded by then stays in the cache.
        """
        self._foreseen = study_uid
        begun = study_uid == self._study and self._stacks is None
        if study_uid is None:
            self._foreseeing.drop()
        elif not begun:
            self._desk.jobs.submit(
                partial(self._desk.library.prepare_study, study_uid),
                partial(self._on_foreseen, study_uid),
                _whoever_opens_it_is_told,
            )

    def ask(self, study_uid: StudyUID, series_uid: SeriesUID, deliver: Deliver) -> None:
        """Have `deliver` called with the picture, or with why there is none."""
        if study_uid != self._study:
            self.look_at(study_uid)
        if self._stacks is None:
            self._waiting.append((series_uid, deliver))
        else:
            self._paint(self._stacks, series_uid, deliver)

    def close(self) -> None:
        """Want no more pictures: decoding is about to end."""
        self._thumbnails.drop()
        self._anticipating.drop()
        self._foreseeing.drop()

    def _on_foreseen(self, study_uid: StudyUID, study: OpenStudy) -> None:
        if study_uid == self._foreseen:
            self._foreseeing.expect(ReadingStacks((study,)))

    def _on_opened(self, study_uid: StudyUID, study: OpenStudy) -> None:
        if study_uid != self._study:
            return  # another one is looked at by now
        self._stacks = stacks = ReadingStacks((study,))
        self._anticipating.expect(stacks)
        for series_uid, deliver in self._waiting:
            self._paint(stacks, series_uid, deliver)
        self._waiting.clear()

    def _paint(
        self, stacks: ReadingStacks, series_uid: SeriesUID, deliver: Deliver
    ) -> None:
        stack = _longest(stacks, series_uid)
        if stack is None:
            deliver(_why_empty(stacks, series_uid))
            return
        self._painting[stack.id] = deliver
        self._thumbnails.ask(stack)

    def _on_picture(self, stack_id: str, picture: Pixels | str) -> None:
        deliver = self._painting.pop(stack_id, None)
        if deliver is not None:
            deliver(picture)


def _whoever_opens_it_is_told(_: BaseException) -> None:
    """Nobody has asked for anything yet."""


def _why_empty(stacks: ReadingStacks, series_uid: SeriesUID) -> str:
    series = (one for study in stacks.studies for one in study.series)
    return next(
        (one.why_empty for one in series if one.record.series_uid == series_uid),
        "no images",
    )


def _longest(stacks: ReadingStacks, series_uid: SeriesUID) -> ReadingStack | None:
    """The stack that stands for its series."""
    of_series = [s for s in stacks if s.series.record.series_uid == series_uid]
    return max(of_series, key=lambda stack: stack.count, default=None)
