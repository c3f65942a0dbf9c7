"""The report of a proof, for people and for programs; no value of anybody is in it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

from viewer import __version__
from viewer.core.counts import counted
from viewer.core.errors import EnvironmentFailure
from viewer.core.proof import Fault, Finding, Proof
from viewer.core.resources import resource
from viewer.core.telltale import Kind
from viewer.core.withholding import Reason

_MOST_ROWS: Final = 1000
_KINDS: Final = {
    Kind.NAME: "names",
    Kind.NUMBER: "identifiers",
    Kind.DATE: "dates",
    Kind.PLACE: "places and stations",
    Kind.UID: "UIDs",
}


def write_reports(proof: Proof, folder: Path, stem: str) -> tuple[Path, Path]:
    """Write both reports and return where: HTML, then JSON.

    Parameters
    ----------
    proof : Proof
    folder : Path
        Made if it is missing; only its owner may look into the files.
    stem : str
        Beginning of their names; an earlier report of that name is replaced.

    Raises
    ------
    EnvironmentFailure
        If they cannot be written.
    """
    page, data = folder / f"{stem}.html", folder / f"{stem}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(to_html(proof), "utf-8")
        data.write_text(json.dumps(to_document(proof), indent=1) + "\n", "utf-8")
    except OSError as error:
        raise EnvironmentFailure(
            "The report cannot be written.", hint="Name another folder for it."
        ) from error
    return page, data


def to_document(proof: Proof) -> dict[str, Any]:
    """What programs read."""
    plain = asdict(proof)
    plain["reasons"] = dict(
        proof.reasons
    )  # asdict takes a Counter's items for its keys
    plain["values"] = {str(kind): count for kind, count in proof.values.items()}
    return {
        "report": "proof of an anonymized export",
        "verified_by": f"Lightbox {__version__}",
        "proven": proof.holds,
        "faults": {str(fault): count for fault, count in proof.faults.items()},
        **plain,
    }


def to_html(proof: Proof) -> str:
    """A page that needs nothing but itself, on the screen and on paper."""
    page = resource("deidentification/proof.html").read_text("utf-8")
    state = "proven" if proof.holds else "open"
    written = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    parts = {
        "state": state,
        "verdict": _verdict(proof),
        "sentence": _sentence(proof),
        "facts": "".join(_facts(proof)),
        "checks": "".join(_checks(proof)),
        "findings": "".join(_findings(proof.findings)),
        "notes": "".join(f"<p class=note>{escape(note)}</p>" for note in proof.notes),
        "footer": escape(f"Lightbox {__version__} · {written} · {proof.seconds:.1f} s"),
    }
    for name, text in parts.items():
        page = page.replace(f"{{{{{name}}}}}", text)
    return page


def _verdict(proof: Proof) -> str:
    if proof.holds:
        return "Proven" if proof.against else "Rules kept"
    return counted(len(proof.findings), "finding") if proof.findings else "Nothing here"


def _sentence(proof: Proof) -> str:
    files = counted(proof.files, "file")
    if not proof.files:
        return "There is no file that could be read."
    if not proof.holds:
        return f"{files} were read again, and something is wrong with this export."
    if proof.against:
        source = counted(proof.against, "instance")
        return (
            f"{files} were read again, byte by byte. No identifying value of the"
            f" {source} they were made of is in any of them."
        )
    return f"{files} were read again. Each attribute keeps its rule."


def _facts(proof: Proof) -> Iterator[str]:
    megabytes = f"{proof.bytes / 1e6:,.1f} MB"
    yield _fact("Read again", f"{counted(proof.files, 'file')}, {megabytes}")
    if proof.against:
        total = sum(proof.values.values())
        by_kind = ", ".join(
            f"{proof.values[kind]:,} {name}"
            for kind, name in _KINDS.items()
            if proof.values.get(kind)
        )
        yield _fact("Sought", f"{total:,} values ({by_kind})")
        yield _fact("In", f"{proof.forms:,} ways of writing them, in every byte")
    if proof.wanted is not None:
        account = f"{proof.wanted:,} chosen = {proof.exported:,} written"
        yield _fact("Account", f"{account} + {proof.stayed:,} withheld or failed")
    for reason, count in proof.reasons.items():
        yield _fact("Withheld", f"{count:,}: {_why(reason)}")
    if proof.outside:
        yield _fact("Leads outside", f"{counted(proof.outside, 'reference')}")
    yield _fact("Profile", "PS3.15 Annex E Basic Profile, " + _options(proof))
    yield _fact("Table", f"E.1-1, {proof.table}")
    if proof.program:
        yield _fact("Written by", proof.program)


def _why(reason: str) -> str:
    try:
        return Reason(reason).sentence
    except ValueError:
        return reason


def _options(proof: Proof) -> str:
    return ", ".join(proof.options) if proof.options else "no options"


def _fact(name: str, text: str) -> str:
    return f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>\n"


def _checks(proof: Proof) -> Iterator[str]:
    """Every sort of fault that was sought: its promise, or how often it is there."""
    for fault in Fault:
        if not _was_sought(fault, proof):
            continue
        count = proof.faults.get(fault, 0)
        sign, state = ("✗", "bad") if count else ("✓", "good")
        said = fault.sentence if count else fault.promise
        yield (
            f"<tr class={state}><td>{sign}</td>"
            f"<td>{escape(fault.value.replace('-', ' '))}</td><td>{escape(said)}</td>"
            f"<td class=number>{count or ''}</td></tr>\n"
        )


def _was_sought(fault: Fault, proof: Proof) -> bool:
    if fault in (Fault.SURVIVOR, Fault.REFERENCE):
        return proof.against > 0
    if fault in (Fault.COUNT, Fault.CHANGED, Fault.STRANGER):
        return proof.wanted is not None or fault in proof.faults
    return True


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    rows = list(findings)
    if not rows:
        return
    yield "<h2>Findings</h2><table><thead><tr><th>File<th>Where<th>What<th>Mark"
    yield "</tr></thead><tbody>"
    for one in rows[:_MOST_ROWS]:
        what = f"{one.kind.value}: " if one.kind else ""
        what += one.rule or one.fault.sentence
        cells = (one.file, one.place, what, one.mark)
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>\n"
    yield "</tbody></table>"
    if len(rows) > _MOST_ROWS:
        more = len(rows) - _MOST_ROWS
        yield f"<p class=note>{more:,} more are in the JSON report.</p>"
