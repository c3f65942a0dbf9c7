"""Join the command line and the window; neither knows the other."""

import sys
from collections.abc import Sequence

from viewer.cli.program import run
from viewer.core.errors import EnvironmentFailure
from viewer.services.display import has_display
from viewer.services.opening import WindowRequest


def main(argv: Sequence[str] | None = None) -> int:
    """Run Lightbox with `argv` (without the program's name); return its exit status."""
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support  # noqa: PLC0415 - costs a window 25 ms

        freeze_support()
    return run(sys.argv[1:] if argv is None else argv, open_window)


def open_window(request: WindowRequest) -> int:
    """Open the window on `request` and return its exit status when it closes.

    Raises
    ------
    EnvironmentFailure
        If there is no display; the demo study is built all the same, and the hint
        says how to see a picture of it.
    """
    if not has_display():
        from viewer.cli.no_display import way_out  # noqa: PLC0415 - mostly there is

        raise EnvironmentFailure(
            "There is no display to open the window on.", hint=way_out(request)
        )
    from viewer.ui import application  # noqa: PLC0415 - Qt, only for the window

    return application.open_window(request)
