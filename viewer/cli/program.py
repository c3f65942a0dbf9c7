"""The `lightbox` command: the window without a subcommand, or one subcommand.

Nothing is imported before it must be: the table below says which module serves a
command, and only that one is loaded.
"""

import importlib
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from viewer import __version__
from viewer.cli import output
from viewer.cli.options import Options, UsageError, split_options
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.opening import WindowRequest

OpenWindow = Callable[[WindowRequest], int]

DONE, REFUSED, MISUSED, NO_ENVIRONMENT = range(4)
"""Exit statuses. A bug is REFUSED as well: what was asked for was not done."""

INTERRUPTED, NO_READER = 130, 141
"""What a shell calls a program that was stopped by SIGINT, by SIGPIPE."""


@dataclass(frozen=True, slots=True)
class Subcommand:
    """Where a subcommand lives, and what it is for."""

    module: str
    arguments: str
    purpose: str


SUBCOMMANDS = {
    "import": Subcommand("imports", "PATH…", "add files to the catalog"),
    "studies": Subcommand("studies", "[TEXT]", "list the studies of the catalog"),
    "show": Subcommand("studies", "STUDY_UID", "what a study consists of"),
    "tags": Subcommand("tags", "FILE|SOP_UID", "every attribute of an instance"),
    "pixels": Subcommand("pixels", "FILE|SOP_UID", "its values as a numpy array"),
    "render": Subcommand("render", "FILE|SOP_UID", "its picture as a PNG"),
    "measure": Subcommand("measure", "SHAPE FILE|UID", "lengths, angles, statistics"),
    "peers": Subcommand("peers", "add|list|remove|echo", "whom we talk to"),
    "find": Subcommand("find", "PEER [TEXT]", "list what peers have"),
    "worklist": Subcommand("worklist", "PEER", "list what is planned"),
    "retrieve": Subcommand("retrieve", "PEER UID…", "fetch studies from a peer"),
    "send": Subcommand("send", "PEER UID…", "send studies to a peer"),
    "export": Subcommand("export", "UID…", "write or send studies for others"),
    "listen": Subcommand("listen", "", "take what peers send"),
    "verify": Subcommand("verify", "DIR", "prove an anonymized export"),
    "doctor": Subcommand("doctor", "", "is everything here that Lightbox needs"),
}


def run(argv: Sequence[str], open_window: OpenWindow) -> int:
    """Run one command line and return its exit status.

    Parameters
    ----------
    argv : sequence of str
        Without the program's name.
    open_window : callable
        Opens the window, returns its exit status; raises `EnvironmentFailure` where
        there is no display.
    """
    json = "--json" in takewhile(lambda word: word != "--", argv)
    try:
        options, words = split_options(argv)
        status = _run(words, options, open_window)
    except ViewerError as error:
        output.tell_error(error, json=json)
        return _status(error)
    except KeyboardInterrupt:
        status = INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Typer and rich turn a reader that has left into SystemExit.
        _forget_reader()
        return NO_READER
    if status == INTERRUPTED:  # typer makes this of Ctrl-C by itself
        output.tell("Stopped.")
    return status


def _run(words: Sequence[str], options: Options, open_window: OpenWindow) -> int:
    first = words[0] if words else ""
    if first in SUBCOMMANDS:
        return _guarded(options, lambda: _run_subcommand(words, options))
    if first in {"--help", "-h", "--version"}:
        version = f"Lightbox {__version__}"
        output.answer_text(version if first == "--version" else _help())
        return DONE
    if options.json:
        raise UsageError("--json needs a command.", hint=_known())
    request = _window_request(words, options)
    return _guarded(options, lambda: open_window(request))


def _run_subcommand(words: Sequence[str], options: Options) -> int:
    import typer  # noqa: PLC0415 - the window does not need it

    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_nothing)  # keeps the name a word of its own with one command
    module = importlib.import_module(f"viewer.cli.{SUBCOMMANDS[words[0]].module}")
    module.register(app)
    for command in app.registered_commands:
        command.epilog = "--data-dir DIR and --json may stand anywhere."
    try:
        status = typer.main.get_command(app).main(
            list(words), prog_name="lightbox", standalone_mode=False, obj=options
        )
    except typer.TyperException as error:
        hint = f"lightbox {words[0]} --help"
        raise UsageError(error.format_message(), hint=hint) from error
    return status if isinstance(status, int) else DONE


def _guarded(options: Options, work: Callable[[], int]) -> int:
    """Run `work`; a bug becomes one sentence, and types and lines in the log."""
    try:
        return work()
    except (ViewerError, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the command line's crash handler
        return _bug(error, options)


def _bug(error: Exception, options: Options) -> int:
    from viewer.services import logs, places  # noqa: PLC0415 - only when it happens

    hint = "Please report it with these words; they hold nothing of a patient."
    try:
        handler = logs.open_log(options.data_dir)
        logging.getLogger(__name__).error("bug", exc_info=error)
        logs.close_log(handler)
        hint += f" More is in {places.log_file(options.data_dir)}."
    except EnvironmentFailure:
        output.tell(logs.bug_report(error))
    place = logs.bug_place(error)
    failure = ViewerError(f"Lightbox made a mistake: {place}.", hint=hint)
    output.tell_error(failure, json=options.json)
    return REFUSED


def _window_request(words: Sequence[str], options: Options) -> WindowRequest:
    demo, paths, only_paths = False, [], False
    for word in words:
        if only_paths or not word.startswith("-") or word == "-":
            paths.append(Path(word).absolute())
        elif word == "--":
            only_paths = True
        elif word == "--demo":
            demo = True
        else:
            raise UsageError(f"There is no option {word}.", hint="lightbox --help")
    for path in paths:
        if not path.exists():
            raise _missing(path)
    return WindowRequest(options.data_dir, tuple(paths), demo)


def _missing(path: Path) -> ViewerError:
    import difflib  # noqa: PLC0415 - only for a typing error

    meant = difflib.get_close_matches(path.name, SUBCOMMANDS, 1)
    hint = f"Did you mean lightbox {meant[0]}?" if meant else "Check the path."
    return ViewerError(f"There is no file or folder {path}.", hint=hint)


def _status(error: ViewerError) -> int:
    if isinstance(error, UsageError):
        return MISUSED
    return NO_ENVIRONMENT if isinstance(error, EnvironmentFailure) else REFUSED


def _forget_reader() -> None:
    """Keep Python from failing once more when it flushes at exit."""
    import os  # noqa: PLC0415 - rare

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _help() -> str:
    lines = [
        "Lightbox, a radiology workstation. Not a medical device.",
        "",
        "  lightbox [PATH…] [--demo]       open the window, on these files or the demo",
    ]
    for name, command in SUBCOMMANDS.items():
        usage = f"lightbox {name} {command.arguments}".strip()
        lines.append(f"  {usage:<31} {command.purpose}")
    lines += [
        "",
        "  lightbox COMMAND --help         what a command can do",
        "  lightbox --version              which Lightbox this is",
        "",
        "Anywhere on the line:",
        "  --data-dir DIR   keep catalog, store, settings and log in DIR",
        "  --json           answer with one JSON document on standard output",
        "",
        "Exit status: 0 all done; 1 done in part, or input refused; 2 wrong usage;",
        "3 the environment failed (no display, no catalog, no answer from a peer).",
    ]
    return "\n".join(lines)


def _known() -> str:
    return "Commands: " + ", ".join(SUBCOMMANDS) + "."


def _nothing() -> None:
    """Take no options of its own."""
