"""One worker process as its owner holds it: ask, wait, kill, start again."""

import multiprocessing
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from time import monotonic

import msgspec

from viewer.core.errors import Cancelled, EnvironmentFailure
from viewer.services.export_messages import ListOut, WriteOut
from viewer.services.proof_messages import Gather, Learn, Prove
from viewer.services.worker_messages import (
    Answer,
    Entries,
    Index,
    Read,
    Request,
    Warm,
)
from viewer.services.worker_process import serve

_LOOK = 0.05  # seconds between two looks at clock, memory and wish to stop
_SMALL_BLOCK = 16 << 20
_ANSWER_LIMIT = 1 << 28
_START_SECONDS = 30.0  # until a fresh process says hello
_STARTS = 2  # a machine short of memory may take one away
_FAREWELL = 0.5
_OVERWORKED = -getattr(signal, "SIGPROF", 0) or None  # how its timer ends a process
_SYSTEM_BOUNDS_MEMORY = sys.platform.startswith("linux")  # RLIMIT_AS
_SHARED = Path("/dev/shm")  # noqa: S108 - where Linux keeps shared memory

# multiprocessing's list of children is not made for several threads
_processes = threading.Lock()


class WorkerDied(Exception):  # noqa: N818 - a fact
    """The process ended in the middle of a request."""


class Stalled(Exception):  # noqa: N818 - a fact
    """The process took longer than it may, and was killed.

    Parameters
    ----------
    seconds : float
        How long it may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Worker:
    """A process that serves one thread at a time.

    After `WorkerDied`, `Stalled` or `Cancelled` there is no process any more, until
    `revive`. Shared memory stays for the next one.
    """

    def __init__(self) -> None:
        self._block: SharedMemory | None = None
        self._answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
        self._memory_limit, self._processor = 0, 0.0
        self._fresh, self._expected = True, 0
        self._spoke: Callable[[float], bool] = _heard_at_once
        self._start()

    @property
    def pid(self) -> int | None:
        """Of the process; None if it never started."""
        return self._process.pid

    def meet(self, *cancels: threading.Event | None) -> None:
        """Wait until the process is ready, so that no file is blamed if it never is.

        Raises
        ------
        EnvironmentFailure
            If none can be started.
        Cancelled
        """
        for _ in range(_STARTS):
            if not self._fresh:
                return
            try:
                self._wait(_START_SECONDS, cancels)
                self._connection.recv_bytes(_ANSWER_LIMIT)  # hello
                self._fresh = False
            except (EOFError, OSError, Stalled):
                self.kill()
                self._start()
        if self._fresh:
            raise _no_process()

    def send(self, request: Request) -> None:
        """Ask; as many answers will come as the request says.

        Raises
        ------
        WorkerDied
            If the process is gone.
        """
        if not isinstance(request, Warm | Learn):
            self._memory_limit, self._processor = request.memory, request.processor
            self._expected = 1
            if isinstance(request, Read | Index | ListOut | Gather | Prove):
                self._expected = len(request.paths)
            elif isinstance(request, WriteOut):
                self._expected = len(request.places)
        try:
            self._connection.send_bytes(msgspec.msgpack.encode(request))
        except OSError as error:
            self.kill()
            raise WorkerDied from error

    def receive(self, seconds: float, *cancels: threading.Event | None) -> Answer:
        """Wait for one answer.

        Raises
        ------
        WorkerDied, Stalled, Cancelled
            The process is gone then.
        """
        try:
            self._wait(seconds, cancels)
            answer = self._answers.decode(self._connection.recv_bytes(_ANSWER_LIMIT))
        except (EOFError, OSError, msgspec.MsgspecError) as error:
            self.kill()
            if self._process.exitcode == _OVERWORKED:
                raise Stalled(self._processor) from error
            raise WorkerDied from error
        except (Stalled, Cancelled):
            self.kill()
            raise
        self._expected -= len(answer.entries) if isinstance(answer, Entries) else 1
        return answer

    def room_for(self, size: int) -> str:
        """Name of a shared memory of at least `size` bytes.

        Raises
        ------
        EnvironmentFailure
            If the system has none left: writing there would kill the worker.
        """
        if self._block is None or self._block.size < size:
            self._release_block()
            # twice as large rather than a little: each new one costs its pages again
            doubled = 1 << max(size - 1, 1).bit_length()
            self._block = _shared_memory(max(size, min(doubled, _SMALL_BLOCK)))
        return self._block.name

    @property
    def memory(self) -> memoryview:
        """What the worker has written, until the next request."""
        if self._block is None or self._block.buf is None:
            raise LookupError("no shared memory was made")
        return self._block.buf

    def revive(self) -> bool:
        """Have a process that waits for a request; whether it had to be a new one."""
        if self._expected:
            self.kill()
        if not self._ended(0):
            return False
        self.kill()
        self._start()
        return True

    def kill(self) -> None:
        """End the process now."""
        self._connection.close()
        # nobody is there, and what was listened to is somebody else's by now
        self._spoke, self._fresh, self._expected = _heard_at_once, True, 0
        with _processes:
            self._process.kill()
            self._process.join()

    def dismiss(self) -> None:
        """Let the process go home; `close` waits for it."""
        self._connection.close()

    def close(self) -> None:
        """Let the process go home, and give its memory back."""
        self.dismiss()
        with _processes:
            self._process.join(_FAREWELL)
        self.kill()
        self._release_block()

    def _start(self) -> None:
        """Have a process; where none can be started the last one stays, dead."""
        spawn = multiprocessing.get_context("spawn")  # never a fork under Qt
        with _processes:
            connection, other = spawn.Pipe()
            process = spawn.Process(
                target=serve, args=(other,), name="lightbox-worker", daemon=True
            )
            try:
                process.start()
            except OSError as error:
                connection.close()
                raise _no_process() from error
            finally:
                other.close()  # so that its end tells
        self._connection, self._process = connection, process
        self._spoke, self._ended = _heard(connection), _heard(process.sentinel)

    def _wait(
        self, seconds: float, cancels: tuple[threading.Event | None, ...]
    ) -> None:
        """Until the process says something."""
        deadline = monotonic() + seconds
        while not self._spoke(_LOOK):
            if any(cancel is not None and cancel.is_set() for cancel in cancels):
                raise Cancelled
            if monotonic() > deadline:
                raise Stalled(seconds)
            if not _SYSTEM_BOUNDS_MEMORY and (
                _resident(self.pid) > 2 * self._memory_limit
            ):
                raise EOFError

    def _release_block(self) -> None:
        if self._block is not None:
            self._block.close()
            self._block.unlink()
            self._block = None


def _heard(source: "Connection[bytes, bytes] | int") -> Callable[[float], bool]:
    """Waits so many seconds at most, and says whether there is anything to hear.

    Made once for each process: a selector costs more than to look, and it is looked
    three times for each request.
    """
    if not hasattr(select, "poll"):
        return lambda seconds: bool(wait([source], seconds))
    poll = select.poll()
    poll.register(source, select.POLLIN)
    return lambda seconds: bool(poll.poll(1000 * seconds))


def _heard_at_once(_: float) -> bool:
    return True


def _resident(pid: int | None) -> int:
    import psutil  # noqa: PLC0415 - not needed on Linux

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _shared_memory(size: int) -> SharedMemory:
    try:
        block = SharedMemory(create=True, size=size)
    except OSError as error:
        raise _no_memory() from error
    if _SHARED.is_dir():
        # its pages are only promised: without this a full /dev/shm is a SIGBUS
        try:
            with (_SHARED / block.name).open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            block.close()
            block.unlink()
            raise _no_memory() from error
    return block


def _no_process() -> EnvironmentFailure:
    return EnvironmentFailure(
        "Lightbox cannot start its helper processes.",
        hint="Close other programs; if that does not help, install Lightbox again.",
    )


def _no_memory() -> EnvironmentFailure:
    return EnvironmentFailure(
        "There is no shared memory left to decode the image.",
        hint="Close other programs, or make /dev/shm larger.",
    )
