"""Which peer the chosen studies are for, and what of them."""

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

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

Send = Callable[[Errand], None]
"""Sends what is to go."""


class Part(Enum):
    """What of the studies goes; as the main button says it."""

    ALL = ""
    SERIES = "Send the series"
    KEY_IMAGES = "Send key images"


class SendDialog(Dialog):
    """Says what goes, and asks where to; the rest is the queue's."""

    def __init__(
        self,
        studies: Sequence[StudySummary],
        series_uid: SeriesUID | None,
        peers: Sequence[Peer],
        send: Send,
        parent: QWidget | None,
    ) -> None:
        number = counted(len(studies), "study", "studies")
        super().__init__(f"Send {number} to a peer", f"Send {number}", parent)
        self.resize(*_SIZE)
        self._studies, self._send = studies, send
        self._series_uid = series_uid if len(studies) == 1 else None
        self.peer = QComboBox()
        for peer in peers:
            self.peer.addItem(f"{peer.name}  ·  {peer.aet or 'DICOMweb'}", peer)
        self.part = self._parts()
        self.commit = QCheckBox("Ask it to answer for them (storage commitment)")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.GAP_M)
        form.addRow("To", self.peer)
        form.addRow("What", self.part)
        self.add(
            form,
            StudyList(studies),
            self.commit,
            note(
                "Images go as they lie in the catalog; a peer that takes nothing "
                "compressed gets them uncompressed, never with loss."
            ),
        )
        self.main.setEnabled(bool(peers))
        if not peers:
            self.add(note("No peer is known yet; Connect a PACS… describes one."))
        whole = self.main.text()
        self.part.currentIndexChanged.connect(
            lambda _: self.main.setText(self.part.currentData().value or whole)
        )
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
        return box

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
                commit=self.commit.isChecked(),
            )
        )
