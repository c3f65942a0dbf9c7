"""The files that come with the program."""

from pathlib import Path


def resource(name: str) -> Path:
    """Path of a file of `resources/`, in a checkout and in an installed package."""
    package = Path(__file__).resolve().parent.parent
    bundled = package / "resources"
    return (bundled if bundled.is_dir() else package.parent / "resources") / name
