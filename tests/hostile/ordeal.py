"""What the program makes of one file: read, decode, paint, as the product does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.services.decoding import Decoding
from viewer.services.frame_parts import parts_of
from viewer.services.frame_ref import FrameRef
from viewer.services.rendering import Wish, render
from viewer.services.store import stamp_of
from viewer.services.workers import Workers

_WISH = Wish(size=(256, 200), annotations=True)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file.

    Attributes
    ----------
    record : FileRecord or ViewerError
    pictures : tuple of str
        For the first frame, the middle one and the last: why there is no picture,
        empty where there is one.
    seconds : float
        For all of it.
    """

    record: FileRecord | ViewerError
    pictures: tuple[str, ...]
    seconds: float


class Ordeal:
    """Puts files through one pool of workers."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        # nothing is kept: what one file took must not be counted for the next
        self._decoding = Decoding(lambda call: call(), workers, capacity=1)
        self._decoding._rooms._shelf._most_spare = 0

    def judge(self, path: Path) -> Verdict:
        """Read the file, and decode and paint some of its frames.

        Whatever is not foreseen travels on: it is a bug.
        """
        start = perf_counter()
        ((_, record),) = self._workers.read_files([path])
        pictures: tuple[str, ...] = ()
        if isinstance(record, FileRecord):
            pictures = tuple(self._pictures(path, record))
        return Verdict(record, pictures, perf_counter() - start)

    def close(self) -> None:
        """End the threads; the workers stay."""
        self._decoding.close()

    def _pictures(self, path: Path, record: FileRecord) -> Iterator[str]:
        image = record.instance.image
        if image is None:
            return
        last = max(image.pixels.frames, 1)
        stamp = stamp_of(path)
        for number in sorted({1, (last + 1) // 2, last}):
            ref = FrameRef(str(path), image, number, stamp)
            try:
                stored = self._decoding.frame(ref)
                parts = parts_of(ref, self._decoding)
                render(record, number, stored, _WISH, parts)
            except ViewerError as error:
                yield error.message
            else:
                yield ""


@contextmanager
def ordeal(count: int = 2) -> Iterator[Ordeal]:
    """An ordeal with workers of its own, ready before the first file."""
    with Workers(count) as workers:
        workers.prestart()
        list(workers.read_files([__file__]))  # one of them is there
        held = Ordeal(workers)
        try:
            yield held
        finally:
            held.close()
