"""`lightbox send`: studies, series and images to a peer."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.cli.transfers import (
    exit_status,
    failures,
    other_words,
    quick_threads,
    refusal_lines,
    refusals,
)
from viewer.core.commitment import Commitment, CommitmentState
from viewer.core.counts import counted
from viewer.core.errors import ViewerError
from viewer.core.peers import Way
from viewer.core.transfer import Direction, TransferState
from viewer.services.addressing import key_of
from viewer.services.peers import Peers
from viewer.services.places import settings_file
from viewer.services.secrets import Secrets
from viewer.services.settings import read_settings

if TYPE_CHECKING:
    import typer

    from viewer.core.peers import Peer
    from viewer.core.remote import RemoteKey
    from viewer.core.transfer import Transfer
    from viewer.services.library import Library
    from viewer.services.transferring import Ending
    from viewer.services.workers import Workers


class SendVia(StrEnum):
    """How objects go to a peer."""

    STORE = "store"  # C-STORE
    WEB = "web"  # STOW-RS


_WAYS = {SendVia.STORE: Way.GET, SendVia.WEB: Way.WEB}
"""What a transfer keeps of it: over an association, or by DICOMweb."""


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def send(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        peer: Annotated[str, typer.Argument(metavar="PEER")],
        uids: Annotated[
            list[str],
            typer.Argument(
                metavar="UID…", help="Of studies, series or images of the catalog."
            ),
        ],
        *,
        key_images: Annotated[
            bool,
            typer.Option(
                "--key-images", help="Only what Key Object Selections mark, and those."
            ),
        ] = False,
        measurements: Annotated[
            bool,
            typer.Option(
                "--measurements", help="Only a report of what is drawn on each study."
            ),
        ] = False,
        observer: Annotated[
            str,
            typer.Option(
                metavar="NAME",
                help="Who measured, with --measurements; else as last in the window.",
            ),
        ] = "",
        via: Annotated[
            SendVia | None,
            typer.Option(help="By default what the peer's settings prefer."),
        ] = None,
        commit: Annotated[
            bool, typer.Option("--commit", help="Have the peer answer for them.")
        ] = False,
        wait: Annotated[
            float,
            typer.Option(
                min=0, metavar="SECONDS", help="For its answer, with --commit."
            ),
        ] = 10.0,
    ) -> int:
        """Send studies, series or images to a peer, as they lie in the catalog.

        Ctrl+C pauses; the same command goes on where it stopped.
        """
        from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy
        from viewer.services.transfers import (  # noqa: PLC0415
            open_transfers,
            work_off,
        )
        from viewer.services.workers import Workers  # noqa: PLC0415

        options = options_of(context)
        found = Peers(options.data_dir).get(peer)
        with (
            quick_threads(),
            Workers() as workers,
            Library(options.data_dir, workers) as library,
            open_transfers(library, workers, [Direction.SEND]) as queue,
        ):
            person = _person(library, observer) if measurements else None
            keys = _keys(library, workers, uids, person, key_images=key_images)
            way = _WAYS[via] if via is not None else None
            added = queue.add(Direction.SEND, found.name, keys, way=way)
            ids = [one.id for one in added]
            with output.progress("Sending") as bar:
                endings = work_off(queue, ids, bar)
            asked = queue.get(ids)
            promise = _promise(library, found, asked, wait) if commit else None
        if options.json:
            output.answer_json(_document(endings, promise))
        else:
            output.answer_text("\n".join((*_lines(endings), *_promised(promise))))
        kept = promise is not None and promise.state is CommitmentState.COMMITTED
        return exit_status(endings) or int(commit and not kept)


def _keys(
    library: "Library",
    workers: "Workers",
    uids: "Iterable[str]",
    person: str | None,
    *,
    key_images: bool,
) -> "Sequence[RemoteKey]":
    """What is to go: all of it, or what is marked in it, or what `person` measured."""
    from viewer.services.sending_key_images import (  # noqa: PLC0415
        keys_of_key_images,
    )
    from viewer.services.sending_measurements import (  # noqa: PLC0415
        keys_of_measurements,
    )

    keys: Sequence[RemoteKey] = [key_of(library, uid) for uid in dict.fromkeys(uids)]
    if not key_images and person is None:
        return keys
    marked = keys_of_key_images(library, workers, keys) if key_images else ()
    if person is None:
        return marked
    return (*marked, *keys_of_measurements(library, workers, keys, person))


def _person(library: "Library", observer: str) -> str:
    """Who measured: as said here, else as settled."""
    settled, _ = read_settings(settings_file(library.data_dir))
    return observer or settled.observer


def _promise(
    library: "Library", peer: "Peer", transfers: "Sequence[Transfer]", wait: float
) -> Commitment | None:
    """What the peer answers for; a peer that cannot be asked is told of."""
    from viewer.services.awaiting import commitment_awaited  # noqa: PLC0415 - SQLAlchemy
    from viewer.services.sending import objects_sent  # noqa: PLC0415

    objects = objects_sent(library, transfers)
    if not objects:
        return None
    secret = Secrets(library.data_dir).passcode(peer)
    try:
        return commitment_awaited(library, peer, objects, secret=secret, wait=wait)
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
        "refused": refusals(endings),
        "failed": failures(endings),
        "complete": all(one.state is TransferState.DONE for one in endings),
        "reasons": [one.reason for one in endings if one.reason],
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
