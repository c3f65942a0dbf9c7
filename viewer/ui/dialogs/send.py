"""Which peer the chosen studies are for, and what of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QWidget,
)

from viewer.commands.sending import Errand
from viewer.core.counts import counted
from viewer.core.identity import SeriesUID
from viewer.core.listing import StudySummary
from viewer.core.peers import Peer
from viewer.core.remote import RemoteKey
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.study_list import StudyList

_SIZE = (520, 430)
_AS_THEY_LIE = (
    "Images go as they lie in the catalog; a peer that takes nothing compressed gets "
    "them uncompressed, never with loss."
)
_REPORTED = (
    "Everything drawn on a study becomes a structured report, a series of the study "
    "here and there; what has changed since becomes a new one that names the last."
)

Send = Callable[[Errand], None]
"""Sends what is to go."""


class Part(Enum):
    """What of the studies goes; as the main button says it."""

    ALL = ""
    SERIES = "Send the series"
    KEY_IMAGES = "Send key images"
    MEASUREMENTS = "Send measurements"


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be sent, and what is proposed.

    Attributes
    ----------
    studies : sequence of StudySummary
    series_uid : SeriesUID or None
        What is selected within the only one.
    observer : str
        Who measured last, as typed.
    part : Part
    """

    studies: Sequence[StudySummary]
    series_uid: SeriesUID | None
    observer: str
    part: Part = Part.ALL


class SendDialog(Dialog):
    """Says what goes, and asks where to; the rest is the queue's."""

    def __init__(
        self, offer: Offer, peers: Sequence[Peer], send: Send, parent: QWidget | None
    ) -> None:
        number = counted(len(offer.studies), "study", "studies")
        super().__init__(f"Send {number} to a peer", f"Send {number}", parent)
        self.resize(*_SIZE)
        self._studies, self._send = offer.studies, send
        self._series_uid = offer.series_uid if len(offer.studies) == 1 else None
        self._whole = self.main.text()
        self.peer = QComboBox()
        for peer in peers:
            self.peer.addItem(f"{peer.name}  ·  {peer.aet or 'DICOMweb'}", peer)
        self.part = self._parts()
        self.observer = QLineEdit(offer.observer)
        self.observer.setPlaceholderText("Family, Given; may stay empty")
        self.commit = QCheckBox("Ask it to answer for them (storage commitment)")
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(theme.GAP_M)
        self._form.addRow("To", self.peer)
        self._form.addRow("What", self.part)
        self._form.addRow("Measured by", self.observer)
        self._note = note("")
        self.add(self._form, StudyList(self._studies), self.commit, self._note)
        self.main.setEnabled(bool(peers))
        if not peers:
            self.add(note("No peer is known yet; Connect a PACS… describes one."))
        self.part.currentIndexChanged.connect(self._on_part_chosen)
        self.part.setCurrentIndex(self.part.findData(offer.part))
        self._on_part_chosen()
        self.accepted.connect(self._say)

    def _parts(self) -> QComboBox:
        box = QComboBox()
        whole = "The whole study" if len(self._studies) == 1 else "The whole studies"
        box.addItem(whole, Part.ALL)
        if self._series_uid is not None:
            box.addItem("Only the series that is selected", Part.SERIES)
        box.addItem(
            "Only key images, and the documents that mark them", Part.KEY_IMAGES
        )
        box.addItem("Only what was measured, as a report", Part.MEASUREMENTS)
        return box

    def _on_part_chosen(self, *_: object) -> None:
        part = self.part.currentData()
        self.main.setText(part.value or self._whole)
        measured = part is Part.MEASUREMENTS
        self._form.setRowVisible(self.observer, measured)
        self._note.setText(_REPORTED if measured else _AS_THEY_LIE)

    def _say(self) -> None:
        part = self.part.currentData()
        keys = [RemoteKey(study.study_uid) for study in self._studies]
        if part is Part.SERIES and self._series_uid is not None:
            keys = [RemoteKey(keys[0].study_uid, self._series_uid)]
        self._send(
            Errand(
                self.peer.currentData(),
                keys,
                key_images=part is Part.KEY_IMAGES,
                measured_by=self.observer.text().strip()
                if part is Part.MEASUREMENTS
                else None,
                commit=self.commit.isChecked(),
            )
        )
