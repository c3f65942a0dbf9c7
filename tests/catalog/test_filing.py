"""What becomes of files that arrive at the catalog."""

from datetime import date

import pytest

from tests.catalog.arrivals import a_study, arrival, patient
from viewer.catalog.catalog import Catalog
from viewer.catalog.filing import Outcome
from viewer.core.identity import SeriesUID
from viewer.core.listing import ConflictKind, StudyQuery
from viewer.core.records import SeriesRecord

IMPORTED, DUPLICATE = Outcome.IMPORTED, Outcome.DUPLICATE


def test_files_of_one_study_come_together_under_their_series(catalog: Catalog) -> None:
    localizer = SeriesRecord(SeriesUID("1.2.9"), "CT", 9, "Localizer", "CHEST")
    report = SeriesRecord(SeriesUID("1.2.10"), "SR", 10)
    catalog.file_all(
        [
            arrival(1),
            arrival(2),
            arrival(1, series=localizer),
            arrival(1, series=report),
        ]
    )
    (listed,) = catalog.search(StudyQuery()).items
    assert (listed.series, listed.instances) == (3, 4)
    assert listed.modalities == ("CT", "SR")
    assert listed.body_parts == ("CHEST",)
    assert listed.status == "pending"
    counts = {s.series_uid: s.instances for s in catalog.series("1.2")}
    assert counts == {"1.2.1": 2, "1.2.9": 1, "1.2.10": 1}


def test_the_same_bytes_twice_are_a_duplicate(catalog: Catalog) -> None:
    assert catalog.file_all([arrival(1), arrival(1)]) == [IMPORTED, DUPLICATE]
    assert catalog.file_all([arrival(1)]) == [DUPLICATE]
    assert catalog.search(StudyQuery()).items[0].instances == 1


def test_other_bytes_under_a_known_uid_are_kept_beside_and_replace_nothing(
    catalog: Catalog,
) -> None:
    first, second = arrival(1), arrival(1, content="changed")
    assert catalog.file_all([first, second]) == [IMPORTED, Outcome.OTHER_BYTES]
    kept = catalog.instance(first.record.instance.sop_instance_uid)
    assert kept is not None
    assert kept.sha256 == first.sha256
    (conflict,) = catalog.conflicts()
    assert conflict.kind is ConflictKind.OTHER_BYTES
    assert conflict.path == second.path
    assert catalog.search(StudyQuery()).items[0].conflicts == 1


def test_a_conflict_is_listed_once_however_often_it_arrives(catalog: Catalog) -> None:
    catalog.file_all([arrival(1)])
    for _ in range(3):
        assert catalog.file_all([arrival(1, content="x")]) == [Outcome.OTHER_BYTES]
    assert len(catalog.conflicts()) == 1


def test_a_file_of_another_patient_is_never_filed_into_the_study(
    catalog: Catalog,
) -> None:
    somebody_else = patient(name="Beispiel^Berta", patient_id="P2")
    outcomes = catalog.file_all([arrival(1), arrival(2, of=somebody_else)])
    assert outcomes == [IMPORTED, Outcome.OTHER_PATIENT]
    (listed,) = catalog.search(StudyQuery()).items
    assert (listed.patient_name, listed.instances) == ("Muster^Max", 1)
    (conflict,) = catalog.conflicts("1.2")
    assert conflict.kind is ConflictKind.OTHER_PATIENT
    assert conflict.patient_name == "Beispiel^Berta"
    assert conflict.study == listed
    assert catalog.instance("1.2.1.2") is None


def test_what_a_file_leaves_open_disagrees_with_nothing(catalog: Catalog) -> None:
    says_little = patient(name="", patient_id="", birth_date=None)
    outcomes = catalog.file_all([arrival(1, of=says_little), arrival(2)])
    assert outcomes == [IMPORTED, IMPORTED]
    assert catalog.search(StudyQuery()).items[0].patient_name == "Muster^Max"


def test_the_same_name_written_otherwise_is_the_same_patient(catalog: Catalog) -> None:
    shouted = patient(name="MUSTER^MAX^^")
    assert catalog.file_all([arrival(1), arrival(2, of=shouted)]) == [IMPORTED] * 2


def test_a_later_file_says_what_the_first_left_open(catalog: Catalog) -> None:
    bare = a_study(description="", study_date=None)
    catalog.file_all([arrival(1, study=bare)])
    catalog.file_all([arrival(2, study=a_study(description="Thorax"))])
    (listed,) = catalog.search(StudyQuery(text="thorax")).items
    assert listed.description == "Thorax"
    assert listed.study_date == date(2024, 3, 1)


def test_studies_of_one_patient_are_found_together_newest_first(
    catalog: Catalog,
) -> None:
    older = a_study("1.3", study_date=date(2020, 1, 1))
    stranger = patient(patient_id="P2")
    catalog.file_all(
        [arrival(study=older), arrival(), arrival(study=a_study("1.4"), of=stranger)]
    )
    uids = [found.study_uid for found in catalog.of_same_patient("1.3")]
    assert uids == ["1.2", "1.3"]


def test_an_empty_patient_id_never_brings_studies_together(catalog: Catalog) -> None:
    nameless = patient(patient_id="")
    catalog.file_all([arrival(of=nameless), arrival(of=nameless, study=a_study("1.3"))])
    assert len(catalog.of_same_patient("1.2")) == 1


def test_the_same_id_of_another_issuer_or_birth_date_is_another_patient(
    catalog: Catalog,
) -> None:
    catalog.file_all(
        [
            arrival(),
            arrival(of=patient(issuer="Elsewhere"), study=a_study("1.3")),
            arrival(of=patient(birth_date=date(1971, 5, 17)), study=a_study("1.4")),
            arrival(of=patient(birth_date=None), study=a_study("1.5")),
        ]
    )
    for uid in ("1.2", "1.3", "1.4", "1.5"):
        assert len(catalog.of_same_patient(uid)) == 1


def test_without_a_birth_date_name_and_institution_must_agree(catalog: Catalog) -> None:
    unborn = patient(birth_date=None)
    here, there = a_study("1.2", institution="A"), a_study("1.3", institution="A")
    other = a_study("1.4", institution="B")
    catalog.file_all([arrival(of=unborn, study=one) for one in (here, there, other)])
    assert len(catalog.of_same_patient("1.2")) == 2


def test_a_copy_takes_the_place_of_a_reference_and_is_never_given_up(
    catalog: Catalog,
) -> None:
    reference = arrival(1, path="/elsewhere/a.dcm")
    copy, again = arrival(1), arrival(1, path="/elsewhere/b.dcm")
    uid = copy.record.instance.sop_instance_uid
    stored = []
    for one in (reference, copy, again):
        catalog.file_all([one])
        filed = catalog.instance(uid)
        assert filed is not None
        stored.append((filed.stored, filed.path))
    assert stored == [
        (False, "/elsewhere/a.dcm"),
        (True, copy.path),
        (True, copy.path),
    ]


def test_a_referenced_file_that_changed_in_its_place_is_indexed_anew(
    catalog: Catalog,
) -> None:
    catalog.file_all([arrival(1, path="/a.dcm")])
    changed = arrival(1, content="changed", path="/a.dcm")
    assert catalog.file_all([changed]) == [IMPORTED]
    filed = catalog.instance("1.2.1.1")
    assert filed is not None
    assert filed.sha256 == changed.sha256
    assert catalog.conflicts() == ()


def test_files_that_all_change_their_patient_in_place_take_the_study_along(
    catalog: Catalog,
) -> None:
    catalog.file_all([arrival(n, path=f"/{n}.dcm") for n in (1, 2)])
    nobody = patient(name="Anonymous", patient_id="X", birth_date=None)
    changed = [arrival(n, of=nobody, content="x", path=f"/{n}.dcm") for n in (1, 2)]
    assert catalog.reindex(changed) == [IMPORTED, IMPORTED]
    (listed,) = catalog.search(StudyQuery()).items
    assert (listed.patient_name, listed.patient_id) == ("Anonymous", "X")
    assert catalog.search(StudyQuery(text="muster")).total == 0


def test_a_path_need_not_be_valid_text(catalog: Catalog) -> None:
    path = b"/data/M\xfcller.dcm".decode("utf-8", "surrogateescape")
    catalog.file_all([arrival(1, path=path)])
    filed = catalog.instance("1.2.1.1")
    assert filed is not None
    assert filed.path == path


def test_a_batch_is_filed_whole_or_not_at_all(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("viewer.catalog.catalog.recount", cut_off)
    with pytest.raises(KeyboardInterrupt):
        catalog.file_all([arrival(1), arrival(2)])
    assert catalog.instance("1.2.1.1") is None
    assert catalog.search(StudyQuery()).total == 0


def test_a_number_no_database_holds_is_no_number(catalog: Catalog) -> None:
    absurd = SeriesRecord(SeriesUID("1.2.1"), "CT", 2**63)
    catalog.file_all([arrival(series=absurd)])
    assert catalog.series("1.2")[0].number is None
