"""`lightbox send`: studies, series and images to a peer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.cli.transfers import exit_status, failures, quick_threads
from viewer.core.counts import counted
from viewer.core.transfer import Direction, TransferState
from viewer.services.peers import Peers

if TYPE_CHECKING:
    import typer

    from viewer.services.transferring import Ending


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def send(
        context: typer.Context,
        peer: Annotated[str, typer.Argument(metavar="PEER")],
        uids: Annotated[
            list[str],
            typer.Argument(
                metavar="UID…", help="Of studies, series or images of the catalog."
            ),
        ],
    ) -> int:
        """Send studies, series or images to a peer, as they lie in the catalog.

        Ctrl+C pauses; the same command goes on where it stopped.
        """
        from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy
        from viewer.services.sending import key_of  # noqa: PLC0415
        from viewer.services.transfers import (  # noqa: PLC0415
            open_transfers,
            work_off,
        )
        from viewer.services.workers import Workers  # noqa: PLC0415

        options = options_of(context)
        name = Peers(options.data_dir).get(peer).name
        quick_threads()
        with (
            Workers() as workers,
            Library(options.data_dir, workers) as library,
            open_transfers(library, workers, [Direction.SEND]) as queue,
        ):
            keys = [key_of(library, uid) for uid in dict.fromkeys(uids)]
            ids = [one.id for one in queue.add(Direction.SEND, name, keys)]
            with output.progress("Sending") as bar:
                endings = work_off(queue, ids, bar)
        if options.json:
            output.answer_json(_document(endings))
        else:
            output.answer_text("\n".join(_lines(endings)))
        return exit_status(endings)


def _document(endings: "Sequence[Ending]") -> dict[str, object]:
    return {
        "wanted": sum(one.wanted for one in endings),
        "sent": sum(one.fetched for one in endings),
        "already_sent": sum(one.already for one in endings),
        "failed": failures(endings),
        "complete": all(one.state is TransferState.DONE for one in endings),
        "reasons": [one.reason for one in endings if one.reason],
    }


def _lines(endings: "Iterable[Ending]") -> Iterator[str]:
    for one in endings:
        yield f"{counted(one.done, 'image')} of {one.wanted:,} sent."
        if one.reason:
            yield f"  {one.reason}"
        if one.hint:
            yield f"  {one.hint}"
        for uid, reason in one.failed.items():
            yield f"  not sent  {uid}\n            {reason}"
