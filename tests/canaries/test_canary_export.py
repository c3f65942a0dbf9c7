"""Canaries through a whole export: folders, directory, account and proof."""

from collections.abc import Iterator

import pytest

from tests.canaries.exporting import plain
from tests.canaries.flock import release, survivors
from tests.services.export_shop import Shop, anonymous, dicom_files, wish
from viewer.core.export import ExportReport, Packing
from viewer.core.listing import StudyQuery
from viewer.services.jobs import Silent
from viewer.services.proving import Proving
from viewer.services.workers import Workers


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with Workers(2) as workers:
        made = Shop(tmp_path_factory.mktemp("flock"), workers)
        release(made.folder / "in")
        made.take_in(made.folder / "in")
        yield made
        made.library.close()


@pytest.fixture(scope="module")
def studies(shop: Shop) -> tuple[str, ...]:
    page = shop.library.search(StudyQuery(limit=1_000))
    return tuple(str(item.study_uid) for item in page.items)


@pytest.fixture(scope="module")
def report(shop: Shop, studies: tuple[str, ...]) -> ExportReport:
    return shop.run(anonymous(wish(*studies, to=shop.out(), packing=Packing.DISC)))


def test_none_is_in_any_file_or_name_of_the_export(
    shop: Shop, report: ExportReport
) -> None:
    paths = [path for path in shop.out().rglob("*") if path.is_file()]
    names = "\n".join(str(path.relative_to(shop.out())) for path in paths)
    objects = dicom_files(shop.out())

    assert report.exported == len(objects) > 40
    assert {"DICOMDIR", "export.json"} <= {path.name for path in paths}
    whole = [path.read_bytes() for path in paths] + [plain(path) for path in objects]
    assert not survivors([*whole, names.encode()])


def test_none_is_in_what_the_program_says_or_keeps_beside_its_library(
    shop: Shop, report: ExportReport
) -> None:
    told = repr(report).encode()
    beside = [
        path
        for folder in (shop.data_dir / "projects", shop.folder)
        for path in folder.glob("*")
        if path.is_file()
    ]

    named = {one.family for one in survivors([told])}
    assert named <= {"row"}  # old UIDs on the screen, of what stayed behind
    assert not survivors(path.read_bytes() for path in beside)


def test_the_proof_finds_what_the_canaries_find_nothing(
    shop: Shop, studies: tuple[str, ...], report: ExportReport
) -> None:
    proof = Proving(shop.library, shop.workers).run(shop.out(), studies, Silent())

    assert proof.files == report.exported
    assert not [(one.fault, one.place, one.rule) for one in proof.findings]
    assert sum(proof.values.values()) > 2_000
