"""Ten patients, three studies each, exported twice: the same people, nobody known."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.services.export_shop import RESEARCH, Shop, dicom_files, wish, write_study
from viewer.core.export import Anonymization
from viewer.core.proof import Fault
from viewer.services.jobs import Silent
from viewer.services.proving import Proving
from viewer.services.workers import Workers

PATIENTS, STUDIES, IMAGES = 10, 3, 2
_CT = "1.2.840.10008.5.1.4.1.1.2"


@dataclass(frozen=True, slots=True)
class Left:
    """An instance that left, by what it says of itself."""

    patient: str
    name: str
    study: str
    series: str
    instance: str
    day: dt.date
    series_number: int
    number: int
    references: tuple[str, ...]


Export = dict[str, Left]
"""By the name of the file, which both runs give the same."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with Workers(2) as workers:
        made = Shop(tmp_path_factory.mktemp("time"), workers)
        yield made
        made.library.close()


@pytest.fixture(scope="module")
def studies(shop: Shop) -> tuple[str, ...]:
    """Each later study refers to an image of the patient's first one."""
    uids = []
    for patient in range(PATIENTS):
        for number in range(STUDIES):
            at = patient * STUDIES + number + 1
            first = f"1.2.40.{patient * STUDIES + 1}.1.1"
            changed: dict[str, Any] = {
                "PatientID": f"P{patient // 2}",  # two hospitals count alike
                "IssuerOfPatientID": f"Hospital {patient % 2}",
                "PatientName": f"Somebody^{patient}",
                "StudyDate": _day(patient, number).strftime("%Y%m%d"),
                "SourceImageSequence": [_reference(first)],
            }
            uids.append(
                write_study(
                    shop.folder / "in", at, IMAGES, SeriesNumber=number + 1, **changed
                )
            )
    shop.take_in(shop.folder / "in")
    return tuple(uids)


@pytest.fixture(scope="module")
def first(shop: Shop, studies: tuple[str, ...]) -> Export:
    return _exported(shop, studies, "first", "a study of livers")


@pytest.fixture(scope="module")
def second(shop: Shop, studies: tuple[str, ...]) -> Export:
    return _exported(shop, studies, "second", "a study of livers")


@pytest.fixture(scope="module")
def other(shop: Shop, studies: tuple[str, ...]) -> Export:
    return _exported(shop, studies, "other", "a study of lungs")


def test_a_second_run_gives_the_same_pseudonyms_and_uids(
    first: Export, second: Export
) -> None:
    assert len(first) == PATIENTS * STUDIES * IMAGES
    assert first == second


def test_patients_stay_apart_also_where_two_hospitals_count_alike(
    first: Export,
) -> None:
    studies = {left.study: left.patient for left in first.values()}

    assert len(studies) == PATIENTS * STUDIES
    assert len(set(studies.values())) == PATIENTS


def test_every_reference_leads_to_an_image_of_the_export(first: Export) -> None:
    there = {left.instance for left in first.values()}

    named = [uid for left in first.values() for uid in left.references]

    assert len(named) == PATIENTS * STUDIES * IMAGES
    assert set(named) <= there


def test_intervals_are_exact_to_the_day_and_no_date_is_the_old_one(
    first: Export,
) -> None:
    moved: dict[str, dict[int, dt.date]] = {}
    for left in first.values():
        moved.setdefault(left.patient, {})[left.series_number] = left.day
    intervals = sorted(_intervals(list(days.values())) for days in moved.values())

    assert intervals == sorted(
        _intervals([_day(patient, number) for number in range(STUDIES)])
        for patient in range(PATIENTS)
    )
    shifts = {min(days.values()) - _day(0, 0) for days in moved.values()}
    assert dt.timedelta(0) not in shifts
    assert len(shifts) > PATIENTS // 2


def test_another_key_has_nothing_in_common(first: Export, other: Export) -> None:
    assert first.keys() == other.keys()
    for what in ("patient", "name", "study", "series", "instance"):
        ours = {getattr(left, what) for left in first.values()}
        theirs = {getattr(left, what) for left in other.values()}
        assert len(ours) == len(theirs)
        assert ours.isdisjoint(theirs)


def test_the_export_is_proven_against_all_thirty_studies(
    shop: Shop, studies: tuple[str, ...], first: Export
) -> None:
    proving = Proving(shop.library, shop.workers)

    proof = proving.run(shop.out("first"), studies, Silent())

    assert (proof.files, proof.against) == (len(first), len(first))
    assert proof.findings == ()
    assert Fault.REFERENCE not in proof.faults
    assert proof.outside == 0


def _exported(shop: Shop, studies: tuple[str, ...], name: str, project: str) -> Export:
    asked = wish(*studies, to=shop.out(name))
    asked = replace(asked, anonymization=Anonymization(project, RESEARCH))
    report = shop.run(asked)
    assert report.exported == report.wanted
    folder = shop.out(name)
    return {str(path.relative_to(folder)): _left(path) for path in dicom_files(folder)}


def _left(path: Path) -> Left:
    ds = pydicom.dcmread(path)
    return Left(
        str(ds.PatientID),
        str(ds.PatientName),
        str(ds.StudyInstanceUID),
        str(ds.SeriesInstanceUID),
        str(ds.SOPInstanceUID),
        dt.datetime.strptime(ds.StudyDate, "%Y%m%d").date(),  # noqa: DTZ007 - a day
        int(ds.SeriesNumber),
        int(ds.InstanceNumber),
        tuple(str(one.ReferencedSOPInstanceUID) for one in ds.SourceImageSequence),
    )


def _day(patient: int, number: int) -> dt.date:
    """Intervals that tell the patients apart."""
    return dt.date(2018, 1, 1) + dt.timedelta(days=number * (97 + patient))


def _intervals(days: list[dt.date]) -> list[int]:
    return sorted((b - a).days for a, b in combinations(sorted(days), 2))


def _reference(uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = _CT
    item.ReferencedSOPInstanceUID = uid
    return item
