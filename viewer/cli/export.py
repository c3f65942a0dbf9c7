"""`lightbox export`: studies as they are, or anonymous."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli import output, proposals
from viewer.cli.options import UsageError, options_of
from viewer.core.counts import counted
from viewer.core.deidentification import Option
from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.export import (
    Anonymization,
    ExportWish,
    NotExported,
    Packing,
)
from viewer.core.export_forms import DICOM, QUALITY, Look, form_named
from viewer.core.withholding import Caution

if TYPE_CHECKING:
    import typer

    from viewer.services.export_told import ExportTold


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed of an anonymized export."""

    anonymize: bool = False
    project: str = ""
    profile: str = ""
    options: tuple[Option, ...] = ()
    keep_documents: bool = False
    keep_video: bool = False
    review: Path | None = None
    crosswalk: Path | None = None


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    from viewer.cli import export_options as typed  # noqa: PLC0415 - loads typer

    @app.command()
    def export(  # noqa: PLR0913 - as many options as there are wishes
        context: typer.Context,
        uids: typed.Uids,
        *,
        to: typed.To = None,
        send: typed.Send = "",
        dicomdir: typed.Dicomdir = False,
        zipped: typed.Zipped = False,
        password_file: typed.PasswordFile = None,
        key_images: typed.KeyImages = False,
        form: typed.Form = DICOM.name,
        bits: typed.Bits = 8,
        stored: typed.Stored = False,
        annotations: typed.Annotations = False,
        quality: typed.Quality = QUALITY,
        anonymize: typed.Anonymize = False,
        project: typed.Project = "",
        profile: typed.Profile = "",
        option: typed.Options = None,
        review: typed.Review = None,
        propose: typed.Propose = None,
        crosswalk: typed.Crosswalk = None,
        keep_documents: typed.KeepDocuments = False,
        keep_video: typed.KeepVideo = False,
        no_verify: typed.NoVerify = False,
    ) -> int:
        """Export studies, series or images, as DICOM or as pictures.

        Either all of it appears under the final name, or nothing. An export that was
        killed goes on where it stopped when the same command is given again; Ctrl+C
        leaves nothing.
        """
        options = options_of(context)
        if propose is not None:
            if to is not None or send or anonymize:
                raise UsageError("--propose exports nothing.", hint="Leave --to away.")
            return proposals.propose(options.data_dir, uids, propose, json=options.json)
        kept = (keep_documents, keep_video, review, crosswalk)
        asked = _Asked(anonymize, project, profile, tuple(option or ()), *kept)
        wish = ExportWish(
            uids=tuple(uids),
            target=to,
            packing=_packing(to, send, dicomdir=dicomdir, zipped=zipped),
            peer=send,
            password=_password(password_file, zipped=zipped),
            key_images=key_images,
            anonymization=_anonymization(options.data_dir, asked),
            form=form_named(form),
            look=Look(bits, stored, annotations, quality),
        )
        told = _exported(options.data_dir, wish, verify=not no_verify)
        return _answered(told, json=options.json)


def _answered(told: "ExportTold", *, json: bool) -> int:
    if json:
        output.answer_json(_document(told))
    else:
        output.answer_text("\n".join(_lines(told)))
    is_all = told.report.exported == told.report.wanted
    return int(not is_all or told.proven is False)


def _packing(to: Path | None, send: str, *, dicomdir: bool, zipped: bool) -> Packing:
    if (to is None) is not bool(send):
        raise UsageError(
            "An export needs exactly one place.", hint="--to DIR or --send PEER"
        )
    if send and (dicomdir or zipped):
        raise UsageError("What is sent is neither a disc nor a ZIP.")
    if zipped:
        return Packing.DISC_ZIP if dicomdir else Packing.ZIP
    if dicomdir:
        return Packing.DISC
    return Packing.PEER if send else Packing.FOLDER


def _password(file: Path | None, *, zipped: bool) -> str:
    """The first line of a file, so that no password stands in a list of processes."""
    if file is None:
        return ""
    if not zipped:
        raise UsageError("Only a ZIP can have a password.", hint="--zip")
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise UnreadableError("The file of the password cannot be read.") from cause
    password = text.split("\n")[0].rstrip("\r")
    if not password:
        raise ViewerError("The file of the password begins with an empty line.")
    return password


def _anonymization(data_dir: Path, asked: _Asked) -> Anonymization | None:
    if not asked.anonymize:
        if asked != _Asked():
            raise UsageError("These options are for --anonymize.")
        return None
    if not asked.project:
        raise UsageError(
            "--anonymize needs a project: its key makes the pseudonyms.",
            hint="--project NAME; it is begun if it is new",
        )
    from viewer.services.export_policy import policy_of  # noqa: PLC0415
    from viewer.services.projects import Projects  # noqa: PLC0415
    from viewer.services.review_file import read_reviews  # noqa: PLC0415
    from viewer.services.reviewing import KeptReviews  # noqa: PLC0415

    policy = policy_of(
        Projects(data_dir),
        asked.project,
        asked.profile,
        asked.options,
        keep_documents=asked.keep_documents,
        keep_video=asked.keep_video,
    )
    reviews = KeptReviews(data_dir).of(asked.project)
    if asked.review is not None:
        reviews = read_reviews(asked.review).over(reviews)
    return Anonymization(asked.project, policy, reviews, asked.crosswalk)


def _exported(data_dir: Path, wish: ExportWish, *, verify: bool) -> "ExportTold":
    from viewer.services.export_run import run_export  # noqa: PLC0415 - SQLAlchemy
    from viewer.services.library import Library  # noqa: PLC0415
    from viewer.services.workers import Workers  # noqa: PLC0415

    with (
        Workers() as workers,
        Library(data_dir, workers) as library,
        output.progress("Exporting") as bar,
    ):
        return run_export(library, workers, wish, bar, verify=verify)


def _document(told: "ExportTold") -> dict[str, object]:
    report = told.report
    return {
        "wanted": report.wanted,
        "exported": report.exported,
        "resumed": report.resumed,
        "withheld": [
            {
                "reason": reason,
                "sentence": sentence,
                "count": len(uids),
                "sop_instance_uids": uids,
            }
            for (reason, sentence), uids in _by_reason(report.withheld).items()
        ],
        "failed": [
            {"sop_instance_uid": one.sop_instance_uid, "reason": one.sentence}
            for one in report.failed
        ],
        "patients": report.patients,
        "studies": report.studies,
        "series": report.series,
        "files": report.files,
        "bytes": report.bytes,
        "to": report.to or None,
        "cautions": report.cautions,
        "notes": report.notes,
        "proven": told.proven,
        "proof": told.proof or None,
        "proof_report": told.proof_page,
    }


def _lines(told: "ExportTold") -> Iterator[str]:
    report = told.report
    exported = f"{counted(report.exported, 'image')} of {report.wanted:,} exported"
    yield f"{exported} to {report.to}." if report.to else f"{exported}."
    for (_, sentence), uids in _by_reason(report.withheld).items():
        yield f"  {len(uids):,} withheld: {sentence}"
        yield from (f"    {uid}" for uid in uids)
    for one in report.failed:
        yield f"  failed  {one.sop_instance_uid}"
        yield f"          {one.sentence}"
    for word, count in report.cautions.items():
        yield f"  {count:,} went out with a caution: {Caution(word).sentence}"
    yield from report.notes
    if told.proof:
        yield told.proof
    if told.proof_page:
        yield f"Report: {told.proof_page}"


def _by_reason(
    stayed: Iterable[NotExported],
) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in stayed:
        found.setdefault((one.reason, one.sentence), []).append(one.sop_instance_uid)
    return found
