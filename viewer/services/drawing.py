"""What is drawn on the open images, as part of the reading page's own past."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.core.annotation import Annotation
from viewer.core.identity import SOPInstanceUID
from viewer.core.opened import OpenStudy
from viewer.services.moments import Moments
from viewer.services.reading_state import Drawings, ReadingState

if TYPE_CHECKING:
    from viewer.services.strokes import Stroke

_Place = tuple[str, SOPInstanceUID]
"""An image of a file that is not in the catalog: its path and UID."""


class Drawing:
    """Draws, changes, selects and takes away; each is one step of undo.

    While the hand moves only a draft changes, so a drag is one step, however long.

    Attributes
    ----------
    stroke : Stroke or None
        What the hand is drawing or moving.
    """

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._loose: dict[_Place, tuple[Annotation, ...]] = {}
        self.stroke: Stroke | None = None

    def on(self, uid: SOPInstanceUID, frame: int) -> tuple[Annotation, ...]:
        """What is to be seen on a frame: drawings, one of them perhaps as a draft."""
        state = self._moments.present
        return tuple(
            one
            for one in with_draft(state).values()
            if (one.sop_instance_uid, one.frame) == (uid, frame)
        )

    @property
    def all(self) -> tuple[Annotation, ...]:
        """Every drawing on the open images, the draft among them."""
        return tuple(with_draft(self._moments.present).values())

    @property
    def selected(self) -> Annotation | None:
        """The drawing that commands act on."""
        state = self._moments.present
        return with_draft(state).get(state.selected)

    def select(self, uid: str) -> None:
        """Have commands act on this drawing; empty for none."""
        self._moments.amend(replace(self._moments.present, selected=uid))

    def sketch(self, draft: Annotation) -> None:
        """Show how it would be if the hand let go now."""
        state = self._moments.present
        self._moments.amend(replace(state, draft=draft, selected=draft.uid))

    def keep(self, annotation: Annotation) -> None:
        """Make this the drawing of its UID."""
        state = self._moments.present
        if state.drawings.get(annotation.uid) == annotation:
            self.drop()
            self.select(annotation.uid)
            return
        drawings = {**state.drawings, annotation.uid: annotation}
        changed = replace(state, drawings=drawings, draft=None, selected=annotation.uid)
        self._moments.put(changed)

    def take_away(self, uid: str) -> None:
        """Delete a drawing; undo brings it back."""
        state = self._moments.present
        if uid in state.drawings:
            self.stroke = None
            left = {key: one for key, one in state.drawings.items() if key != uid}
            self._moments.put(replace(state, drawings=left, draft=None, selected=""))

    def drop(self) -> bool:
        """Give up what is under the hand; returns whether there was something."""
        state, busy = self._moments.present, self.stroke is not None
        self.stroke = None
        if state.draft is not None:
            selected = state.selected if state.selected in state.drawings else ""
            self._moments.amend(replace(state, draft=None, selected=selected))
        return busy

    def toggle_shown(self) -> None:
        """Hide all drawings, or show them again."""
        state = self._moments.present
        self._moments.amend(replace(state, drawings_shown=not state.drawings_shown))

    def of_opened(
        self, before: Sequence[OpenStudy], studies: Sequence[OpenStudy]
    ) -> Drawings:
        """What is drawn on studies that are being opened.

        A study that was open already keeps what its reader sees. What was drawn on
        files that no catalog has is remembered here as long as the program runs.
        """
        present = self._moments.present.drawings
        for study in before:
            if not study.filed:
                self._remember(study, present.values())
        known = {study.summary.study_uid for study in before if study.filed}
        found: list[Annotation] = []
        for study in studies:
            if not study.filed:
                found += self._remembered(study)
            elif study.summary.study_uid in known:
                uids = {uid for _, uid in _places(study)}
                found += [o for o in present.values() if o.sop_instance_uid in uids]
            else:
                found += study.annotations
        self.stroke = None
        return {one.uid: one for one in found}

    def _remember(self, study: OpenStudy, drawings: Iterable[Annotation]) -> None:
        drawings = tuple(drawings)
        for place in _places(study):
            self._loose[place] = tuple(
                one for one in drawings if one.sop_instance_uid == place[1]
            )

    def _remembered(self, study: OpenStudy) -> list[Annotation]:
        return [one for place in _places(study) for one in self._loose.get(place, ())]


def with_draft(state: ReadingState) -> Drawings:
    """All drawings of a moment, the one under the hand as it would be."""
    if state.draft is None:
        return state.drawings
    return {**state.drawings, state.draft.uid: state.draft}


def _places(study: OpenStudy) -> list[_Place]:
    return [
        (stored.path, stored.instance.sop_instance_uid)
        for series in study.series
        for stored in series.instances
    ]
