"""Which peer the chosen studies are for."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from viewer.core.counts import counted
from viewer.core.listing import StudySummary
from viewer.core.peers import Peer
from viewer.core.remote import RemoteKey
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.study_list import StudyList

_SIZE = (520, 400)

Send = Callable[[Peer, Sequence[RemoteKey], bool], None]
"""Sends these to a peer, and asks it to answer for them if that is wished."""


class SendDialog(Dialog):
    """Says what goes, and asks where to; the rest is the queue's."""

    def __init__(
        self,
        studies: Sequence[StudySummary],
        peers: Sequence[Peer],
        send: Send,
        parent: QWidget | None,
    ) -> None:
        number = counted(len(studies), "study", "studies")
        super().__init__(f"Send {number} to a peer", f"Send {number}", parent)
        self.resize(*_SIZE)
        self._studies, self._send = studies, send
        self.peer = QComboBox()
        for peer in peers:
            self.peer.addItem(f"{peer.name}  ·  {peer.aet or 'DICOMweb'}", peer)
        self.commit = QCheckBox("Ask it to answer for them (storage commitment)")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.GAP_M)
        form.addRow("To", self.peer)
        shown = StudyList(studies)
        images = sum(study.instances for study in studies)
        self.add(
            form,
            shown,
            self.commit,
            note(
                f"{counted(images, 'image')} go as they lie in the catalog; a peer "
                "that takes nothing compressed gets them uncompressed, never with loss."
            ),
        )
        self.main.setEnabled(bool(peers))
        if not peers:
            self.add(note("No peer is known yet; Connect a PACS… describes one."))
        self.accepted.connect(self._say)

    def _say(self) -> None:
        keys = [RemoteKey(study.study_uid) for study in self._studies]
        self._send(self.peer.currentData(), keys, self.commit.isChecked())
