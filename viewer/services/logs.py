"""The log: what the program did, never whom it showed.

Only our own events are written. What a library logs is left out, because it may quote
a file; a failure is written as types and lines of code, without its message, because
a message may quote a value.
"""

import logging
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from typing_extensions import override

from viewer.core.errors import ViewerError
from viewer.services.places import log_file, prepare

_PACKAGE = Path(__file__).resolve().parents[1]


def open_log(data_dir: Path) -> logging.Handler:
    """Write the program's events to the log of `data_dir` from now on.

    The caller closes the handler with `close_log`.

    Raises
    ------
    EnvironmentFailure
        If the folder cannot be used.
    """
    path = log_file(prepare(data_dir))
    prepare(path.parent)
    handler = _LogFile(
        path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
    )
    handler.addFilter(logging.Filter("viewer"))
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = logging.getLogger("viewer")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to the log."""
    logging.getLogger("viewer").removeHandler(handler)
    handler.close()


def bug_report(error: BaseException) -> str:
    """What went wrong, as types and lines of code, without any value.

    One line for each failure of the chain and, below it, one for each of its frames,
    innermost last. A `ViewerError` keeps its sentence, which holds no value.
    """
    return "\n".join(line for link in _chain(error) for line in _link(link))


def bug_place(error: BaseException) -> str:
    """Type of the failure and the last line of ours it passed, for one sentence."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    last = (ours or frames)[-1:]
    places = [f" at {_short(frame.filename)}:{frame.lineno}" for frame in last]
    return f"{type(error).__name__}{''.join(places)}"


class _LogFile(RotatingFileHandler):
    """A log that is given up silently when its disk is."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: logging's own words would quote the record."""


class _Discreet(logging.Formatter):
    """Write a failure as types and lines."""

    @override
    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return bug_report(error) if isinstance(error, BaseException) else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (
            None if link.__suppress_context__ else link.__context__
        )


def _link(error: BaseException) -> Iterator[str]:
    sentence = f": {error.message}" if isinstance(error, ViewerError) else ""
    yield f"{type(error).__qualname__}{sentence}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"


def _short(filename: str) -> str:
    """A path inside the program or the name of a library's file; no home folders."""
    path = Path(filename)
    if path.is_relative_to(_PACKAGE.parent) and "site-packages" not in path.parts:
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])
