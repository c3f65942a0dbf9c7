"""The `lightbox` command."""


def run(argv: list[str]) -> int:
    """Run one command line and return its exit status."""
    return len(argv) and 2
