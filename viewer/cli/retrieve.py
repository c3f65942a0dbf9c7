"""`lightbox retrieve`: fetch studies from a peer."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.cli.transfers import (
    exit_status,
    opened_queue,
    other_words,
    refusal_lines,
    shortfall,
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

    from viewer.cli import retrieve_options as typed  # noqa: PLC0415 - loads typer

    @app.command()
    def retrieve(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        peer: typed.PeerName = "",
        uids: typed.Uids = None,
        *,
        via: typed.Via = None,
        series: typed.Series = None,
        resume: typed.Resume = False,
    ) -> int:
        """Fetch studies from a peer: what is here already is not fetched again.

        Ctrl+C pauses; the same command, or --resume, goes on where it stopped.
        """
        options = options_of(context)
        if resume == bool(peer or uids or series):
            raise UsageError(
                "Say what to retrieve: a peer and the UIDs of studies, or --resume.",
                hint="lightbox retrieve PEER UID…",
            )
        keys = [] if resume else _keys(uids or [], series or [])
        name = "" if resume else Peers(options.data_dir).get(peer).name
        endings, studies = _retrieved(options.data_dir, name, keys, via)
        if options.json:
            output.answer_json(_document(endings, studies))
        else:
            said = "\n".join(_lines(endings))
            output.answer_text(said or "There is nothing to go on with.")
        return exit_status(endings)


def _retrieved(
    data_dir: Path, name: str, keys: Sequence[RemoteKey], via: Way | None
) -> "tuple[Sequence[Ending], Sequence[str]]":
    """How fetching ended, and of which studies; without keys of what was left."""
    from viewer.services.transfers import (  # noqa: PLC0415 - SQLAlchemy
        unfinished,
        work_off,
    )

    with opened_queue(data_dir, Direction.FETCH) as (_, _, queue):
        if keys:
            added = queue.add(Direction.FETCH, name, keys, way=via)
            ids = [one.id for one in added]
        else:
            ids = unfinished(queue, Direction.FETCH)
        with output.progress("Retrieving") as bar:
            endings = work_off(queue, ids, bar)
        return endings, _studies(queue, ids)


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
        **shortfall(endings),
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
