"""DCMTK's archive does not know ModalitiesInStudy, and is filtered by it anyway."""

from collections.abc import Iterator

import pytest

from tests.peers.own_dcmqr import own_dcmqr
from tests.services.import_files import write_image
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.services.asking import list_studies

HELD = {"1.9.1": ("CT",), "1.9.2": ("MR",), "1.9.3": ("CT", "SR")}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """The archive with three studies."""
    folder = tmp_path_factory.mktemp("modalities")
    paths = [
        write_image(
            folder / f"{study}.{modality}.dcm",
            StudyInstanceUID=study,
            SeriesInstanceUID=f"{study}.{number}",
            SOPInstanceUID=f"{study}.{number}.1",
            Modality=modality,
        )
        for study, modalities in HELD.items()
        for number, modality in enumerate(modalities, 1)
    ]
    with own_dcmqr(folder / "own") as running:
        running.load(paths)
        yield running.peer


@pytest.mark.parametrize(
    ("asked", "studies"),
    [
        (("CT",), {"1.9.1", "1.9.3"}),
        (("MR",), {"1.9.2"}),
        (("SR",), {"1.9.3"}),
        (("MR", "SR"), {"1.9.2", "1.9.3"}),
        (("US",), set()),
    ],
)
def test_only_studies_of_the_modalities_are_found(
    archive: Peer, asked: tuple[str, ...], studies: set[str]
) -> None:
    found = list(list_studies(archive, StudyQuery(modalities=asked, limit=None)))
    assert {one.study_uid for one in found} == studies
    assert all(one.modalities == HELD[one.study_uid] for one in found)
