"""`lightbox studies` and `lightbox show`: what the catalog holds."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Annotated, get_args

from viewer.cli import output
from viewer.cli.options import Options, UsageError, options_of
from viewer.core.counts import counted
from viewer.core.errors import ViewerError
from viewer.core.identity import PersonName
from viewer.core.listing import (
    STATUSES,
    FilterValues,
    SortColumn,
    StudyPage,
    StudyQuery,
    StudySummary,
)
from viewer.services import places

if TYPE_CHECKING:
    import typer

    from viewer.services.library import Library

Many = list[str]


def register(app: "typer.Typer") -> None:
    """Add the commands."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def studies(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        text: Annotated[
            Many | None,
            typer.Argument(metavar="TEXT", help="Parts of words; all must occur."),
        ] = None,
        *,
        patient: Annotated[str, typer.Option(help="Part of the name.")] = "",
        patient_id: Annotated[str, typer.Option(help="Part of the ID.")] = "",
        accession: Annotated[str, typer.Option(help="Part of the number.")] = "",
        modality: Annotated[
            Many | None, typer.Option(help="CT,MR; any of several.")
        ] = None,
        date: Annotated[
            str,
            typer.Option(metavar="A..B", help="YYYY-MM-DD; either may be left out."),
        ] = "",
        status: Annotated[Many | None, typer.Option(help="Any of several.")] = None,
        institution: Annotated[
            Many | None, typer.Option(help="Any of several.")
        ] = None,
        tag: Annotated[Many | None, typer.Option(help="Any of several.")] = None,
        sort: Annotated[
            str, typer.Option(metavar="COLUMN", help="-COLUMN turns it round.")
        ] = "-study_date",
        limit: Annotated[int, typer.Option(min=0)] = 100,
        offset: Annotated[int, typer.Option(min=0)] = 0,
    ) -> int:
        """List the studies of the catalog, the newest first."""
        first, last = to_dates(date)
        column, descending = _order(sort)
        query = StudyQuery(
            text=" ".join(text or ()),
            patient=patient,
            patient_id=patient_id,
            accession=accession,
            modalities=to_codes(modality),
            statuses=_statuses(status),
            institutions=tuple(institution or ()),
            tags=tuple(tag or ()),
            date_from=first,
            date_to=last,
            sort=column,
            descending=descending,
            limit=limit,
            offset=offset,
        )
        _answer_page(options_of(context), query)
        return 0

    @app.command()
    def show(
        context: typer.Context,
        study_uid: Annotated[str, typer.Argument(metavar="STUDY_UID")],
    ) -> int:
        """Show what a study consists of: series, stacks with their faults, images."""
        from viewer.cli import hierarchy  # noqa: PLC0415 - only here

        options = options_of(context)
        if not places.has_catalog(options.data_dir):
            raise ViewerError(
                "The catalog is empty.", hint="lightbox import PATH… fills it."
            )
        with _library(options) as library:
            opened = library.open_study(study_uid)
            conflicts = library.conflicts(study_uid)
        if options.json:
            output.answer_json(hierarchy.document(opened, conflicts))
        else:
            output.answer_text("\n".join(hierarchy.lines(opened, conflicts)))
        return int(any(series.unavailable for series in opened.series))


def study_document(study: StudySummary) -> dict[str, object]:
    """A study as every command that lists studies answers it; null is unknown."""
    return {
        field.name: None
        if getattr(study, field.name) == ""
        else getattr(study, field.name)
        for field in fields(study)
    }


def to_codes(words: Many | None) -> tuple[str, ...]:
    """Modalities as DICOM writes them; ``CT,MR`` is two."""
    codes = (code.strip() for word in words or () for code in word.upper().split(","))
    return tuple(code for code in codes if code)


def _statuses(words: Many | None) -> tuple[str, ...]:
    """Statuses that there are: a misspelt one is no empty answer.

    Raises
    ------
    UsageError
    """
    for word in words or ():
        if word not in STATUSES:
            raise UsageError(
                f"There is no status {word}.", hint=f"One of {', '.join(STATUSES)}."
            )
    return tuple(words or ())


def _library(options: Options) -> "Library":
    from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy is slow

    return Library(options.data_dir)


def _answer_page(options: Options, query: StudyQuery) -> None:
    page, filters = StudyPage(0, ()), FilterValues()
    if places.has_catalog(options.data_dir):
        with _library(options) as library:
            page, filters = library.search(query), library.filters()
    if options.json:
        output.answer_json(
            {
                "total": page.total,
                "items": [study_document(study) for study in page.items],
                "filters": filters,
            }
        )
        return
    output.answer_table(_COLUMNS, (tuple(_cells(study)) for study in page.items))
    shown = len(page.items)
    if shown < page.total:
        total = counted(page.total, "study", "studies")
        output.tell(f"{shown:,} of {total}; see --limit and --offset.")


_COLUMNS = (
    "Patient",
    "ID",
    "Born",
    "Date",
    "Modality",
    "Description",
    ">Images",
    "Status",
    "Study UID",
)


def _cells(study: StudySummary) -> Iterator[object]:
    yield PersonName.from_pn(study.patient_name).display
    yield study.patient_id
    yield study.patient_birth_date
    yield study.study_date
    yield " ".join(study.modalities)
    yield study.description
    yield study.instances
    yield study.status
    yield study.study_uid


def _order(sort: str) -> tuple[SortColumn, bool]:
    name = sort.removeprefix("-")
    for column in get_args(SortColumn):
        if column == name:
            return column, sort.startswith("-")
    raise UsageError(
        f"There is no column {name} to sort by.",
        hint="One of " + ", ".join(get_args(SortColumn)) + ".",
    )


def to_dates(span: str) -> tuple[date | None, date | None]:
    """First and last day of ``A..B``; one day alone is both."""
    first, dots, last = span.partition("..")
    if not dots:
        last = first
    days = _day(first), _day(last)
    if days[0] is not None and days[1] is not None and days[0] > days[1]:
        raise UsageError("The dates are the wrong way round.", hint=f"{last}..{first}")
    return days


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as cause:
        raise UsageError(
            f"{text} is no date.", hint="--date 2024-01-31..2024-02-29"
        ) from cause
