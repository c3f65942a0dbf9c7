"""Find the programs that the benchmarks are raced against, where they are installed.

A Python package that the program itself does not need is looked for in the interpreter
that runs the benchmarks, then in the one that ``LIGHTBOX_BENCH_PYTHON`` names. Whoever
is not found is named in the table as not here.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from tests.benchmarks.race import Peer

_INTERPRETER = "LIGHTBOX_BENCH_PYTHON"

# Says that it is ready, then does the work once for each line it is sent.
_SERVE = """
import json, sys
def serve(work, argument):
    for line in sys.stdin:
        work(argument)
        sys.stdout.write("done\\n")
        sys.stdout.flush()
"""


class Peers:
    """Other programs, kept running between their turns as ours is."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Peers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.communicate()
        self._processes.clear()

    def python(self, name: str, package: str, source: str, argument: object) -> Peer:
        """A Python package that does it: `source` defines ``work(argument)``.

        The process starts and imports in the round that is not counted.

        Parameters
        ----------
        package : str
            What must be importable.
        argument : object
            Anything that JSON can hold.
        """
        interpreter = interpreter_with(package)
        if interpreter is None:
            return Peer(name, None)
        code = f"{_SERVE}\n{source}\nserve(work, json.loads(sys.argv[1]))"
        command = [str(interpreter), "-c", code, json.dumps(argument)]
        return Peer(name, self._worker(command))

    def _worker(self, command: Sequence[str]) -> Callable[[], None]:
        started: list[subprocess.Popen[str]] = []

        def work() -> None:
            if not started:
                pipe = subprocess.PIPE
                process = subprocess.Popen(
                    command, stdin=pipe, stdout=pipe, text=True, bufsize=1
                )
                started.append(process)
                self._processes.append(process)
            stdin, stdout = started[0].stdin, started[0].stdout
            assert stdin is not None
            assert stdout is not None
            stdin.write("again\n")
            assert stdout.readline() == "done\n", "the peer failed"

        return work


def program(name: str, words: Sequence[str | Path]) -> Peer:
    """A program of the system that does it when called with `words`."""
    found = installed(str(words[0]))
    if found is None:
        return Peer(name, None)
    call = partial(
        subprocess.run,
        [found, *words[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return Peer(name, call)


def installed(word: str) -> str | None:
    """Where a program of the system is; never a script of this Python's own.

    Python packages install scripts named like DCMTK's programs.
    """
    own = Path(sys.executable).parent
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    folders = [folder for folder in folders if Path(folder) != own]
    return shutil.which(word, path=os.pathsep.join(folders))


def interpreter_with(package: str) -> Path | None:
    """The first interpreter that could import `package`."""
    if importlib.util.find_spec(package) is not None:
        return Path(sys.executable)
    other = os.environ.get(_INTERPRETER)
    if not other:
        return None
    search = f"import importlib.util as u, sys; sys.exit(not u.find_spec({package!r}))"
    asked = subprocess.run([other, "-c", search], check=False)
    return Path(other) if asked.returncode == 0 else None
