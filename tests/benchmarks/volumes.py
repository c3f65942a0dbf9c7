"""A whole series into memory, beside its bytes read or the decoder alone."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.decoding import CODERS, NATIVE, Coder
from tests.benchmarks.phantoms import picture
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from viewer.core.errors import ViewerError
from viewer.core.image import FrameIndex, Image, PixelFormat
from viewer.dicom.codecs.stored import stored_bytes
from viewer.services.decoding import Decoding, Purpose
from viewer.services.frame_ref import FrameRef, StackPlace
from viewer.services.store import stamp_of
from viewer.services.workers import Workers

_DIFFERENT = 8
_PATIENCE_S = 120.0
_SLOW_PART = 6


class Loading:
    """Has every frame of a series brought as the program does while the hand rests."""

    def __init__(self, workers: Workers, refs: Sequence[FrameRef]) -> None:
        self._workers, self._refs = workers, refs
        self._size = len(refs) * stored_bytes(refs[0].image.pixels)
        self._decoding: Decoding | None = None

    def put_away(self) -> None:
        """Forget what was decoded."""
        if self._decoding is not None:
            self._decoding.close()
        self._decoding = None

    def begin(self) -> None:
        """Nothing in memory, threads that wait, and a machine that has memory to give.

        What a host has taken back of a virtual machine comes ten times as slowly, now
        to one of a race and now to the other.
        """
        self.put_away()
        np.ones(2 * self._size, np.uint8)  # for what is decoded, and what is kept
        self._decoding = Decoding(_at_once, self._workers, capacity=1 << 32)

    def load(self) -> None:
        """Everything, until the last frame is there."""
        assert self._decoding is not None
        came, faults = _Count(len(self._refs)), list[ViewerError]()

        def on_failed(_: FrameRef, error: ViewerError) -> None:
            faults.append(error)
            came.one()

        for ref in self._refs:
            self._decoding.request(ref, Purpose.LATER, lambda *_: came.one(), on_failed)
        assert came.all.wait(_PATIENCE_S)
        assert not faults

    def frame(self, number: int) -> Any:
        """What came for one of them."""
        assert self._decoding is not None
        return self._decoding.cached(self._refs[number])


class _Count:
    """Wakes who waits once, when all of them came: no frame costs a change of threads.

    Attributes
    ----------
    all : threading.Event
    """

    def __init__(self, count: int) -> None:
        self.all = threading.Event()
        self._left, self._lock = count, threading.Lock()

    def one(self) -> None:
        """One of them came."""
        with self._lock:
            self._left -= 1
            if not self._left:
                self.all.set()


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """One CT series in each transfer syntax."""
    pictures = [
        (picture(scale.side, scale.side, seed) + 2000).astype(np.uint16)
        for seed in range(min(_DIFFERENT, scale.volume))
    ]
    with Workers() as workers:
        workers.prestart()
        native = Coder("uncompressed", NATIVE, lambda a: a.tobytes(), np.frombuffer)
        for coder in (native, *CODERS):
            # JPEG 2000 takes twenty times as long as any other: fewer say as much
            part = _SLOW_PART if coder.name == "JPEG 2000" else 1
            slices = max(scale.volume // part, 1)
            refs = written(folder / coder.uid, pictures, coder, slices)
            loading = Loading(workers, refs)
            loading.begin()
            loading.load()
            for number in range(len(refs)):
                expected = pictures[number % len(pictures)]
                assert np.array_equal(loading.frame(number), expected), coder.name
            limit: Callable[[], object] = partial(_decoded, refs, coder)
            name = "the decoder alone, one thread"
            if coder is native:
                limit, name = partial(_read, refs), "the bytes read into place"
            yield Race(
                f"{slices} slices, {coder.name}",
                loading.load,
                limit,
                name,
                before=loading.begin,
                rounds=scale.volumes,
            )
            loading.put_away()


def _at_once(call: Callable[[], None]) -> None:
    call()


def written(
    folder: Path, pictures: Sequence[Any], coder: Coder, count: int
) -> list[FrameRef]:
    """A file for each slice, bytes of the frame behind a header of 1,000 bytes."""
    folder.mkdir(parents=True)
    encoded = [bytes(coder.encode(stored)) for stored in pictures]
    refs = []
    for number in range(count):
        code = encoded[number % len(encoded)]
        path = folder / f"{number:05}"
        path.write_bytes(bytes(1000) + code)
        image = Image(
            PixelFormat(coder.uid, *pictures[0].shape),
            FrameIndex((((1000, len(code)),),)),
        )
        place = StackPlace(coder.name, number, count)
        refs.append(FrameRef(str(path), image, 1, stamp_of(path), place=place))
    return refs


def _read(refs: Sequence[FrameRef]) -> None:
    """Each frame by one call to its place in one array."""
    pixels = refs[0].image.pixels
    volume = np.empty((len(refs), pixels.rows, pixels.columns), np.uint16)
    for ref, place in zip(refs, volume, strict=True):
        file = os.open(ref.path, os.O_RDONLY)
        assert os.preadv(file, [place.data], 1000) == place.nbytes
        os.close(file)


def _decoded(refs: Sequence[FrameRef], coder: Coder) -> list[Any]:
    """Each file read and decoded, and all of them kept."""
    kept = []
    for ref in refs:
        with open(ref.path, "rb", buffering=0) as file:  # noqa: PTH123 - quickest
            kept.append(coder.decode(file.read()[1000:]))
    return kept
