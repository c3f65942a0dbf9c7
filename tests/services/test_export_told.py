"""What is said of an export when it is over."""

from pathlib import Path

from viewer.core.export import FAILED, ExportReport, NotExported, Packing
from viewer.core.withholding import Caution, Reason
from viewer.services.export_told import ExportTold

UNSEEN = Reason.NOT_REVIEWED
REPORT = ExportReport(
    wanted=171,
    exported=148,
    withheld=(
        *(NotExported(f"1.{n}", UNSEEN, UNSEEN.sentence) for n in range(20)),
        *(NotExported(f"2.{n}", Reason.FACE, Reason.FACE.sentence) for n in range(2)),
    ),
    failed=(NotExported("3.1", FAILED, "The file is gone."),),
    cautions={Caution.FACE: 7},
    to="/out/export.zip",
    notes=("A note.",),
)


def test_it_counts_what_went_and_why_the_rest_stayed() -> None:
    told = ExportTold(REPORT, Packing.ZIP, anonymous=True)
    assert told.sentence == "148 of 171 images exported."
    assert not told.complete
    assert told.unseen == {f"1.{n}" for n in range(20)}
    assert [count for _, count in told.rows] == [20, 2, 1, 7]
    assert told.rows[2][0] == "Failed: The file is gone."
    assert told.folder == Path("/out")


def test_the_text_names_no_instance() -> None:
    text = ExportTold(REPORT, Packing.ZIP, anonymous=True).text
    assert "20\t" in text
    assert not any(f"{uid}." in text for uid in ("1.1", "2.1", "3.1"))


def test_a_proof_that_fails_speaks_against_a_complete_export() -> None:
    whole = ExportReport(wanted=3, exported=3, to="/out/x")
    assert ExportTold(whole, Packing.FOLDER, anonymous=True).complete
    assert ExportTold(whole, Packing.FOLDER, anonymous=True).folder == Path("/out/x")
    told = ExportTold(whole, Packing.FOLDER, anonymous=True, proof="?", proven=False)
    assert not told.complete
    assert told.sentence == "3 images exported."


def test_what_was_sent_has_no_folder() -> None:
    sent = ExportReport(wanted=3, exported=3, to="Research")
    told = ExportTold(sent, Packing.PEER, anonymous=True)
    assert told.folder is None
    assert told.sentence == "3 images sent."
    nothing = ExportReport(wanted=0, exported=0)
    assert ExportTold(nothing, Packing.FOLDER, anonymous=False).folder is None
