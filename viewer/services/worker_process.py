"""The inside of a worker: it reads and decodes for others, and may die of it.

Started by `viewer.services.workers`, in a process of its own. Nothing heavy is
imported before it is needed.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import parent_process
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING

import msgspec

from viewer.core.errors import PixelError, UnreadableError, ViewerError
from viewer.services import (
    worker_composing,
    worker_exporting,
    worker_telling,
    worker_texts,
)
from viewer.services.export_messages import ListOut, WriteOut
from viewer.services.frame_ref import check_unchanged
from viewer.services.measurement_messages import Compose
from viewer.services.proof_messages import Gather, Learn, Prove
from viewer.services.text_messages import FindText
from viewer.services.worker_messages import (
    Answer,
    Decode,
    Done,
    Failure,
    Header,
    Index,
    Place,
    Read,
    Request,
    Tell,
    Warm,
)
from viewer.services.worker_proving import Prover
from viewer.services.worker_sources import PackedFiles, for_size

if TYPE_CHECKING:
    from viewer.services.worker_indexing import Indexer

_GRACE = 2.0  # seconds the parent has to end an overdue worker before it ends itself
_PAGE = 4096
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
_KEPT = 32 << 20  # bytes, the most glibc takes


def serve(connection: "Connection[bytes, bytes]") -> None:
    """Answer requests until the other side is gone; the first answer says hello."""
    _behave()
    memory, packed = AttachedMemory(), PackedFiles()
    requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
    connection.send_bytes(msgspec.msgpack.encode(Done()))  # ready: the clock may run
    while True:
        try:
            request = requests.decode(connection.recv_bytes())
            for answer in _answers(request, memory, packed):
                connection.send_bytes(msgspec.msgpack.encode(answer))
        except (EOFError, OSError):  # the other side closed, or is gone
            memory.close()
            packed.close()
            return


def _behave() -> None:
    """Be a quiet process that ends with its parent, and only with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads reserve gigabytes
    with suppress(OSError):
        # codecs print what they think of a file, but standard output is a contract
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    _keep_memory()
    _fetch_nothing()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _keep_memory() -> None:
    """Keep what a frame took for the next one; new memory costs more than some codecs.

    Only glibc gives it back so soon, and only there is this needed.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - Linux only

    with suppress(OSError, AttributeError):  # another C library
        allocator = ctypes.CDLL("libc.so.6")
        allocator.mallopt(_MMAP_THRESHOLD, _KEPT)
        allocator.mallopt(_TRIM_THRESHOLD, _KEPT)


def _fetch_nothing() -> None:
    """Keep pydicom from loading what fetches its samples, 4 MB of each worker."""
    for name in ("requests", "tqdm"):
        sys.modules[name] = None  # type: ignore[assignment]  # as if they were not there


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _answers(
    request: Request, memory: "AttachedMemory", packed: PackedFiles
) -> Iterator[Answer]:
    if isinstance(request, Warm | Learn):
        _made_ready(request)
        return
    if isinstance(request, Decode | FindText):
        yield _in_shared_memory(request, memory)
        return
    if isinstance(request, Read):
        yield from _headers(request)
        return
    if isinstance(request, Index):
        yield from _entries(request)
        return
    if isinstance(request, Tell | Compose):
        yield _of_one_file(request)
        return
    if isinstance(request, WriteOut | ListOut | Gather | Prove):
        yield from _one_by_one(request)
        return
    packed.prepare(request)
    with _limits(request.seconds, request.memory, packed.processor(request)):
        yield _guarded(partial(packed.answer, request), UnreadableError)


def _made_ready(request: Warm | Learn) -> None:
    if isinstance(request, Learn):
        _prover().learn(request)
        return
    _import_codecs()
    import viewer.dicom.read  # noqa: F401, PLC0415 - the point of warming


def _of_one_file(request: Tell | Compose) -> Answer:
    work: Callable[[], Answer]
    if isinstance(request, Tell):
        worker_telling.prepare(request)
        work = partial(worker_telling.told, request)
    else:
        worker_composing.prepare()
        work = partial(worker_composing.composed, request)
    processor = for_size(request.path, request.processor)
    with _limits(request.seconds, request.memory, processor):
        return _guarded(work, UnreadableError)


def _one_by_one(request: WriteOut | ListOut | Gather | Prove) -> Iterator[Answer]:
    if isinstance(request, Gather | Prove):
        works = _prover().works(request)
    else:
        worker_exporting.prepare(request)
        works = worker_exporting.works(request)
    for path, work in works:
        processor = worker_exporting.patience(path, request.processor)
        with _limits(request.seconds, request.memory, processor):
            answer = _guarded(work, UnreadableError)
        yield answer


@cache
def _prover() -> Prover:
    return Prover()


def _in_shared_memory(request: Decode | FindText, memory: "AttachedMemory") -> Answer:
    if isinstance(request, Decode):
        _import_codecs()  # a busy machine needs seconds, and no file is to blame
        work = partial(_decode, request, memory)
    else:
        worker_texts.prepare()
        work = partial(_texts, request, memory)
    with _limits(request.seconds, request.memory, request.processor):
        return _guarded(work, PixelError)


def _texts(request: FindText, memory: "AttachedMemory") -> Answer:
    return worker_texts.found(request, memory.attach(request.block))


def _headers(request: Read) -> Iterator[Answer]:
    import viewer.dicom.read  # noqa: F401, PLC0415 - before a clock runs

    for path in request.paths:
        processor = for_size(path, request.processor)
        with _limits(request.seconds, request.memory, processor):
            answer = _guarded(partial(_read, path), UnreadableError)
        yield answer


def _entries(request: Index) -> Iterator[Answer]:
    indexer, rest = _indexer(), request.paths
    while rest:
        with _limits(request.seconds, request.memory, request.processor):
            found = indexer.run(rest, request)
        yield found
        rest = rest[len(found.entries) :]
        if found.alone:
            processor = for_size(rest[0], request.processor)
            with _limits(request.seconds, request.memory, processor):
                work = partial(indexer.odd, rest[0], request)
                answer = _guarded(work, UnreadableError)
            yield answer
            rest = rest[1:]


@cache
def _indexer() -> "Indexer":
    from viewer.services.worker_indexing import Indexer  # noqa: PLC0415 - when asked

    return Indexer()


def _import_codecs() -> None:
    import imagecodecs  # noqa: F401, PLC0415 - only where it is asked

    import viewer.dicom.frames  # noqa: F401, PLC0415


def _read(path: bytes) -> Answer:
    from viewer.dicom.read import read_file  # noqa: PLC0415 - only where it is asked

    return Header(read_file(os.fsdecode(path)))


def _decode(request: Decode, memory: "AttachedMemory") -> Answer:
    """Each frame to its place in the shared memory, or why it is not there."""
    room, failures = memory.attach(request.block), dict[int, Failure]()
    for number, place in enumerate(request.places):
        work = partial(_decode_one, place, request, room, number)
        answer = _guarded(work, PixelError)
        if isinstance(answer, Failure):
            failures[number] = answer
    return Done(failures)


def _decode_one(place: Place, request: Decode, room: memoryview, number: int) -> Answer:
    import numpy as np  # noqa: PLC0415 - only where it is asked

    from viewer.dicom import frames  # noqa: PLC0415
    from viewer.dicom.codecs import stored  # noqa: PLC0415

    path, pixels = os.fsdecode(place.path), request.pixels
    check_unchanged(path, place.stamp)
    size = stored.stored_bytes(pixels)
    cells = room[number * size : (number + 1) * size]
    if place.fragments is None:
        frame = frames.read_inflated(path, pixels, place.number)
    elif request.apart:
        frames.read_planes(path, pixels, place.fragments, cells)
        return Done()
    elif request.steps:
        frame = frames.read_smaller(path, pixels, place.fragments, request.steps)
    else:
        frame = frames.read_fragments(
            path, pixels, place.fragments, place.bit_offset, cells
        )
    there = np.ndarray(frame.shape, frame.dtype, cells)
    if not np.may_share_memory(there, frame):
        there[...] = frame
    return Done()


def _guarded(work: Callable[[], Answer], kind: type[ViewerError]) -> Answer:
    """The border: whatever a decoder throws becomes an answer.

    Damaged files reach code that nobody foresaw, and a panic of Rust is no
    `Exception`.
    """
    try:
        return work()
    except ViewerError as error:
        return Failure(type(error).__name__, error.message, error.hint)
    except MemoryError:
        return Failure(kind.__name__, "The file takes more memory than it may.")
    except BaseException as error:  # noqa: BLE001 - said above
        return Failure(
            kind.__name__,
            "The file is damaged in a way this program did not foresee.",
            where=_where(error),
        )


def _where(error: BaseException) -> str:
    """Type and place of an exception, without its text: that may hold a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    place = os.path.basename(code.co_filename)  # noqa: PTH119 - no file is meant
    return f"{type(error).__name__} at {place}:{trace.tb_lineno} in {code.co_name}"


@contextmanager
def _limits(seconds: float, memory: int, processor: float) -> Iterator[None]:
    """Bound the time and the memory of one request, as far as the system can.

    The parent watches the clock too. The alarm is for a parent that is gone, and kills
    even while a codec holds the interpreter. Time on the processor is bounded apart
    from it: a disk may be slow and a machine busy, but no honest file takes so much.
    """
    if sys.platform == "win32":
        yield
        return
    import resource  # noqa: PLC0415 - POSIX only

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    taken = _address_space()
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, most))
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    signal.setitimer(signal.ITIMER_PROF, processor)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if taken:
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _address_space() -> int:
    """Bytes of address space the process has; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as status:  # noqa: PTH123 - each request
            return int(status.read().split()[0]) * _PAGE
    except OSError:
        return 0


class AttachedMemory:
    """The shared memory of the parent that was used last."""

    def __init__(self) -> None:
        self._block: SharedMemory | None = None

    def attach(self, name: str) -> memoryview:
        """Its bytes; stays attached until another name comes."""
        if self._block is None or self._block.name != name:
            self.close()
            self._block = SharedMemory(name)
        buffer = self._block.buf
        if buffer is None:
            raise LookupError("the shared memory was closed")
        return buffer

    def close(self) -> None:
        """Let go of it; it is the parent's to remove."""
        block, self._block = self._block, None
        if block is None:
            return
        try:
            block.close()
        except BufferError:  # a refusal in a circle with where it was raised
            gc.collect()
            with suppress(BufferError):
                block.close()
