"""What came of an export, in words: for a notice, a dialog and the clipboard."""

from dataclasses import dataclass
from pathlib import Path

from viewer.core.counts import counted
from viewer.core.export import ExportReport, Packing
from viewer.core.withholding import Caution, Reason


@dataclass(frozen=True, slots=True)
class ExportTold:
    """A report with what it was about.

    Attributes
    ----------
    report : ExportReport
    packing : Packing
    anonymous : bool
    proof : str
        What re-reading the written files has shown, in a sentence; empty if they were
        not read again.
    proven : bool or None
        Whether the proof found nothing; None without a proof.
    proof_page : Path or None
        The proof as a page to read.
    """

    report: ExportReport
    packing: Packing
    anonymous: bool
    proof: str = ""
    proven: bool | None = None
    proof_page: Path | None = None

    @property
    def sentence(self) -> str:
        """How it ended."""
        report = self.report
        if not report.exported:
            return "Nothing was exported."
        verb = "sent" if self.packing is Packing.PEER else "exported"
        images = counted(report.wanted, "image")
        if report.exported == report.wanted:
            return f"{counted(report.exported, 'image')} {verb}."
        return f"{report.exported:,} of {images} {verb}."

    @property
    def complete(self) -> bool:
        """Whether all of it went out, and nothing speaks against it."""
        whole = self.report.exported == self.report.wanted
        return whole and self.proven is not False

    @property
    def folder(self) -> Path | None:
        """Where it lies; None for a peer, or if nothing does."""
        to = self.report.to
        if self.packing is Packing.PEER or not to:
            return None
        return Path(to).parent if self.packing.is_zip else Path(to)

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """What stayed here or goes with a caution, each with how many."""
        report = self.report
        failed: dict[str, int] = {}
        for one in report.failed:
            failed[one.sentence] = failed.get(one.sentence, 0) + 1
        return (
            *((f"Stayed here: {why}", count) for why, count in report.reasons.items()),
            *((f"Failed: {why}", count) for why, count in failed.items()),
            *(
                (f"Went out with a caution: {Caution(word).sentence}", count)
                for word, count in report.cautions.items()
            ),
        )

    @property
    def unseen(self) -> frozenset[str]:
        """SOP Instance UIDs of what stayed because nobody has looked at it."""
        stayed = self.report.withheld
        why = Reason.NOT_REVIEWED
        return frozenset(one.sop_instance_uid for one in stayed if one.reason == why)

    @property
    def text(self) -> str:
        """All of it, to be pasted: no value of a patient, no UID."""
        lines = [self.sentence, *self.report.notes]
        lines += [f"{count}\t{why}" for why, count in self.rows]
        return "\n".join([*lines, self.proof] if self.proof else lines) + "\n"
