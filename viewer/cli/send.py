"""`lightbox send`: studies, series and images to a peer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.cli.transfers import (
    exit_status,
    failures,
    opened_queue,
    other_words,
    refusal_lines,
    shortfall,
)
from viewer.core.commitment import Commitment, CommitmentState
from viewer.core.counts import counted
from viewer.core.errors import ViewerError
from viewer.core.peers import Way
from viewer.core.transfer import Direction
from viewer.services.addressing import key_of
from viewer.services.peers import Peers
from viewer.services.places import settings_file
from viewer.services.settings import read_settings

if TYPE_CHECKING:
    import typer

    from viewer.core.peers import Peer
    from viewer.core.remote import RemoteKey
    from viewer.core.transfer import Transfer
    from viewer.network.listener.policy import Allowed
    from viewer.services.library import Library
    from viewer.services.transferring import Ending
    from viewer.services.workers import Workers


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was typed.

    Attributes
    ----------
    peer : Peer
    uids : sequence of str
    key_images : bool
    person : str or None
        Who measured, if a report of measurements is to go.
    way : Way or None
    wait : float or None
        Seconds the peer has to answer for it; None does not ask.
    """

    peer: "Peer"
    uids: Sequence[str]
    key_images: bool
    person: str | None
    way: Way | None
    wait: float | None


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    from viewer.cli import send_options as typed  # noqa: PLC0415 - loads typer

    @app.command()
    def send(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        peer: typed.PeerName,
        uids: typed.Uids,
        *,
        key_images: typed.KeyImages = False,
        measurements: typed.Measurements = False,
        observer: typed.Observer = "",
        via: typed.Via = None,
        commit: typed.Commit = False,
        wait: typed.Wait = 10.0,
    ) -> int:
        """Send studies, series or images to a peer, as they lie in the catalog.

        Ctrl+C pauses; the same command goes on where it stopped.
        """
        options = options_of(context)
        wish = _Wish(
            Peers(options.data_dir).get(peer),
            uids,
            key_images,
            _person(options.data_dir, observer) if measurements else None,
            via.way if via is not None else None,
            wait if commit else None,
        )
        endings, promise = _sent(options.data_dir, wish)
        if options.json:
            output.answer_json(_document(endings, promise))
        else:
            output.answer_text("\n".join((*_lines(endings), *_promised(promise))))
        kept = promise is not None and promise.state is CommitmentState.COMMITTED
        return exit_status(endings) or int(commit and not kept)


def _sent(data_dir: Path, wish: _Wish) -> "tuple[Sequence[Ending], Commitment | None]":
    """How sending ended, and what the peer answers for if it was asked."""
    from viewer.services.transfers import work_off  # noqa: PLC0415 - SQLAlchemy

    callers = _callers(data_dir) if wish.wait is not None else None
    with opened_queue(data_dir, Direction.SEND) as (library, workers, queue):
        keys = _keys(library, workers, wish)
        added = queue.add(Direction.SEND, wish.peer.name, keys, way=wish.way)
        ids = [one.id for one in added]
        with output.progress("Sending") as bar:
            endings = work_off(queue, ids, bar)
        if wish.wait is None:
            return endings, None
        asked = queue.get(ids)
        return endings, _promise(library, wish.peer, asked, wish.wait, callers)


def _keys(library: "Library", workers: "Workers", wish: _Wish) -> "Sequence[RemoteKey]":
    """What is to go: all of it, or what is marked in it, or what was measured."""
    from viewer.services.sending_key_images import (  # noqa: PLC0415
        keys_of_key_images,
    )
    from viewer.services.sending_measurements import (  # noqa: PLC0415
        keys_of_measurements,
    )

    keys = [key_of(library, uid) for uid in dict.fromkeys(wish.uids)]
    if not wish.key_images and wish.person is None:
        return keys
    marked = keys_of_key_images(library, workers, keys) if wish.key_images else ()
    if wish.person is None:
        return marked
    return (*marked, *keys_of_measurements(library, workers, keys, wish.person))


def _person(data_dir: Path, observer: str) -> str:
    """Who measured: as said here, else as settled."""
    settled, _ = read_settings(settings_file(data_dir))
    return observer or settled.observer


def _callers(data_dir: Path) -> "Sequence[Allowed] | None":
    """Who may call us, as settled for the listener; None is everybody.

    One whose host nobody knows calls from nowhere, and is told of.
    """
    from viewer.services.listening import to_allowed  # noqa: PLC0415 - the wire

    settled, _ = read_settings(settings_file(data_dir))
    found: list[Allowed] = []
    for text in settled.listen_callers:
        try:
            found.append(to_allowed(text))
        except ViewerError as error:
            output.tell_error(error, json=False)
    return found if settled.listen_callers else None


def _promise(
    library: "Library",
    peer: "Peer",
    transfers: "Sequence[Transfer]",
    wait: float,
    callers: "Sequence[Allowed] | None",
) -> Commitment | None:
    """What the peer answers for; a peer that cannot be asked is told of."""
    from viewer.services.awaiting import commitment_awaited  # noqa: PLC0415 - SQLAlchemy
    from viewer.services.sending import objects_sent  # noqa: PLC0415

    objects = objects_sent(library, transfers)
    if not objects:
        return None
    try:
        return commitment_awaited(library, peer, objects, wait=wait, callers=callers)
    except ViewerError as error:
        output.tell_error(error, json=False)
        return None


def _document(
    endings: "Sequence[Ending]", promise: Commitment | None
) -> dict[str, object]:
    return {
        "wanted": sum(one.wanted for one in endings),
        "sent": sum(one.fetched for one in endings),
        "already_sent": sum(one.already for one in endings),
        **shortfall(endings),
        "commitment": promise,
    }


def _promised(promise: Commitment | None) -> "Iterator[str]":
    """What the peer answers for."""
    if promise is None:
        return
    match promise.state:
        case CommitmentState.COMMITTED:
            yield f"The peer answers for {counted(promise.kept, 'image')}."
        case CommitmentState.PENDING:
            yield "The peer has not said yet what it answers for."
            yield "Its word is kept when it comes while lightbox listen runs."
        case CommitmentState.REFUSED:
            yield "The peer does not answer for what it is sent."
        case CommitmentState.FAILED:
            yield f"The peer answers for {counted(promise.kept, 'image')} only."
            for uid, reason in promise.failed.items():
                yield f"  not answered for  {uid}\n                    {reason}"


def _lines(endings: "Sequence[Ending]") -> Iterator[str]:
    done, wanted = sum(one.done for one in endings), sum(one.wanted for one in endings)
    yield f"{counted(done, 'image')} of {wanted:,} sent."
    yield from refusal_lines(endings)
    yield from other_words(endings)
    for one in failures(endings):
        yield f"  not sent  {one['sop_instance_uid']}\n            {one['reason']}"
