"""The two options that may stand anywhere on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.errors import ViewerError
from viewer.services.places import default_folder

if TYPE_CHECKING:
    import typer


class UsageError(ViewerError):
    """The command line was typed wrongly; exit status 2."""


@dataclass(frozen=True, slots=True)
class Options:
    """What every command knows.

    Attributes
    ----------
    data_dir : Path
        Where catalog, store, settings and log lie; it need not exist yet.
    json : bool
        Whether standard output gets one JSON document and nothing else.
    """

    data_dir: Path
    json: bool = False


def options_of(context: "typer.Context") -> Options:
    """The options of the command that runs now."""
    options = context.find_object(Options)
    if options is None:
        raise LookupError("a command runs outside viewer.cli.program.run")
    return options


def split_options(argv: Sequence[str]) -> tuple[Options, list[str]]:
    """Take ``--data-dir DIR`` and ``--json`` out of `argv`, wherever they stand.

    After ``--`` everything is a path and stays.

    Raises
    ------
    UsageError
        If ``--data-dir`` has no folder.
    """
    rest: list[str] = []
    data_dir: Path | None = None
    json = False
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--json":
            json = True
        elif word == "--data-dir" or word.startswith("--data-dir="):
            data_dir = _folder(word.partition("=")[2] or next(words, ""))
        else:
            rest.append(word)
    return Options(data_dir or default_folder(), json), rest


def _folder(name: str) -> Path:
    if not name or name == "--":
        raise UsageError("--data-dir needs a folder.", hint="--data-dir DIR")
    return Path(name).expanduser().absolute()
