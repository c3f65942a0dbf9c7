"""Write the instances of an export side by side, each forced to disk and written down.

Workers write, a few threads here wait for the disk meanwhile: one file after the other
takes three times as long.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.deidentification import Pair, Recipe, Written
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.records import StoredInstance
from viewer.core.review import Review, Reviews
from viewer.services.export_messages import OutPlace, WentOut
from viewer.services.export_part import Entry, Part, writable
from viewer.services.export_selection import Chosen

if TYPE_CHECKING:
    from viewer.services.jobs import Progress
    from viewer.services.writing_out import WritingOut

_BATCH: Final = 16
_LOOK_S: Final = 0.1
_AT_THE_DISK: Final = 8


@dataclass(frozen=True, slots=True)
class Writing:
    """How instances are written.

    Attributes
    ----------
    recipe : Recipe or None
        How they are made anonymous; None leaves them as they are.
    reviews : Reviews
        What was said of their pixels.
    ending : str
        Of their files' names.
    threads : int
    """

    recipe: Recipe | None = None
    reviews: Reviews = field(default_factory=Reviews)
    ending: str = ".dcm"
    threads: int = 2


class Writer:
    """Writes what is left of one export. It is used once.

    Attributes
    ----------
    entries : dict of int to Entry
        What became of each instance, by its place in the export.
    patients, uids : dict of Pair
        What stands for what, in order, if the recipe wants it.
    """

    def __init__(
        self,
        hands: "WritingOut",
        part: Part,
        chosen: Sequence[Chosen],
        how: Writing,
    ) -> None:
        self._hands, self._part, self._chosen, self._how = hands, part, chosen, how
        self.entries = {entry.number: entry for entry in _kept(part, chosen, how)}
        self.patients: dict[Pair, None] = {}
        self.uids: dict[Pair, None] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._folders: set[Path] = set()

    def run(self, progress: "Progress") -> None:
        """Write all that is not there yet.

        Raises
        ------
        Cancelled
        EnvironmentFailure
            If the disk takes no more, or no worker can be started.
        """
        left = [n for n in range(len(self._chosen)) if n not in self.entries]
        batches = deque(left[at : at + _BATCH] for at in range(0, len(left), _BATCH))
        with self._threads() as (writers, disk):
            running = [
                writers.submit(self._work, batches, disk)
                for _ in range(min(self._how.threads, len(batches)))
            ]
            try:
                self._watch(running, progress)
            except BaseException:
                self._stop.set()
                raise
        for folder in sorted(self._folders, key=lambda path: -len(path.parts)):
            _tidy(folder, self._part.content)

    @contextmanager
    def _threads(self) -> Iterator[tuple[ThreadPoolExecutor, ThreadPoolExecutor]]:
        with (
            ThreadPoolExecutor(_AT_THE_DISK, "export-disk") as disk,
            ThreadPoolExecutor(self._how.threads, "export") as writers,
        ):
            yield writers, disk

    def _watch(self, running: "Sequence[Future[None]]", progress: "Progress") -> None:
        waiting: set[Future[None]] = set(running)
        while waiting:
            done, waiting = wait(waiting, _LOOK_S)
            for future in done:
                future.result()
            progress.report(len(self.entries), len(self._chosen))
            progress.checkpoint()

    def _work(self, batches: "deque[list[int]]", disk: ThreadPoolExecutor) -> None:
        behind: list[Future[None]] = []
        while not self._stop.is_set():
            try:
                numbers = batches.popleft()
            except IndexError:
                break
            places = self._places(numbers)
            ahead: list[Future[None]] = []
            self._hands.write(
                [place for _, place in places],
                self._how.recipe,
                self._taker([number for number, _ in places], disk, ahead),
                self._stop,
            )
            _settled(behind)
            behind = ahead
        _settled(behind)

    def _places(self, numbers: Sequence[int]) -> list[tuple[int, OutPlace]]:
        found: list[tuple[int, OutPlace]] = []
        for number in numbers:
            one = self._chosen[number]
            if isinstance(one.stored, StoredInstance):
                found.append((number, self._place(one, one.stored)))
            else:
                self._note(Entry(number, failed=one.stored.message))
        return found

    def _place(self, one: Chosen, stored: StoredInstance) -> OutPlace:
        target = self._target(one)
        with self._lock, writable(self._part.content):
            if target.parent not in self._folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(target.parent)
        review = _review(self._how.reviews, one, stored)
        return OutPlace.of(stored, target, review, one.patient)

    def _taker(
        self,
        numbers: Sequence[int],
        disk: ThreadPoolExecutor,
        ahead: "list[Future[None]]",
    ) -> Callable[[int, WentOut | ViewerError], None]:
        def took(place: int, outcome: WentOut | ViewerError) -> None:
            number = numbers[place]
            if isinstance(outcome, EnvironmentFailure):
                raise outcome
            if isinstance(outcome, ViewerError):
                self._target(self._chosen[number]).unlink(missing_ok=True)
                self._note(Entry(number, failed=outcome.message))
            elif outcome.withheld is not None:
                self._note(Entry(number, withheld=outcome.withheld))
            else:
                ahead.append(disk.submit(self._secure, number, outcome))

        return took

    def _secure(self, number: int, outcome: WentOut) -> None:
        """Force a file to disk, then say that it is there."""
        with writable(self._part.content):
            handle = os.open(self._target(self._chosen[number]), os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        written = outcome.written
        if written is None:
            self._note(Entry(number, outcome.size))
            return
        self._note(
            Entry(
                number,
                outcome.size,
                written.instance.new,
                written.sha256,
                cautions=tuple(map(str, written.cautions)),
            ),
            written,
        )

    def _note(self, entry: Entry, written: Written | None = None) -> None:
        with self._lock:
            if written is not None and written.pairs:
                self.patients[written.patient] = None
                self.uids.update(dict.fromkeys(written.pairs))
            self.entries[entry.number] = entry
            self._part.note(entry)

    def _target(self, one: Chosen) -> Path:
        return self._part.content / (one.name + self._how.ending)


def _kept(part: Part, chosen: Sequence[Chosen], how: Writing) -> Iterator[Entry]:
    """What an earlier attempt has written, as far as it is still there."""
    if how.recipe is not None and how.recipe.want_pairs:
        return  # what stands for what is told while it is written, and kept nowhere
    for entry in part.before:
        if entry.failed:
            continue  # it may go better now
        path = part.content / (chosen[entry.number].name + how.ending)
        if entry.withheld or (path.is_file() and path.stat().st_size == entry.size):
            yield entry


def _review(reviews: Reviews, one: Chosen, stored: StoredInstance) -> Review | None:
    """What was said of an image; one that fits no size is passed on to be refused."""
    uid = stored.instance.sop_instance_uid
    image = stored.instance.image
    if uid in reviews.of_instance or image is None:
        return reviews.of_instance.get(uid)
    pixels = image.pixels
    return reviews.review_of(uid, one.series_uid, pixels.columns, pixels.rows)


def _settled(futures: "Sequence[Future[None]]") -> None:
    for future in futures:
        future.result()


def _tidy(folder: Path, top: Path) -> None:
    """Remove a folder, and those around it, if nothing came to lie in it."""
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
