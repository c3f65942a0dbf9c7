"""Export studies as they are: to a folder, a disc, a ZIP or a peer."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.commands.desk import Desk
from viewer.commands.exporting import start_export
from viewer.core.export import Packing
from viewer.core.export_forms import DICOM, Form, Look
from viewer.core.peers import Peer
from viewer.services.export_draft import ExportDraft
from viewer.ui.dialogs.export_form import FormRow
from viewer.ui.dialogs.export_place import PlaceStep
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.looking_ahead import look_ahead

_SIZE = (640, 520)
_DICOM = (
    "▲ Names, IDs and all else of the files go out as they are. Export "
    "anonymized… takes them out."
)
_OTHERS = (
    "▲ What is written in the pixels goes out as it is. Only DICOM can be "
    "exported anonymized."
)


class PlainExportDialog(Dialog):
    """One step: what goes out says who it is."""

    def __init__(
        self,
        desk: Desk,
        draft: ExportDraft,
        peers: Sequence[Peer],
        parent: QWidget | None,
    ) -> None:
        super().__init__(draft.title, draft.verb, parent)
        self.resize(*_SIZE)
        self._desk, self.draft = desk, draft
        self.place = PlaceStep(draft, peers)
        self.place.changed.connect(self._on_changed)
        self._warning = note("", "warn")
        self.form = FormRow(draft)
        self.form.changed.connect(self._on_form)
        self.add(
            self.form,
            self.place,
            self._warning,
        )
        self._on_changed(draft)

    @override
    def accept(self) -> None:
        self.main.setEnabled(False)
        place = "" if self.draft.packing is Packing.PEER else self.draft.place
        look_ahead(self._desk, place, "", self._on_looked, self._on_fault)

    def _on_looked(self, taken: bool, _: object) -> None:  # noqa: FBT001 - an answer
        if taken:
            self.place.say_fault("place", "Something of this name is there already.")
            self._on_changed(self.draft)
            return
        start_export(self._desk, self.draft)
        super().accept()

    def _on_fault(self, error: BaseException) -> None:
        self._on_changed(self.draft)
        self._desk.window.failed(error)

    def _on_form(self, form: Form, look: Look) -> None:
        draft = replace(self.draft, form=form, look=look)
        self.place.show_draft(draft)
        self._on_changed(draft)

    def _on_changed(self, draft: ExportDraft) -> None:
        self.draft = draft
        self._warning.setText(_DICOM if draft.form is DICOM else _OTHERS)
        self.form.say_fault(draft.faults.get("form", ""))
        self.main.setEnabled(not draft.faults)
