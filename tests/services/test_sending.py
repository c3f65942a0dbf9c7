"""What is here is sent as it lies, or plainly, and every instance is accounted for."""

import contextlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.filereader import read_dataset

from tests.network.archives import Archive, archive
from tests.services.import_files import DirectReader, write_image
from viewer.core.identity import StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.dicom.frames import Samples, read_frame
from viewer.services.frame_ref import FrameRef
from viewer.services.import_report import ImportRequest
from viewer.services.importing import Importing
from viewer.services.library import Library
from viewer.services.sending import Sending
from viewer.services.transfer_queue import TransferQueue

EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
JPEG_2000 = "1.2.840.10008.1.2.4.90"


def decode(ref: FrameRef) -> Samples:
    return read_frame(ref.path, ref.image, ref.number)


@contextlib.contextmanager
def sending(
    data_dir: Path, peer: Archive, *paths: Path
) -> Iterator[tuple[Library, TransferQueue]]:
    """A library with these files, and a queue that sends out of it."""
    with Library(data_dir, DirectReader()) as library:
        Importing(library).run(ImportRequest(paths))
        runners = {Direction.SEND: Sending(library, decode)}
        with TransferQueue(library, runners, lambda _: (peer.peer, "")) as queue:
            yield library, queue


def wish(queue: TransferQueue, study: str = "1.2.3") -> list[int]:
    keys = [RemoteKey(StudyUID(study))]
    return [one.id for one in queue.add(Direction.SEND, "archive", keys)]


def slices(folder: Path, number: int) -> list[Path]:
    return [write_image(folder / f"{one}.dcm", one) for one in range(1, number + 1)]


def test_a_study_arrives_byte_for_byte_in_the_order_of_its_images(
    tmp_path: Path,
) -> None:
    paths = slices(tmp_path, 12)
    with archive() as peer, sending(tmp_path / "data", peer, *paths) as (_, queue):
        wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.DONE
        assert (ending.wanted, ending.done, ending.failed) == (12, 12, {})
    assert [uid for uid, _, _ in peer.stored] == [f"1.2.3.1.{n}" for n in range(1, 13)]
    for path, (_, syntax, raw) in zip(paths, peer.stored, strict=True):
        assert syntax == EXPLICIT
        assert path.read_bytes().endswith(raw)
        assert raw.startswith(b"\x08\x00")


@pytest.mark.parametrize(
    ("taken", "arrives_in"),
    [
        ((JPEG_2000, EXPLICIT), JPEG_2000),
        ((EXPLICIT, IMPLICIT), EXPLICIT),
        ((IMPLICIT,), IMPLICIT),
    ],
)
def test_what_a_peer_does_not_take_compressed_comes_plainly_with_the_same_pixels(
    tmp_path: Path, taken: tuple[str, ...], arrives_in: str
) -> None:
    source = Path(str(get_testdata_file("MR_small_jp2klossless.dcm")))
    before = pydicom.dcmread(source)
    with (
        archive(syntaxes=taken) as peer,
        sending(tmp_path / "data", peer, source) as (_, queue),
    ):
        wish(queue, str(before.StudyInstanceUID))
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.DONE
    ((_, syntax, raw),) = peer.stored
    assert syntax == arrives_in
    after = read_dataset(BytesIO(raw), arrives_in == IMPLICIT, is_little_endian=True)
    after.file_meta = pydicom.dataset.FileMetaDataset()
    after.file_meta.TransferSyntaxUID = pydicom.uid.UID(arrives_in)
    assert np.array_equal(after.pixel_array, before.pixel_array)


def test_what_the_peer_refuses_is_named_and_the_others_arrive(tmp_path: Path) -> None:
    paths = slices(tmp_path, 4)
    with (
        archive(answers={"1.2.3.1.2": 0xC000}) as peer,
        sending(tmp_path / "data", peer, *paths) as (_, queue),
    ):
        wish(queue)
        ending = queue.run_next()
    assert ending is not None
    assert ending.state is TransferState.PARTIAL
    assert len(peer.stored) == 4
    assert list(ending.failed) == ["1.2.3.1.2"]
    assert "C000" in ending.failed["1.2.3.1.2"]


def test_what_was_acknowledged_is_not_sent_again(tmp_path: Path) -> None:
    paths = slices(tmp_path, 5)
    with (
        archive(answers={"1.2.3.1.3": 0xA700}) as peer,
        sending(tmp_path / "data", peer, *paths) as (library, queue),
    ):
        ids = wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.WAITING  # the peer has no room now
        assert ending.done == 2
        peer.answers, peer.stored = {}, []
        queue.resume(ids)
        ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.done) == (TransferState.DONE, 5)
        assert [uid[-1] for uid, _, _ in peer.stored] == ["3", "4", "5"]
        (entry,) = library.catalog.transfers.get(ids)
        assert entry.share == "5 of 5"


def test_who_asks_once_more_sends_everything_once_more(tmp_path: Path) -> None:
    paths = slices(tmp_path, 2)
    with archive() as peer, sending(tmp_path / "data", peer, *paths) as (_, queue):
        for _ in range(2):
            wish(queue)
            queue.run_next()
    assert len(peer.stored) == 4


def test_a_file_that_is_gone_costs_itself_alone(tmp_path: Path) -> None:
    paths = slices(tmp_path, 3)
    with archive() as peer, sending(tmp_path / "data", peer, *paths) as (lib, queue):
        filed = lib.catalog.instance("1.2.3.1.2")
        assert filed is not None
        Path(filed.path).unlink()
        wish(queue)
        ending = queue.run_next()
    assert ending is not None
    assert len(peer.stored) == 2
    assert dict(ending.failed) == {"1.2.3.1.2": "The file is not where it was."}


def test_a_class_the_peer_does_not_know_is_named(tmp_path: Path) -> None:
    private = "1.2.276.0.7230010.3.1.0.1"
    paths = [*slices(tmp_path, 1), write_image(tmp_path / "x", 7, SOPClassUID=private)]
    with archive() as peer, sending(tmp_path / "data", peer, *paths) as (_, queue):
        wish(queue)
        ending = queue.run_next()
    assert ending is not None
    assert ending.done == 1
    (reason,) = ending.failed.values()
    assert reason == "The peer does not take objects of this kind."


def test_nothing_is_sent_of_what_is_not_here(tmp_path: Path) -> None:
    with archive() as peer, sending(tmp_path / "data", peer) as (_, queue):
        wish(queue, "9.9.9")
        ending = queue.run_next()
    assert ending is not None
    assert ending.state is TransferState.FAILED
    assert "nothing" in ending.reason


def test_a_file_that_is_not_written_as_it_says_goes_plainly(tmp_path: Path) -> None:
    source = Path(str(get_testdata_file("SC_rgb_jpeg.dcm")))  # implicit, says explicit
    with archive() as peer, sending(tmp_path / "data", peer, source) as (lib, queue):
        (summary,) = lib.search(StudyQuery()).items
        ((_, (filed,)),) = lib.catalog.filed_series(summary.study_uid)
        wish(queue, summary.study_uid)
        ending = queue.run_next()
    assert ending is not None
    assert ending.state is TransferState.DONE
    ((_, syntax, raw),) = peer.stored
    sent = read_dataset(BytesIO(raw), syntax == IMPLICIT, is_little_endian=True)
    assert sent.SOPInstanceUID == filed.sop_instance_uid
    assert len(sent.PixelData) == sent.Rows * sent.Columns * 3
