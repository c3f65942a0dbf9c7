"""Export anonymized: where to, what stays, every attribute, every picture."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.commands.desk import Desk
from viewer.commands.exporting import begin_review, start_export
from viewer.core.errors import ViewerError
from viewer.core.export import Packing
from viewer.core.peers import Peer
from viewer.core.review import Reviews
from viewer.services.export_draft import ExportDraft
from viewer.services.survey import Survey, survey
from viewer.ui.dialogs.export_attributes import AttributesStep
from viewer.ui.dialogs.export_pictures import PicturesStep
from viewer.ui.dialogs.export_place import PlaceStep
from viewer.ui.dialogs.export_profile import ProfileStep
from viewer.ui.dialogs.looking_ahead import look_ahead
from viewer.ui.dialogs.steps import StepsDialog

_SIZE = (980, 680)
_NAMES = ("What and where", "What stays", "Every attribute", "The pictures")
_PLACE, _PROFILE, _ATTRIBUTES, _PICTURES = range(4)


class ExportWizard(StepsDialog):
    """Four steps over one draft; nothing is written before the last button."""

    def __init__(
        self,
        desk: Desk,
        draft: ExportDraft,
        peers: Sequence[Peer],
        parent: QWidget | None,
    ) -> None:
        super().__init__(draft.title, draft.verb, _NAMES, parent)
        self.resize(*_SIZE)
        self._desk, self.draft = desk, draft
        self._survey: Survey | None = None
        self.place, self.profile = PlaceStep(draft, peers), ProfileStep(draft)
        self.attributes, self.pictures = AttributesStep(desk, draft), PicturesStep()
        for page in (self.place, self.profile, self.attributes, self.pictures):
            self.pages.addWidget(page)
        self.place.changed.connect(self._on_changed)
        self.profile.changed.connect(self._on_changed)
        self.pictures.review_wanted.connect(self.review)
        uids = [study.study_uid for study in draft.studies]
        desk.jobs.submit(
            partial(survey, desk.library, uids, draft.unseen),
            self._on_surveyed,
            desk.window.failed,
        )
        self.finished.connect(self.attributes.call_off)
        self.show_step(_PLACE)

    @override
    def entered(self, step: int) -> None:
        if step == _PLACE:
            self.place.show_draft(self.draft)
            self.place.project.setFocus()
        elif step == _PROFILE:
            self.profile.show_draft(self.draft)
        elif step == _ATTRIBUTES:
            self.attributes.show_draft(self.draft)
        elif step == _PICTURES:
            self._show_pictures()
        self._show_state()

    @override
    def go_on(self) -> None:
        if self.step != _PLACE:
            super().go_on()
            return
        self.main.setEnabled(False)
        place = "" if self.draft.packing is Packing.PEER else self.draft.place
        project = self.draft.project.strip()
        look_ahead(self._desk, place, project, self._on_looked, self._on_fault)

    @override
    def finish(self) -> None:
        start_export(self._desk, self.draft)
        self.done(self.DialogCode.Accepted)

    def review(self) -> None:
        """Look at the pictures; this waits, hidden, until that is done."""
        if self._survey is not None:
            begin_review(self._desk, self._survey, self.draft)
            self.hide()

    def take_reviews(self, reviews: Reviews) -> None:
        """Come back from looking at the pictures."""
        self.draft = replace(self.draft, reviews=reviews)
        self.show_step(_PICTURES)
        self.open()

    def _on_changed(self, draft: ExportDraft) -> None:
        self.draft = replace(draft, reviews=self.draft.reviews)
        self._show_state()

    def _on_surveyed(self, found: Survey) -> None:
        self._survey = found
        self.attributes.show_survey(found)
        if self.step in (_ATTRIBUTES, _PICTURES):  # others do not wait for it
            self.entered(self.step)

    def _on_looked(self, taken: bool, reviews: Reviews) -> None:  # noqa: FBT001 - an answer
        self.draft = replace(self.draft, reviews=reviews)
        if taken:
            self.place.say_fault("place", "Something of this name is there already.")
            self._show_state()
        elif self.step == _PLACE:
            super().go_on()

    def _on_fault(self, error: BaseException) -> None:
        self._show_state()
        if isinstance(error, ViewerError):
            self.place.say_fault("project", f"{error.message} {error.hint}")
        else:
            self._desk.window.failed(error)

    def _show_pictures(self) -> None:
        found = self._survey
        if found is not None:
            told = self.pictures.show_all(found, self.draft)
            self.main.setEnabled(told.leaves > 0)

    def _show_state(self) -> None:
        ready = not self.draft.faults
        if self.step == _PICTURES:
            return
        waits = self.step == _ATTRIBUTES and self._survey is None
        self.main.setEnabled(ready and not waits)
