"""What the wizard settles: a draft says what is wrong, and becomes a wish."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from viewer.core.boxes import Box
from viewer.core.deidentification import PROFILES, Option, profile
from viewer.core.deidentification_words import OPTION_NAMES, OPTION_SENTENCES, goes
from viewer.core.export import Packing
from viewer.core.identity import SOPInstanceUID, StudyUID
from viewer.core.listing import StudySummary
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.export_draft import ExportDraft, free_place


def study(uid: str, instances: int = 3) -> StudySummary:
    return StudySummary(
        StudyUID(uid),
        *("Nobody^At all", "ID", "", None, "", None, None, None, "", "", ("CT",)),
        *(1, instances, "", "", "pending", (), (), 0),
    )


WORD = "open sesame"
DRAFT = ExportDraft((study("1.1"), study("1.2", 4)), place="/away/x", project="Lungs")


def test_a_draft_counts_what_it_is_about() -> None:
    assert DRAFT.title == "Export 2 studies anonymized"
    assert DRAFT.verb == "Export 2 studies"
    assert DRAFT.images == 7
    assert not DRAFT.faults


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, place=" "), "place"),
        (replace(DRAFT, place="somewhere"), "place"),
        (replace(DRAFT, packing=Packing.ZIP, password=WORD, again="other"), "again"),
        (replace(DRAFT, packing=Packing.PEER), "peer"),
        (replace(DRAFT, project=""), "project"),
        (replace(DRAFT, project="two\nlines"), "project"),
        (replace(DRAFT, project="x" * 65), "project"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(draft: ExportDraft, field: str) -> None:
    assert list(draft.faults) == [field]
    assert draft.faults[field].endswith(".")


def test_a_plain_export_needs_no_project() -> None:
    plain = replace(DRAFT, anonymous=False, project="")
    assert not plain.faults
    assert plain.to_wish().anonymization is None
    assert plain.title == "Export 2 studies"


def test_a_zip_has_its_ending_and_a_folder_has_none() -> None:
    zipped = DRAFT.packed(Packing.ZIP)
    assert zipped.place == "/away/x.zip"
    assert zipped.packed(Packing.DISC_ZIP).place == "/away/x.zip"
    assert zipped.packed(Packing.DISC).place == "/away/x"
    sent = zipped.packed(Packing.PEER, "Research")
    assert sent.to_wish().peer == "Research"
    assert sent.to_wish().target is None


def test_a_known_project_brings_what_it_leaves_out() -> None:
    teaching = profile("teaching")
    assert teaching is not None
    draft = replace(DRAFT, known={"Cases": teaching})
    chosen = draft.of_project("cases")
    assert chosen.policy == teaching
    assert not chosen.changes_project
    assert replace(chosen, policy=PROFILES[3]).changes_project
    new = chosen.of_project("Other cases")
    assert new.policy == teaching
    assert not new.changes_project


def test_full_dates_and_moved_dates_exclude_each_other() -> None:
    full = DRAFT.with_option(Option.RETAIN_FULL_DATES, on=True)
    assert Option.RETAIN_FULL_DATES in full.policy.options
    assert Option.RETAIN_MODIFIED_DATES not in full.policy.options
    moved = full.with_option(Option.RETAIN_MODIFIED_DATES, on=True)
    assert Option.RETAIN_FULL_DATES not in moved.policy.options
    neither = moved.with_option(Option.RETAIN_MODIFIED_DATES, on=False)
    assert not neither.policy.options & {
        Option.RETAIN_FULL_DATES,
        Option.RETAIN_MODIFIED_DATES,
    }


def test_the_wish_has_all_that_was_settled() -> None:
    review = Review(8, 8, (Box(0, 0, 2, 2),), Verdict.REVIEWED)
    reviews = Reviews({SOPInstanceUID("2.5"): review})
    draft = replace(
        DRAFT.packed(Packing.ZIP),
        password=WORD,
        again=WORD,
        crosswalk="/away/lists",
        reviews=reviews,
        key_images=True,
    )
    wish = draft.to_wish()
    assert wish.uids == ("1.1", "1.2")
    assert wish.target == Path("/away/x.zip")
    assert wish.password == WORD
    assert wish.key_images
    asked = wish.anonymization
    assert asked is not None
    assert (asked.project, asked.policy) == ("Lungs", PROFILES[0])
    assert asked.crosswalk == Path("/away/lists")
    assert asked.reviews == reviews
    assert WORD not in repr(draft)
    assert WORD not in repr(wish)


def test_a_free_place_tells_nothing_of_a_patient(tmp_path: Path) -> None:
    today = date(2026, 11, 20)
    first = free_place(tmp_path, Packing.FOLDER, today)
    assert first == tmp_path / "lightbox-export-2026-11-20"
    first.mkdir()
    second = free_place(tmp_path, Packing.FOLDER, today)
    assert second == tmp_path / "lightbox-export-2026-11-20-2"
    assert free_place(tmp_path, Packing.ZIP, today).suffix == ".zip"


def test_every_option_has_a_name_and_a_sentence() -> None:
    assert set(OPTION_NAMES) == set(OPTION_SENTENCES) == set(Option)


def test_names_always_go() -> None:
    assert goes(frozenset(Option)).startswith("names, IDs, accession numbers")
