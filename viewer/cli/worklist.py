"""`lightbox worklist`: what is planned."""

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.cli.studies import to_dates
from viewer.core.identity import PersonName
from viewer.core.worklist import WorklistItem, WorklistQuery
from viewer.services.peers import Peers
from viewer.services.planned import list_worklist
from viewer.services.secrets import Secrets

if TYPE_CHECKING:
    import typer


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def worklist(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        peer: Annotated[str, typer.Argument(metavar="PEER")],
        *,
        patient: Annotated[str, typer.Option(help="Part of the name.")] = "",
        patient_id: Annotated[str, typer.Option(help="Part of the ID.")] = "",
        accession: Annotated[str, typer.Option(help="Part of the number.")] = "",
        modality: Annotated[str, typer.Option(help="CT")] = "",
        station: Annotated[
            str, typer.Option(metavar="AET", help="AE title of the modality.")
        ] = "",
        date: Annotated[
            str,
            typer.Option(metavar="A..B", help="YYYY-MM-DD; either may be left out."),
        ] = "",
        limit: Annotated[int, typer.Option(min=0)] = 500,
    ) -> int:
        """List the procedure steps a worklist server has planned."""
        options = options_of(context)
        asked = Peers(options.data_dir).get(peer)
        first, last = to_dates(date)
        query = WorklistQuery(
            patient=patient,
            patient_id=patient_id,
            accession=accession,
            modality=modality.strip().upper(),
            station=station,
            date_from=first,
            date_to=last,
            limit=limit,
        )
        secret = Secrets(options.data_dir).passcode(asked)
        items = sorted(list_worklist(asked, query, secret=secret), key=_when)
        if options.json:
            documents = [_document(item) for item in items]
            output.answer_json({"total": len(items), "items": documents})
        else:
            output.answer_table(_COLUMNS, (tuple(_cells(item)) for item in items))
        return 0


def _when(item: WorklistItem) -> tuple[str, str]:
    return str(item.scheduled_date or ""), str(item.scheduled_time or "")


def _document(item: WorklistItem) -> dict[str, object]:
    """Every field; null is not told."""
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    return {name: None if value == "" else value for name, value in values.items()}


_COLUMNS = (
    "Date",
    "Time",
    "Patient",
    "ID",
    "Born",
    "Modality",
    "Station",
    "Description",
    "Accession",
)


def _cells(item: WorklistItem) -> Iterator[object]:
    yield item.scheduled_date
    yield item.scheduled_time
    yield PersonName.from_pn(item.patient_name).display
    yield item.patient_id
    yield item.patient_birth_date
    yield item.modality
    yield " ".join(item.stations)
    yield item.step_description or item.procedure_description
    yield item.accession_number
