"""The most memory this process and its workers held."""

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_LOOK = 0.02  # seconds


class MemoryWatch:
    """Looks at resident memory in a thread of its own, for the length of a block.

    Attributes
    ----------
    grown : int
        Bytes this process held beyond what it had at the beginning, at most.
    at_once : int
        The same since the latest `begin_anew`, at most: what one file took.
    worker : int
        Bytes the largest of its workers held.
    """

    def __init__(self) -> None:
        self.grown = self.at_once = self.worker = 0
        self._own = psutil.Process()
        self._start = self._latest = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory")

    def __enter__(self) -> Self:
        """Begin."""
        self._start = self._latest = self._own.memory_info().rss
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, with one last look."""
        self._over.set()
        self._thread.join()
        self._look()

    def begin_anew(self) -> None:
        """Count what comes now from what is held now."""
        self._look()
        self._latest = self._own.memory_info().rss

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            self._look()

    def _look(self) -> None:
        held = self._own.memory_info().rss
        self.grown = max(self.grown, held - self._start)
        self.at_once = max(self.at_once, held - self._latest)
        for child in self._own.children():
            with suppress(psutil.Error):
                if _is_worker(child):
                    self.worker = max(self.worker, _peak(child))


def _is_worker(process: psutil.Process) -> bool:
    """Whether it has begun: until then it has the memory of who starts it."""
    return "spawn_main" in " ".join(process.cmdline())


def _peak(process: psutil.Process) -> int:
    """The most a process ever held, where the system remembers it."""
    held = int(process.memory_info().rss)
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return max(held, int(line.split()[1]) * 1024)
    return held
