"""`lightbox retrieve`: fetch studies from a peer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.cli.transfers import (
    exit_status,
    failures,
    other_words,
    quick_threads,
    refusal_lines,
    refusals,
)
from viewer.core.counts import counted
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.peers import Way
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.services.peers import Peers

if TYPE_CHECKING:
    import typer

    from viewer.services.transfer_queue import TransferQueue
    from viewer.services.transferring import Ending


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def retrieve(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        peer: Annotated[str, typer.Argument(metavar="PEER")] = "",
        uids: Annotated[
            list[str] | None,
            typer.Argument(metavar="UID…", help="Study Instance UIDs."),
        ] = None,
        *,
        via: Annotated[
            Way | None, typer.Option(help="By default what the peer's settings prefer.")
        ] = None,
        series: Annotated[
            list[str] | None,
            typer.Option(metavar="UID", help="Only this series of the one study."),
        ] = None,
        resume: Annotated[
            bool,
            typer.Option("--resume", help="Go on with what is paused or was cut off."),
        ] = False,
    ) -> int:
        """Fetch studies from a peer: what is here already is not fetched again.

        Ctrl+C pauses; the same command, or --resume, goes on where it stopped.
        """
        from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy
        from viewer.services.transfers import (  # noqa: PLC0415
            open_transfers,
            unfinished,
            work_off,
        )
        from viewer.services.workers import Workers  # noqa: PLC0415

        options = options_of(context)
        if resume == bool(peer or uids or series):
            raise UsageError(
                "Say what to retrieve: a peer and the UIDs of studies, or --resume.",
                hint="lightbox retrieve PEER UID…",
            )
        keys = [] if resume else _keys(uids or [], series or [])
        name = "" if resume else Peers(options.data_dir).get(peer).name
        with (
            quick_threads(),
            Workers() as workers,
            Library(options.data_dir, workers) as library,
            open_transfers(library, workers, [Direction.FETCH]) as queue,
        ):
            if resume:
                ids = unfinished(queue, Direction.FETCH)
            else:
                ids = [
                    one.id for one in queue.add(Direction.FETCH, name, keys, way=via)
                ]
            with output.progress("Retrieving") as bar:
                endings = work_off(queue, ids, bar)
            studies = _studies(queue, ids)
        if options.json:
            output.answer_json(_document(endings, studies))
        else:
            said = "\n".join(_lines(endings))
            output.answer_text(said or "There is nothing to go on with.")
        return exit_status(endings)


def _keys(uids: Sequence[str], series: Sequence[str]) -> list[RemoteKey]:
    if not uids:
        raise UsageError(
            "Say which studies to retrieve.",
            hint="lightbox find PEER lists their UIDs.",
        )
    if not series:
        return [RemoteKey(StudyUID(uid)) for uid in dict.fromkeys(uids)]
    if len(uids) > 1:
        raise UsageError("--series is of one study; several are named.")
    return [RemoteKey(StudyUID(uids[0]), SeriesUID(one)) for one in series]


def _studies(queue: "TransferQueue", ids: Sequence[int]) -> list[str]:
    return list(dict.fromkeys(one.key.study_uid for one in queue.get(ids)))


def _document(endings: "Sequence[Ending]", studies: Sequence[str]) -> dict[str, object]:
    return {
        "wanted": sum(one.wanted for one in endings),
        "fetched": sum(one.fetched for one in endings),
        "already_here": sum(one.already for one in endings),
        "refused": refusals(endings),
        "failed": failures(endings),
        "complete": all(one.state is TransferState.DONE for one in endings),
        "reasons": [one.reason for one in endings if one.reason],
        "studies": studies,
    }


def _lines(endings: "Iterable[Ending]") -> Iterator[str]:
    for one in endings:
        here = f", {one.already:,} were here already" if one.already else ""
        images = counted(one.fetched, "image")
        yield f"{images} of {one.wanted:,} fetched{here}."
        yield from refusal_lines([one])
        yield from other_words([one])
        if one.state is TransferState.WAITING:
            yield "  It stays in the queue; lightbox retrieve --resume goes on with it."
