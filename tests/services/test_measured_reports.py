"""What was measured becomes a report of its study, one for each state of it."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.dicom.measured_images import DRAWN, groups
from tests.services.export_shop import Shop, write_study
from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import PixelError, UnreadableError, ViewerError
from viewer.core.identity import SOPInstanceUID, StudyUID
from viewer.core.measured_report import tracking_uid
from viewer.core.remote import RemoteKey
from viewer.services.sending_measurements import keys_of_measurements

STUDY = StudyUID("1.2.40.1")


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A library with one study of two images."""
    write_study(shop.folder / "in", 1, images=2)
    shop.take_in(shop.folder / "in")
    return shop


def drawn(shape: Shape, image: int = 1, name: str = "") -> Annotation:
    uid = SOPInstanceUID(f"{STUDY}.1.{image}")
    return Annotation(name or uuid.uuid4().hex, uid, 1, shape, DRAWN[shape])


def report(shop: Shop, *studies: str, person: str = "Roe, Jane") -> RemoteKey:
    keys = [RemoteKey(StudyUID(uid)) for uid in studies or (STUDY,)]
    (found,) = keys_of_measurements(shop.library, shop.workers, keys, person)
    return found


def file_of(shop: Shop, key: RemoteKey) -> Path:
    return Path(shop.library.instance(key.sop_instance_uid).path)


def document(shop: Shop, key: RemoteKey) -> Dataset:
    return pydicom.dcmread(file_of(shop, key))


def predecessors(ds: Dataset) -> list[str]:
    return [
        str(instance.ReferencedSOPInstanceUID)
        for study in ds.get("PredecessorDocumentsSequence", [])
        for series in study.ReferencedSeriesSequence
        for instance in series.ReferencedSOPSequence
    ]


def test_a_report_is_a_series_of_its_study(shop: Shop) -> None:
    every = [drawn(shape) for shape in Shape]
    shop.library.save_annotations(every)
    key = report(shop)
    series = {one.series_uid: one for one in shop.library.series(STUDY)}
    ours = series[key.series_uid]
    assert (ours.modality, ours.description, ours.instances) == (
        "SR",
        "Measurements",
        1,
    )
    assert shop.library.study(STUDY).modalities == ("CT", "SR")
    found = groups(file_of(shop, key).read_bytes())
    assert set(found) == {tracking_uid(one.uid) for one in every}
    assert shop.library.conflicts() == ()


def test_the_same_measures_are_the_same_report(shop: Shop) -> None:
    shop.library.save_annotations([drawn(Shape.LENGTH), drawn(Shape.ELLIPSE, 2)])
    first = report(shop)
    content = file_of(shop, first).read_bytes()
    assert report(shop) == first
    assert file_of(shop, first).read_bytes() == content
    assert predecessors(document(shop, first)) == []


def test_a_change_makes_a_new_report_that_names_the_last(shop: Shop) -> None:
    line = drawn(Shape.LENGTH)
    shop.library.save_annotations([line])
    first = report(shop)
    longer = line.with_points(((1.0, 1.0), (14.0, 1.0)))
    shop.library.save_annotations([longer])
    second = report(shop)
    assert second.sop_instance_uid != first.sop_instance_uid
    assert second.series_uid == first.series_uid
    assert predecessors(document(shop, second)) == [first.sop_instance_uid]
    # as it was before: not the first again, which is older than the second
    shop.library.save_annotations([line])
    third = report(shop)
    assert third.sop_instance_uid not in (
        first.sop_instance_uid,
        second.sop_instance_uid,
    )
    assert predecessors(document(shop, third)) == [second.sop_instance_uid]
    numbers = [document(shop, one).InstanceNumber for one in (first, second, third)]
    assert numbers == [1, 2, 3]


def test_a_drawing_keeps_its_tracking_uid(shop: Shop) -> None:
    line = drawn(Shape.LENGTH)
    shop.library.save_annotations([line])
    before = groups(file_of(shop, report(shop)).read_bytes())
    shop.library.save_annotations([drawn(Shape.PROBE)])
    after = groups(file_of(shop, report(shop)).read_bytes())
    assert set(before) == {tracking_uid(line.uid)}
    assert set(before) < set(after)


def test_what_was_taken_away_is_not_reported(shop: Shop) -> None:
    line, probe = drawn(Shape.LENGTH), drawn(Shape.PROBE)
    shop.library.save_annotations([line, probe])
    shop.library.save_annotations([], [probe.uid])
    assert set(groups(file_of(shop, report(shop)).read_bytes())) == {
        tracking_uid(line.uid)
    }


def test_who_measured_is_part_of_what_is_said(shop: Shop) -> None:
    shop.library.save_annotations([drawn(Shape.LENGTH)])
    first = report(shop, person="Roe, Jane")
    second = report(shop, person="Doe, John")
    assert first != second
    assert predecessors(document(shop, second)) == [first.sop_instance_uid]


def test_a_newer_program_does_not_say_the_same_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.library.save_annotations([drawn(Shape.LENGTH)])
    first = report(shop)
    monkeypatch.setattr("viewer.services.sending_measurements.__version__", "99")
    assert report(shop) == first


def test_two_installations_do_not_share_a_series(shop: Shop, tmp_path: Path) -> None:
    other = Shop(tmp_path / "other", shop.workers)
    try:
        other.take_in(shop.folder / "in")
        line = drawn(Shape.LENGTH)
        for one in (shop, other):
            one.library.save_annotations([line])
        ours, theirs = report(shop), report(other)
    finally:
        other.library.close()
    assert ours.series_uid != theirs.series_uid
    assert ours.sop_instance_uid != theirs.sop_instance_uid


def test_all_who_ask_at_once_get_one_report(shop: Shop) -> None:
    shop.library.save_annotations([drawn(Shape.LENGTH)])
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: report(shop), range(4)))
    assert len(found) == 1


def test_studies_in_which_nothing_was_measured_are_left_out(shop: Shop) -> None:
    write_study(shop.folder / "more", 2, images=1)
    shop.take_in(shop.folder / "more")
    with pytest.raises(ViewerError, match="Nothing was measured"):
        report(shop, STUDY, "1.2.40.2")
    shop.library.save_annotations([drawn(Shape.LENGTH)])
    assert report(shop, STUDY, "1.2.40.2").study_uid == STUDY


def test_an_image_of_the_study_names_the_whole_report(shop: Shop) -> None:
    shop.library.save_annotations([drawn(Shape.LENGTH), drawn(Shape.LENGTH, 2)])
    key = report(shop)
    images = [
        RemoteKey(STUDY, key.series_uid, SOPInstanceUID(f"{STUDY}.1.{n}"))
        for n in (1, 2)
    ]
    again = keys_of_measurements(shop.library, shop.workers, images, "Roe, Jane")
    assert again == (key,)


def test_a_measure_whose_image_is_gone_stops_the_report(shop: Shop) -> None:
    shop.library.save_annotations([drawn(Shape.LENGTH), drawn(Shape.LENGTH, 2)])
    (shop.folder / "in/1/1/0002.dcm").unlink()
    with pytest.raises(UnreadableError):
        report(shop)
    assert [one.modality for one in shop.library.series(STUDY)] == ["CT"]


def test_a_drawing_on_a_frame_that_is_not_there_stops_the_report(shop: Shop) -> None:
    shop.library.save_annotations([replace(drawn(Shape.LENGTH), frame=9)])
    with pytest.raises(PixelError, match="frame"):
        report(shop)


def test_measures_are_in_the_order_they_were_drawn(shop: Shop) -> None:
    every = [drawn(Shape.PROBE, 2), drawn(Shape.LENGTH), drawn(Shape.PROBE, 2)]
    for one in every:
        shop.library.save_annotations([one])
    imaging = document(shop, report(shop)).ContentSequence[-1]
    tracked = [
        item.UID
        for group in imaging.ContentSequence
        for item in group.ContentSequence
        if item.ValueType == "UIDREF"
    ]
    assert tracked == [tracking_uid(one.uid) for one in every]
