"""`lightbox verify`: is an anonymized export what it should be."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.counts import counted
from viewer.core.errors import UnreadableError

if TYPE_CHECKING:
    import typer

    from viewer.core.proof import Proof

_MOST_LINES = 40


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def verify(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        place: Annotated[
            Path | None,
            typer.Argument(metavar="DIR", help="Folder or ZIP of the export."),
        ] = None,
        *,
        source: Annotated[
            list[str] | None,
            typer.Option(
                metavar="UID",
                help="Study, series or image it was made of; give it for each.",
            ),
        ] = None,
        report: Annotated[
            Path | None,
            typer.Option(
                metavar="DIR", help="For the reports; else beside the export."
            ),
        ] = None,
        password_file: Annotated[
            Path | None,
            typer.Option(metavar="F", help="Its first line opens the ZIP."),
        ] = None,
        store: Annotated[
            bool,
            typer.Option("--store", help="Prove the files of the library instead."),
        ] = False,
    ) -> int:
        """Read an anonymized export again and prove that nothing of anybody is in it.

        Without --source only rules and account are proven. Exit status 0 if nothing
        was found, 1 if something was.
        """
        options = options_of(context)
        if store:
            return _store(options.data_dir, json=options.json)
        if place is None:
            raise UsageError("verify needs an export, or --store.")
        proof = _proven(options.data_dir, place, source or [], password_file)
        from viewer.services.proof_report import (  # noqa: PLC0415 - not for --help
            to_document,
            write_reports,
        )

        folder = report or place.absolute().parent
        written = write_reports(proof, folder, f"{place.absolute().name}-proof")
        if options.json:
            output.answer_json({**to_document(proof), "reports": written})
        else:
            output.answer_text("\n".join([*_lines(proof), f"Report: {written[0]}"]))
        return int(not proof.holds)


def _proven(
    data_dir: Path, place: Path, source: list[str], password_file: Path | None
) -> "Proof":
    from viewer.services.library import Library  # noqa: PLC0415 - not for --help
    from viewer.services.proving import Proving  # noqa: PLC0415
    from viewer.services.workers import Workers  # noqa: PLC0415

    with (
        Workers(2) as workers,
        Library(data_dir, workers) as library,
        output.progress("Verify") as progress,
    ):
        proving = Proving(library, workers)
        return proving.run(place, source, progress, _password(password_file))


def _password(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text("utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise UnreadableError("The file of the password cannot be read.") from error


def _lines(proof: "Proof") -> Iterator[str]:
    read = f"{counted(proof.files, 'file')} read again, {proof.bytes / 1e6:,.1f} MB"
    yield f"{read}, {proof.seconds:.1f} s"
    if proof.against:
        total = sum(proof.values.values())
        source = counted(proof.against, "instance")
        yield f"{total:,} values of {source} sought in {proof.forms:,} forms"
    if proof.wanted is not None:
        yield (
            f"{proof.wanted:,} chosen = {proof.exported:,} written"
            f" + {proof.stayed:,} withheld or failed"
        )
    for fault, count in proof.faults.items():
        yield f"✗ {count:,} × {fault.sentence}"
    for one in proof.findings[:_MOST_LINES]:
        kind = f"{one.kind.value} " if one.kind else ""
        yield f"  {one.file or 'the export'}: {one.place} {kind}{one.rule}".rstrip()
    if len(proof.findings) > _MOST_LINES:
        yield f"  and {len(proof.findings) - _MOST_LINES:,} more; the report has them"
    yield from proof.notes
    if proof.holds:
        yield "✓ Proven." if proof.against else "✓ The rules are kept."


def _store(data_dir: Path, *, json: bool) -> int:
    from viewer.services.store_proof import prove_store  # noqa: PLC0415 - not for --help

    with output.progress("Verify the store") as progress:
        proof = prove_store(data_dir, progress)
    if json:
        output.answer_json({"proven": proof.holds, **asdict(proof)})
        return int(not proof.holds)
    lines = [f"{counted(proof.files, 'file')} read, {proof.bytes / 1e6:,.1f} MB"]
    lines += [f"✗ {name} is not what was kept" for name in proof.changed]
    lines += [f"✗ {name} is missing" for name in proof.missing]
    if proof.surplus:
        lines.append(f"– {counted(proof.surplus, 'file')} the catalog does not know")
    lines += ["✓ Every file is the one that was kept."] if proof.holds else []
    output.answer_text("\n".join(lines))
    return int(not proof.holds)
