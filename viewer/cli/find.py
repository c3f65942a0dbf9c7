"""`lightbox find`: what peers have."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import Options, UsageError, options_of
from viewer.cli.studies import to_codes, to_dates
from viewer.core.ages import to_age
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.identity import PersonName, SeriesUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.remote import (
    Level,
    RemoteInstance,
    RemoteKey,
    RemoteSeries,
    RemoteStudy,
)
from viewer.services import places
from viewer.services.asking import list_instances, list_series
from viewer.services.logins import Logins
from viewer.services.marking import marked_instances, marked_series
from viewer.services.peers import Peers
from viewer.services.querying import Answered, Asked, find_studies
from viewer.services.secrets import Secrets

if TYPE_CHECKING:
    import typer

    from viewer.catalog.presence import Presence

Row = RemoteStudy | RemoteSeries | RemoteInstance


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def find(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        peer: Annotated[
            str, typer.Argument(metavar="PEER", help="One, or several: A,B.")
        ],
        text: Annotated[
            list[str] | None,
            typer.Argument(metavar="TEXT", help="Parts of words; all must occur."),
        ] = None,
        *,
        patient: Annotated[str, typer.Option(help="Part of the name.")] = "",
        patient_id: Annotated[str, typer.Option(help="Part of the ID.")] = "",
        accession: Annotated[str, typer.Option(help="Part of the number.")] = "",
        modality: Annotated[
            list[str] | None, typer.Option(help="CT,MR; any of several.")
        ] = None,
        date: Annotated[
            str,
            typer.Option(metavar="A..B", help="YYYY-MM-DD; either may be left out."),
        ] = "",
        limit: Annotated[int, typer.Option(min=0, help="Of each peer.")] = 100,
        level: Annotated[Level, typer.Option(help="What is listed.")] = Level.STUDY,
        study: Annotated[
            str, typer.Option(metavar="UID", help="Whose series or instances.")
        ] = "",
        series: Annotated[
            str, typer.Option(metavar="UID", help="Whose instances.")
        ] = "",
    ) -> int:
        """List what peers have, the newest first; * and ? are wildcards."""
        options = options_of(context)
        asked = _asked(options, peer)
        if level is not Level.STUDY or study or series:
            key = _key(level, study, series)
            return _answer_below(options, asked, level, key)
        first, last = to_dates(date)
        query = StudyQuery(
            text=" ".join(text or ()),
            patient=patient,
            patient_id=patient_id,
            accession=accession,
            modalities=to_codes(modality),
            date_from=first,
            date_to=last,
            limit=limit,
        )
        return _answer_studies(options, asked, query)


def _asked(options: Options, names: str) -> list[Asked]:
    peers, secrets = Peers(options.data_dir), Secrets(options.data_dir)
    logins = Logins(options.data_dir)
    known = {peer.name for peer in peers.all()}
    named = [names] if names in known else names.split(",")
    found = [peers.get(name.strip()) for name in named]
    return [Asked(peer, secrets.passcode(peer), logins.of(peer)) for peer in found]


def _key(level: Level, study: str, series: str) -> RemoteKey:
    if level is Level.STUDY or not study:
        raise UsageError(
            f"--level {level} lists what a study consists of."
            if level is not Level.STUDY
            else "--study and --series say whose series or instances are listed.",
            hint="--level series --study UID, or --level instance --study UID.",
        )
    return RemoteKey(StudyUID(study), SeriesUID(series))


def _answer_studies(options: Options, asked: Sequence[Asked], query: StudyQuery) -> int:
    found: list[RemoteStudy] = []
    ended: list[Answered] = []
    with _presence(options) as here:
        for event in find_studies(asked, query, here=here):
            if isinstance(event, Answered):
                ended.append(event)
            else:
                found += event
    found.sort(key=_when, reverse=True)
    failed = {one.peer: one.error for one in ended if one.error is not None}
    more = any(one.more for one in ended)
    _answer(options, found, failed, more=more)
    if more:
        output.tell("There are more; see --limit.")
    return _status(asked, failed)


def _when(study: RemoteStudy) -> tuple[str, str]:
    return str(study.study_date or ""), str(study.study_time or "")


def _answer_below(
    options: Options, asked: Sequence[Asked], level: Level, key: RemoteKey
) -> int:
    found: list[RemoteSeries | RemoteInstance] = []
    failed: dict[str, ViewerError] = {}
    with _presence(options) as here:
        for one in asked:
            try:
                found += _below(one, level, key, here)
            except ViewerError as error:
                failed[one.peer.name] = error
    _answer(options, found, failed, more=False)
    return _status(asked, failed)


def _below(
    one: Asked, level: Level, key: RemoteKey, here: "Presence | None"
) -> Sequence[RemoteSeries | RemoteInstance]:
    if level is Level.SERIES:
        series = list_series(one.peer, key, secret=one.secret, login=one.login)
        return series if here is None else marked_series(series, here)
    instances = list_instances(one.peer, key, secret=one.secret, login=one.login)
    return instances if here is None else marked_instances(instances, here)


@contextmanager
def _presence(options: Options) -> "Iterator[Presence | None]":
    """What is here already; None where nothing was ever imported."""
    if not places.has_catalog(options.data_dir):
        yield None
        return
    from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy is slow

    with Library(options.data_dir) as library:
        yield library.catalog.presence


def _answer(
    options: Options,
    rows: Sequence[Row],
    failed: Mapping[str, ViewerError],
    *,
    more: bool,
) -> None:
    for error in failed.values():
        output.tell(f"{error.message}\n{error.hint}".rstrip())
    if options.json:
        document: dict[str, object] = {
            "total": len(rows),
            "more": more,
            "items": [_document(row) for row in rows],
            "failed": [
                {"peer": peer, "reason": error.message, "hint": error.hint}
                for peer, error in failed.items()
            ],
        }
        output.answer_json(document)
        return
    kind = type(rows[0]) if rows else RemoteStudy
    output.answer_table(_COLUMNS[kind], (tuple(_cells(row)) for row in rows))


def _document(row: Row) -> dict[str, object]:
    """Every field of a row; null is not told.

    A study has what it has in every command that lists studies, and what peers add.
    """
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    document = {name: None if value == "" else value for name, value in values.items()}
    if isinstance(row, RemoteStudy):
        age = to_age("", row.patient_birth_date, row.study_date)
        document |= {"age": age, "status": None}
    return document


def _status(asked: Sequence[Asked], failed: Mapping[str, ViewerError]) -> int:
    """0 all answered, 1 some did, 3 none could be reached."""
    if len(failed) < len(asked):
        return int(bool(failed))
    return 3 if all(isinstance(e, EnvironmentFailure) for e in failed.values()) else 1


_COLUMNS: dict[type[Row], tuple[str, ...]] = {
    RemoteStudy: (
        *("Peer", "Patient", "ID", "Born", "Date", "Modality", "Description"),
        *(">Images", ">Here", "Study UID"),
    ),
    RemoteSeries: (
        *("Peer", ">Number", "Modality", "Description", "Body part"),
        *(">Images", ">Here", "Series UID"),
    ),
    RemoteInstance: ("Peer", ">Number", ">Frames", ">Here", "SOP Instance UID"),
}


def _cells(row: Row) -> Iterator[object]:
    yield row.peer
    if isinstance(row, RemoteStudy):
        yield PersonName.from_pn(row.patient_name).display
        yield from (row.patient_id, row.patient_birth_date, row.study_date)
        yield " ".join(row.modalities)
        yield from (row.description, row.instances, row.local, row.study_uid)
    elif isinstance(row, RemoteSeries):
        yield from (row.number, row.modality, row.description, row.body_part)
        yield from (row.instances, row.local, row.series_uid)
    else:
        yield from (row.number, row.frames, row.local, row.sop_instance_uid)
