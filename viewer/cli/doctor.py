"""`lightbox doctor`: is everything here that Lightbox needs."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.services.doctor import Finding, State, examine

if TYPE_CHECKING:
    import typer

_SIGNS = {State.OK: "✓", State.NOTE: "–", State.WARNING: "!", State.MISSING: "✗"}


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def doctor(context: typer.Context) -> int:
        """Look whether everything is here: libraries, decoders, catalog, disk."""
        options = options_of(context)
        findings = list(examine(options.data_dir))
        well = all(finding.state is not State.MISSING for finding in findings)
        if options.json:
            output.answer_json({"ok": well, "findings": findings})
        else:
            output.answer_text("\n".join(_lines(findings)))
        return 0 if well else 3


def _lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings as lines, those that say the same as one; advice below it."""
    said: dict[tuple[State, str, str], list[str]] = {}
    for finding in findings:
        key = (finding.state, finding.what, finding.advice)
        said.setdefault(key, []).append(finding.subject)
    for (state, what, advice), subjects in said.items():
        yield from _wrapped(
            f"{_SIGNS[state]} {state.value:<9}", _subject(subjects), what
        )
        if advice:
            yield f"{'':11}→ {advice}"


def _subject(subjects: list[str]) -> str:
    first, *others = subjects
    prefix = f"{first.partition(' of ')[0]} of "
    return ", ".join([first, *(other.removeprefix(prefix) for other in others)])


def _wrapped(start: str, subject: str, what: str) -> list[str]:
    width = max(60, shutil.get_terminal_size((100, 24)).columns)
    return textwrap.wrap(
        f"{subject}: {what}",
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
