"""Commands that have to do with peers: retrieve, send, look at the queue, settle."""

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.commands.meant import meant_studies
from viewer.commands.retrieving import fetch, steer
from viewer.core.transfer import TransferState
from viewer.services.browsing import Place


def _can_retrieve(desk: Desk) -> bool:
    return desk.browsing.state.place is Place.PEERS and bool(desk.browsing.state.remote)


def _retrieve(desk: Desk) -> None:
    state = desk.browsing.state
    fetch(desk, state.remote, state.series_uid if len(state.remote) == 1 else None)


def _can_send(desk: Desk) -> bool:
    state = desk.browsing.state
    return state.place is Place.LIBRARY and bool(state.selected)


def _ask_send(desk: Desk) -> None:
    state = desk.browsing.state
    desk.window.ask_send(state.selected, state.series_uid)


def _can_send_measurements(desk: Desk) -> bool:
    """On the Reading page something must be drawn; of the list nobody knows yet."""
    drawn = desk.window.page is not Page.READING or bool(desk.session.drawing.all)
    return drawn and bool(meant_studies(desk))


def _ask_send_measurements(desk: Desk) -> None:
    desk.window.ask_send(meant_studies(desk), None, measurements=True)


def _of_state(desk: Desk, *states: TransferState) -> list[int]:
    return [one.id for one in desk.exchange.board.entries if one.state in states]


def _unfinished(desk: Desk) -> list[int]:
    return _of_state(desk, TransferState.WAITING, TransferState.RUNNING)


def _pause_all(desk: Desk) -> None:
    steer(desk, desk.exchange.pause, _unfinished(desk))


def _go_on(desk: Desk) -> None:
    steer(desk, desk.exchange.go_on, _of_state(desk, TransferState.PAUSED))


NETWORK_COMMANDS: tuple[DeskCommand, ...] = (
    Command(
        "network.retrieve",
        "Retrieve",
        _retrieve,
        enabled=_can_retrieve,
        scope=Page.STUDIES,
        keys=("Ctrl+R",),
        menu="Network",
        group="bring",
        icon="cloud-arrow-down",
    ),
    Command(
        "network.send",
        "Send to a peer…",
        _ask_send,
        enabled=_can_send,
        scope=Page.STUDIES,
        keys=("Ctrl+E",),
        menu="Network",
        group="bring",
        icon="paper-plane-tilt",
    ),
    Command(
        "network.send_measurements",
        "Send measurements to…",
        _ask_send_measurements,
        enabled=_can_send_measurements,
        keys=("Ctrl+M",),
        menu="Network",
        group="bring",
        icon="ruler",
    ),
    Command(
        "network.worklist",
        "Worklist…",
        lambda desk: desk.window.show_worklist(),
        menu="Network",
        group="look",
        icon="list-checks",
    ),
    Command(
        "network.transfers",
        "Transfers…",
        lambda desk: desk.window.show_transfers(),
        keys=("F4",),
        menu="Network",
        group="look",
        icon="arrows-down-up",
    ),
    Command(
        "network.pause",
        "Pause every transfer",
        _pause_all,
        enabled=lambda desk: bool(_unfinished(desk)),
        menu="Network",
        group="queue",
        icon="pause",
    ),
    Command(
        "network.resume",
        "Go on with every transfer",
        _go_on,
        enabled=lambda desk: bool(_of_state(desk, TransferState.PAUSED)),
        menu="Network",
        group="queue",
        icon="play",
    ),
    Command(
        "network.peers",
        "Connect a PACS…",
        lambda desk: desk.window.ask_peers(),
        menu="Network",
        group="settle",
        icon="plugs-connected",
    ),
)
