"""The demo study: built by the program itself, from a recipe, once."""

import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from viewer.core.errors import EnvironmentFailure
from viewer.core.identity import StudyUID
from viewer.core.resources import resource
from viewer.services.jobs import Progress, Silent

if TYPE_CHECKING:
    from viewer.core.phantom.recipe import Recipe
    from viewer.services.library import Library

_RECIPE = "demo/recipe.toml"


def demo_folder(data_dir: Path) -> Path:
    """Where the demo study of this recipe lies; it need not be built yet."""
    return data_dir / "demo" / _digest()[:16]


def demo_studies() -> tuple[StudyUID, ...]:
    """The studies of the demo patient, newest first."""
    recipe = load_recipe()
    visits = sorted((recipe.study, recipe.prior), key=lambda v: v.date, reverse=True)
    return tuple(StudyUID(recipe.uid(visit.id)) for visit in visits)


def demo_is_filed(library: "Library", folder: Path) -> bool:
    """Whether the catalog has all of the demo study in `folder`, also in the trash."""
    found = map(library.catalog.summary, demo_studies())
    filed = sum(summary.instances for summary in found if summary is not None)
    return 0 < filed == sum(1 for _ in folder.rglob("*.dcm"))


def build_demo(folder: Path, progress: Progress | None = None) -> None:
    """Write the DICOM files of the demo study into `folder`, unless they are there.

    All or nothing: the files are written beside `folder`, which appears when the
    last one is complete. The same recipe gives the same UIDs everywhere, and on one
    machine with one version of the program the same bytes.

    Raises
    ------
    Cancelled
        If the user stopped it; nothing is left behind.
    EnvironmentFailure
        If the disk refuses.
    """
    from viewer.services.demo_building import build  # noqa: PLC0415 - pydicom, slow

    if folder.is_dir():
        return
    _all_or_nothing(
        folder, lambda draft: build(load_recipe(), draft, progress or Silent())
    )


def load_recipe(text: bytes | None = None) -> "Recipe":
    """Read the recipe that comes with the program, or another one as TOML."""
    from viewer.core.phantom.recipe import Recipe  # noqa: PLC0415 - numpy

    source = resource(_RECIPE).read_bytes() if text is None else text
    stated = tomllib.loads(source.decode())
    return msgspec.convert(stated | {"digest": _digest(source)}, Recipe)


def _digest(source: bytes | None = None) -> str:
    """What names a recipe: its text, whatever the line ends of the checkout."""
    text = resource(_RECIPE).read_bytes() if source is None else source
    return hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()


def _all_or_nothing(folder: Path, write: Callable[[Path], None]) -> None:
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    except OSError as cause:
        raise _no_room() from cause
    try:
        write(draft)
        _take(draft, folder)
    except OSError as cause:
        raise _no_room() from cause
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _take(draft: Path, folder: Path) -> None:
    """Give the finished draft its name; another process may have been faster."""
    try:
        os.replace(draft, folder)  # noqa: PTH105 - the verb that says it overwrites
    except OSError:
        if not folder.is_dir():
            raise


def _no_room() -> EnvironmentFailure:
    return EnvironmentFailure(
        "The demo study could not be written.",
        hint="It needs 140 MB in the data folder; choose another one with --data-dir.",
    )
