"""The demo study: built once, taken into the catalog, opened."""

from functools import partial
from typing import TYPE_CHECKING

from viewer.commands.desk import Desk
from viewer.commands.importing import start_import
from viewer.commands.opening import open_studies

if TYPE_CHECKING:
    from pathlib import Path

    from viewer.services.jobs import Progress


def open_demo(desk: Desk) -> None:
    """Build and import the demo study if it is not there; read its newest part."""
    desk.jobs.submit(
        partial(_is_filed, desk), partial(_prepare, desk), desk.window.failed
    )


def _is_filed(desk: Desk) -> bool:
    from viewer.services.demo import demo_folder, demo_is_filed  # noqa: PLC0415 - heavy

    return demo_is_filed(desk.library, demo_folder(desk.data_dir))


def _prepare(desk: Desk, filed: bool) -> None:  # noqa: FBT001 - the answer to a question
    if filed:
        _open(desk)
        return
    desk.jobs.start(
        "Building the demo study",
        partial(_build, desk),
        partial(_import, desk),
        desk.window.failed,
    )


def _build(desk: Desk, progress: "Progress") -> "Path":
    from viewer.services.demo import build_demo, demo_folder  # noqa: PLC0415 - heavy

    folder = demo_folder(desk.data_dir)
    build_demo(folder, progress)
    return folder


def _import(desk: Desk, folder: "Path") -> None:
    from viewer.services.importing import ImportRequest  # noqa: PLC0415 - heavy

    # The folder is ours and stays, so a second copy of it would be of no use.
    request = ImportRequest((folder,), reference=True)
    start_import(desk, request, lambda _: _open(desk))


def _open(desk: Desk) -> None:
    from viewer.services.demo import demo_studies  # noqa: PLC0415 - heavy

    studies = demo_studies()

    def restored(_: None) -> None:
        open_studies(desk, studies[:1])

    def restore() -> None:
        desk.library.restore(studies)

    desk.jobs.submit(restore, restored, desk.window.failed)
