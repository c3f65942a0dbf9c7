"""The peers at the left of the Studies page: one is asked, or several at once."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.core.peers import Peer
from viewer.services.browsing import Browsing, BrowsingState, Place
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.icons import icon


class PeerSources(QWidget):
    """A click asks one peer; Ctrl or Shift with it, several."""

    def __init__(self, browsing: Browsing, actions: Actions) -> None:
        super().__init__()
        self._browsing = browsing
        self.list = QListWidget()
        self.list.setIconSize(QSize(theme.GAP_L, theme.GAP_L))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setSpacing(1)
        self.list.setAccessibleName("Peers")
        self.list.setToolTip("Ctrl+click asks several at once")
        self.list.itemSelectionChanged.connect(self._on_chosen)
        heading = QLabel("PACS")
        theme.set_role(heading, "section")
        heading.setContentsMargins(theme.GAP_S, theme.GAP_M, 0, theme.UNIT)
        self.connect_button = QPushButton(icon("plus"), "Connect a PACS…")
        self.connect_button.setObjectName("sources.network.peers")
        theme.set_role(self.connect_button, "flat")
        self.connect_button.setStyleSheet("text-align: left;")
        self.connect_button.clicked.connect(lambda: actions.run("network.peers"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.connect_button)
        browsing.changed.connect(self._show)

    def show_peers(self, peers: Sequence[Peer]) -> None:
        """Offer these; a peer that is gone is asked no more."""
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.list.clear()
        for peer in peers:
            item = QListWidgetItem(icon("hard-drives"), peer.name)
            item.setSizeHint(QSize(0, theme.ROW))
            item.setToolTip(_address(peer))
            self.list.addItem(item)
        self.list.blockSignals(False)  # noqa: FBT003
        state = self._browsing.state
        self._show(state)
        left = tuple(one for one in state.peers if one in {p.name for p in peers})
        if state.place is Place.PEERS and left != state.peers:
            if left:
                self._browsing.look_at_peers(left)
            else:
                self._browsing.look_in(Place.LIBRARY)

    def _on_chosen(self) -> None:
        chosen = {item.text() for item in self.list.selectedItems()}
        every = [self.list.item(row).text() for row in range(self.list.count())]
        names = tuple(name for name in every if name in chosen)
        if names:
            self._browsing.look_at_peers(names)

    def _show(self, state: BrowsingState) -> None:
        """Mark the peers that are asked, without choosing them again."""
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setSelected(item.text() in state.peers)
        self.list.blockSignals(False)  # noqa: FBT003


def _address(peer: Peer) -> str:
    """Where a peer is, in a line for each way."""
    dicom = f"{peer.aet} at {peer.host}:{peer.port}" if peer.has_dicom else ""
    return "\n".join(filter(None, (dicom, peer.web.url if peer.web else "")))
