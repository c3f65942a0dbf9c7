"""What is asked for with C-GET comes as it is stored, and nothing is lost silently."""

from collections.abc import Iterator
from contextlib import contextmanager

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from tests.network.archives import archive
from viewer.core.errors import Cancelled, EnvironmentFailure, UnreadableError
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.remote import RemoteInstance
from viewer.network.contexts import of_any_class, to_receive
from viewer.network.get import open_get
from viewer.network.negotiation import MOST_CONTEXTS
from viewer.network.ways import Offer, Portion

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"


def slices(number: int) -> list[Dataset]:
    """One CT series."""
    path = get_testdata_file("CT_small.dcm")
    made: list[Dataset] = []
    for index in range(number):
        ds = pydicom.dcmread(str(path))
        ds.SOPInstanceUID = f"1.2.3.{index + 1}"
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        made.append(ds)
    return made


def portion_of(held: list[Dataset], *, whole: bool) -> Portion:
    study = StudyUID(held[0].StudyInstanceUID)
    series = SeriesUID(held[0].SeriesInstanceUID)
    instances = (
        RemoteInstance("archive", study, series, SOPInstanceUID(one.SOPInstanceUID))
        for one in held
    )
    return Portion(study, series, tuple(instances), whole)


class Shelf:
    """Where objects go in these tests, and what goes wrong there."""

    def __init__(self, failure: Exception | None = None, after: int = 0) -> None:
        self.kept: dict[str, tuple[Offer, bytes]] = {}
        self.failure, self.after, self.seen = failure, after, 0

    @contextmanager
    def __call__(self, offer: Offer) -> Iterator["_Object"]:
        """Take one."""
        self.seen += 1
        yield _Object(self, offer)


class _Object:
    def __init__(self, shelf: Shelf, offer: Offer) -> None:
        self._shelf, self._offer, self._raw = shelf, offer, bytearray()

    def write(self, piece: memoryview) -> None:
        shelf = self._shelf
        if shelf.failure is not None and shelf.seen > shelf.after:
            raise shelf.failure
        self._raw += piece

    def keep(self) -> None:
        kept = (self._offer, bytes(self._raw))
        self._shelf.kept[self._offer.sop_instance_uid] = kept


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
def test_a_series_comes_with_every_byte_of_its_data_sets(
    syntax: str, *, whole: bool
) -> None:
    held = slices(5)
    wanted = held if whole else held[1:4]
    shelf = Shelf()
    with (
        archive(*held) as peer,
        open_get(peer.peer, to_receive([CT], [syntax])[0]) as fetcher,
    ):
        fetcher.fetch(portion_of(wanted, whole=whole), shelf)
    assert set(shelf.kept) == {one.SOPInstanceUID for one in wanted}
    for one in wanted:
        offer, raw = shelf.kept[one.SOPInstanceUID]
        assert (offer.sop_class_uid, offer.syntax_uid) == (CT, syntax)
        assert one.PixelData in raw


def test_several_portions_come_over_one_association() -> None:
    held, shelf = slices(6), Shelf()
    with (
        archive(*held) as peer,
        open_get(peer.peer, to_receive([CT], [EXPLICIT])[0]) as fetcher,
    ):
        for part in (held[:2], held[2:3], held[3:]):
            fetcher.fetch(portion_of(part, whole=False), shelf)
        assert len(peer.asked) == 3
    assert len(shelf.kept) == 6


def test_classes_the_peer_did_not_tell_can_be_fetched_too() -> None:
    held, shelf = slices(2), Shelf()
    with (
        archive(*held) as peer,
        open_get(peer.peer, of_any_class([EXPLICIT, IMPLICIT])) as fetcher,
    ):
        fetcher.fetch(portion_of(held, whole=True), shelf)
    assert len(shelf.kept) == 2


def test_an_object_that_cannot_be_kept_does_not_stop_the_others() -> None:
    held = slices(4)
    shelf = Shelf(UnreadableError("Not this one."), after=3)
    with (
        archive(*held) as peer,
        open_get(peer.peer, to_receive([CT], [EXPLICIT])[0]) as fetcher,
    ):
        fetcher.fetch(portion_of(held, whole=True), shelf)
        shelf.failure = None
        fetcher.fetch(portion_of(held[3:], whole=False), shelf)
    assert len(shelf.kept) == 4


def test_a_full_disk_calls_the_rest_off_and_is_told() -> None:
    held = slices(30)
    shelf = Shelf(EnvironmentFailure("The disk is full."), after=2)
    with (
        archive(*held) as peer,
        pytest.raises(EnvironmentFailure, match="full"),
        open_get(peer.peer, to_receive([CT], [EXPLICIT])[0]) as fetcher,
    ):
        fetcher.fetch(portion_of(held, whole=True), shelf)
    assert len(shelf.kept) == 2
    assert shelf.seen < 30


def test_a_wish_to_stop_ends_between_two_objects() -> None:
    held, shelf = slices(30), Shelf()
    with (
        archive(*held) as peer,
        pytest.raises(Cancelled),
        open_get(
            peer.peer,
            to_receive([CT], [EXPLICIT])[0],
            cancel=lambda: len(shelf.kept) >= 3,
        ) as fetcher,
    ):
        fetcher.fetch(portion_of(held, whole=True), shelf)
    assert 3 <= len(shelf.kept) < 30


def test_every_class_is_asked_for_in_every_syntax_and_no_association_is_too_full() -> (
    None
):
    classes = [f"1.2.{number}" for number in range(40)]
    groups = to_receive(classes, [f"1.3.{number}" for number in range(30)])
    assert all(len(group) < MOST_CONTEXTS for group in groups)
    proposed = [(one.abstract, *one.syntaxes) for group in groups for one in group]
    assert len(set(proposed)) == len(proposed) == 1200
