"""Build every service once, join them, and open the window or run a command."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Lightbox with `argv` (without the program's name); return its exit status."""
    from viewer.cli.program import run  # noqa: PLC0415 - nothing loads before it must

    return run(list(sys.argv[1:] if argv is None else argv))
