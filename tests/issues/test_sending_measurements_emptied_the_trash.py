"""A study in the trash was back in the list when its measurements were sent.

Its report was filed with it, as an import would be; sent once more, it stayed where it
was, and nobody was told in either case.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dicom.measured_images import DRAWN
from tests.services.export_shop import Shop, write_study
from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import ViewerError
from viewer.core.identity import SOPInstanceUID, StudyUID
from viewer.core.remote import RemoteKey
from viewer.services.sending_measurements import keys_of_measurements
from viewer.services.workers import Workers

MEASURED, OTHER = StudyUID("1.2.40.1"), StudyUID("1.2.40.2")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as pool:
        yield pool


@pytest.fixture
def shop(tmp_path: Path, workers: Workers) -> Iterator[Shop]:
    """A library with two studies; on the image of the first a length is drawn."""
    shop = Shop(tmp_path, workers)
    for number in (1, 2):
        write_study(tmp_path / "in", number, images=1)
    shop.take_in(tmp_path / "in")
    draw(shop, MEASURED)
    yield shop
    shop.library.close()


def draw(shop: Shop, study: StudyUID) -> None:
    image = SOPInstanceUID(f"{study}.1.1")
    line = Annotation(uuid.uuid4().hex, image, 1, Shape.LENGTH, DRAWN[Shape.LENGTH])
    shop.library.save_annotations([line])


def send(shop: Shop, *studies: StudyUID) -> tuple[RemoteKey, ...]:
    keys = [RemoteKey(uid) for uid in studies]
    return keys_of_measurements(shop.library, shop.workers, keys, "Roe, Jane")


def listed(shop: Shop) -> set[str]:
    return set(shop.library.catalog.presence.of_studies([MEASURED, OTHER]))


def modalities(shop: Shop, study: StudyUID) -> list[str]:
    return [one.modality for one in shop.library.series(study)]


def test_no_report_is_made_of_a_study_in_the_trash(shop: Shop) -> None:
    shop.library.trash([MEASURED])

    with pytest.raises(ViewerError, match="in the trash") as told:
        send(shop, MEASURED)

    assert "Restore" in told.value.hint
    assert listed(shop) == {OTHER}
    assert modalities(shop, MEASURED) == ["CT"]


def test_nor_is_a_report_sent_that_was_made_before(shop: Shop) -> None:
    (sent,) = send(shop, MEASURED)
    shop.library.trash([MEASURED])

    with pytest.raises(ViewerError, match="in the trash"):
        send(shop, MEASURED)

    assert listed(shop) == {OTHER}
    shop.library.restore([MEASURED])
    assert send(shop, MEASURED) == (sent,)


def test_nothing_is_made_of_the_studies_beside_it(shop: Shop) -> None:
    draw(shop, OTHER)
    shop.library.trash([MEASURED])

    with pytest.raises(ViewerError, match="in the trash"):
        send(shop, OTHER, MEASURED)

    assert modalities(shop, OTHER) == ["CT"]


def test_a_study_in_the_trash_that_nobody_measured_is_in_nobodys_way(
    shop: Shop,
) -> None:
    shop.library.trash([OTHER])

    (sent,) = send(shop, MEASURED, OTHER)

    assert sent.study_uid == MEASURED
    assert listed(shop) == {MEASURED}
