"""What a command says: its answer on standard output, everything else beside it."""

import dataclasses
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING

from viewer.core.errors import ViewerError

if TYPE_CHECKING:
    from rich.console import Console

    from viewer.services.jobs import Progress

_WIDE = 200  # columns of a table that goes into a pipe or a file


def answer_json(document: object) -> None:
    """Print `document` on standard output as the one JSON document of this command.

    Dataclasses become objects, dates ``YYYY-MM-DD``, times ``HH:MM:SS``, paths and
    enumerations text, numbers that are none (NaN, infinity) null.
    """
    # A file name that is not valid text keeps its bytes as \udc80…\udcff, which JSON
    # reads back to the very same name.
    text = json.dumps(to_plain(document), ensure_ascii=False, allow_nan=False)
    _write(text.encode("utf-8", "backslashreplace") + b"\n")


def answer_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows for people on standard output; a column named ``>…`` is numbers."""
    from rich import box  # noqa: PLC0415 - rich costs a tenth of a second
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        right = name.startswith(">")
        table.add_column(name.lstrip(">"), justify="right" if right else "left")
    for row in rows:
        table.add_row(*("" if cell is None else printable(str(cell)) for cell in row))
    people(sys.stdout.isatty()).print(table)


def answer_text(text: str) -> None:
    """Print lines for people on standard output."""
    _write(printable(text).encode(_encoding(), "replace") + b"\n")


def tell(text: str) -> None:
    """Say something beside the answer, on standard error."""
    sys.stderr.write(printable(text) + "\n")


def tell_error(error: ViewerError, *, json: bool) -> None:
    """Say why it did not work; in JSON this is the answer, there is always one."""
    tell(error.message if not error.hint else f"{error.message}\n{error.hint}")
    if json:
        answer_json({"error": error.message, "hint": error.hint})


@contextmanager
def progress(title: str) -> Iterator["Progress"]:
    """Draw a progress bar on a terminal's standard error; elsewhere say nothing."""
    if not sys.stderr.isatty():
        from viewer.services.jobs import Silent  # noqa: PLC0415 - not for a refusal

        yield Silent()
        return
    from viewer.cli.progress import bar  # noqa: PLC0415 - rich costs a tenth of a second

    with bar(title) as drawn:
        yield drawn


def people(terminal: bool) -> "Console":  # noqa: FBT001 - one question, one answer
    """A console for tables on standard output that takes no markup from data."""
    from rich.console import Console  # noqa: PLC0415

    width = None if terminal else _WIDE
    return Console(markup=False, highlight=False, emoji=False, width=width)


def printable(text: str) -> str:
    """`text` without characters that would steer a terminal; a file may hold some."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def to_plain(value: object) -> object:
    """`value` as JSON knows it; see `answer_json`."""
    if isinstance(value, Enum):
        return to_plain(value.value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (str, PurePath)):
        return str(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _plain_collection(value)


def _plain_collection(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item) for item in value]
    if hasattr(value, "tolist"):  # numpy, which the command line does not import
        return to_plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _encoding() -> str:
    return sys.stdout.encoding or "utf-8"


def _write(raw: bytes) -> None:
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # a test's or an embedder's text stream
        sys.stdout.write(raw.decode("utf-8"))
    else:
        stream.write(raw)
    sys.stdout.flush()
