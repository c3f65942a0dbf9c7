"""`lightbox listen`: take what peers send, until somebody says stop."""

import signal
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.counts import counted
from viewer.core.peers import Tls, is_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer

    from viewer.services.listening import Listening, ListenRequest, Received

_SWITCH_S = 0.0005  # threads that wait for the network must not wait for each other
_MEGABYTE = 1 << 20


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    from viewer.cli import listen_options as typed  # noqa: PLC0415 - loads typer

    @app.command()
    def listen(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        *,
        port: typed.Port = 11112,
        aet: typed.Titles = None,
        host: typed.Host = "",
        allow: typed.Allow = None,
        private: typed.Private = False,
        qr: typed.Queries = False,
        certificate: typed.Certificate = None,
        key: typed.Key = None,
        ca: typed.Authority = None,
        reserve_mb: typed.ReserveMb = 512,
    ) -> int:
        """Take what peers send (Storage SCP) until Ctrl-C or SIGTERM.

        An object is on disk before its sender is told so.
        """
        # pydicom and SQLAlchemy load only where somebody listens.
        from viewer.services import listening  # noqa: PLC0415
        from viewer.services.peers import Peers  # noqa: PLC0415

        options = options_of(context)
        titles = _checked(aet) or listening.titles_at(port, Peers(options.data_dir))
        request = listening.ListenRequest(
            port=port,
            titles=titles,
            allowed=tuple(map(listening.to_allowed, allow or ())),
            private=private,
            answers_queries=qr,
            reserve=reserve_mb * _MEGABYTE,
            host=host,
            tls=_tls(certificate, key, ca),
        )
        sys.setswitchinterval(_SWITCH_S)
        began = time.monotonic()
        here = _listened(options.data_dir, request)
        received, seconds = here.received, time.monotonic() - began
        if options.json:
            output.answer_json(_document(received, here.port, seconds))
        else:
            output.answer_text(_said(received))
        return 0


def _listened(data_dir: Path, request: "ListenRequest") -> "Listening":
    """Listen until somebody says stop."""
    from viewer.services import listening, logs  # noqa: PLC0415
    from viewer.services.library import Library  # noqa: PLC0415
    from viewer.services.workers import Workers  # noqa: PLC0415

    with (
        _told_to_stop() as stop,
        Workers() as workers,
        Library(data_dir, workers) as library,
    ):
        handler = logs.open_log(data_dir)
        try:
            workers.make_one_ready()
            with listening.Listening(library, request) as here:
                output.tell(_greeting(request, here.port))
                stop.wait()
        finally:
            logs.close_log(handler)
    return here


@contextmanager
def _told_to_stop() -> "Iterator[threading.Event]":
    """An event that is set when somebody wants the program to end."""
    stop = threading.Event()
    wishes = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(wish, lambda *_: stop.set()) for wish in wishes]
    try:
        yield stop
    finally:
        for wish, handler in zip(wishes, before, strict=True):
            signal.signal(wish, handler)


def _checked(titles: list[str] | None) -> frozenset[str]:
    for title in titles or ():
        if not is_title(title):
            raise UsageError(
                f"{title} cannot be an AE title.", hint="It has 1 to 16 characters."
            )
    return frozenset(titles or ())


def _tls(certificate: Path | None, key: Path | None, ca: Path | None) -> Tls | None:
    if certificate is None and (key or ca):
        raise UsageError("TLS needs --certificate.")
    return Tls(ca, certificate, key) if certificate else None


def _greeting(request: "ListenRequest", port: int) -> str:
    encrypted = " with TLS" if request.tls else ""
    return (
        f"Listening as {', '.join(sorted(request.titles))} at port {port}{encrypted}."
    )


def _document(received: "Received", port: int, seconds: float) -> dict[str, object]:
    return {
        "port": port,
        "imported": received.imported,
        "duplicates": received.duplicates,
        "conflicts": received.conflicts,
        "refused": received.refused,
        "bytes": received.size,
        "seconds": seconds,
    }


def _said(received: "Received") -> str:
    counts = {
        "new": received.imported,
        "known already": received.duplicates,
        "kept beside as conflicts": received.conflicts,
        "refused": received.refused,
    }
    said = ", ".join(f"{number:,} {what}" for what, number in counts.items() if number)
    total = sum(counts.values())
    return f"{counted(total, 'object')} came{': ' * bool(said)}{said}."
