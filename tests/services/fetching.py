"""Retrieving from an archive in the test process, as the queue does it."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset

from tests.network.archives import Archive
from tests.services.import_files import DirectReader, write_image
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.peers import Peer
from viewer.core.remote import RemoteInstance, RemoteKey
from viewer.core.transfer import Direction
from viewer.network.connecting import Cancel
from viewer.services.arriving import RESERVE
from viewer.services.library import Library
from viewer.services.receiving import Receiving
from viewer.services.retrieving import Retrieving
from viewer.services.transfer_queue import TransferQueue

STUDY = RemoteKey(StudyUID("1.2.3"))


def series_of(folder: Path, number: int, series: int = 1) -> list[Dataset]:
    """CT slices of one series of the study 1.2.3."""
    made: list[Dataset] = []
    for image in range(1, number + 1):
        uid = f"1.2.3.{series}.{image}"
        of = {"SOPInstanceUID": uid, "SeriesInstanceUID": f"1.2.3.{series}"}
        path = write_image(folder / uid, image, SeriesNumber=series, **of)
        made.append(pydicom.dcmread(path))
    return made


class Told:
    """What the archive answers at the image level, asked as the queue asks."""

    def __init__(self, peer: Archive, *, with_class: bool = True) -> None:
        self.peer = peer
        self.with_class = with_class
        self.asked = 0
        self.failure: Exception | None = None

    def __call__(
        self, peer: Peer, key: RemoteKey, *, secret: str, cancel: Cancel
    ) -> Iterator[RemoteInstance]:
        """Every instance of the key, also those that it will not send."""
        del secret, cancel
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        for one in self.peer.held:
            if one.StudyInstanceUID == key.study_uid and key.series_uid in (
                "",
                one.SeriesInstanceUID,
            ):
                yield RemoteInstance(
                    peer.name,
                    StudyUID(one.StudyInstanceUID),
                    SeriesUID(one.SeriesInstanceUID),
                    SOPInstanceUID(one.SOPInstanceUID),
                    str(one.SOPClassUID) if self.with_class else "",
                    int(one.InstanceNumber),
                )


@contextlib.contextmanager
def fetching(
    data_dir: Path,
    archive: Archive,
    told: Callable[..., Iterator[RemoteInstance]] | None = None,
    reserve: int = RESERVE,
) -> Iterator[tuple[Library, TransferQueue]]:
    """A library, and a queue that fetches from the archive into it."""
    with (
        Library(data_dir, DirectReader()) as library,
        Receiving(library, reserve=reserve) as receiving,
    ):
        retrieving = Retrieving(
            library, receiving, told or Told(archive), lambda _: None
        )
        runners = {Direction.FETCH: retrieving}
        with TransferQueue(library, runners, lambda _: (archive.peer, "")) as queue:
            yield library, queue


def wish(queue: TransferQueue, *keys: RemoteKey) -> Sequence[int]:
    """Ask for these; their numbers."""
    wanted = keys or (STUDY,)
    return [one.id for one in queue.add(Direction.FETCH, "archive", wanted)]
