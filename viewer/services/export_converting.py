"""An export in another form than DICOM: it is there whole or not at all.

It begins anew each time: what a kill left of one goes when the next one comes.
"""

import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.export import FAILED, ExportReport, ExportWish
from viewer.core.records import StoredInstance
from viewer.services.disk_room import check_room
from viewer.services.export_account import account
from viewer.services.export_packing import force_all, pack
from viewer.services.export_part import Entry, open_part
from viewer.services.export_selection import Selection
from viewer.services.exporters import EXPORTERS, Conversion, LeftOut

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_KEY_OBJECT_SELECTION: Final = "1.2.840.10008.5.1.4.1.1.88.59"


def convert(  # noqa: PLR0913, PLR0917 - what an export is made with
    library: "Library",
    workers: "Workers",
    wish: ExportWish,
    selection: Selection,
    progress: "Progress",
    reserve: int,
) -> ExportReport:
    """Export in the form of the wish, and say what came of it.

    Raises
    ------
    ViewerError
        If something lies in the place.
    EnvironmentFailure
        If it cannot be written.
    Cancelled
        If somebody stopped it. Nothing is left, whatever was raised.
    """
    if wish.target is None:
        raise ValueError("only DICOM is sent")
    place = wish.target.absolute()
    chosen = _of_pictures(selection) if wish.key_images else selection
    with open_part(place, uuid.uuid4().hex) as part:
        try:
            task = Conversion(
                wish, chosen.instances, library, workers, part.content, reserve
            )
            left_out = EXPORTERS[wish.form.name](task, progress)
            _tidy(part.content)
            report = _account(chosen, left_out, part.content)
            if report.exported:
                force_all(part.content)
                made = part.content
                if wish.packing.is_zip:
                    made = part.archive
                    check_room(made.parent, report.bytes + reserve)
                    pack(part.content, made, wish.password, progress)
                    report = replace(report, files=1, bytes=made.stat().st_size)
                progress.checkpoint()
                part.finish(made, place)
                report = replace(report, to=str(wish.target))
        finally:
            part.remove()
    return report


def _of_pictures(selection: Selection) -> Selection:
    """Without the documents that mark key images: a picture says nothing of them."""
    wanted = tuple(
        one
        for one in selection.instances
        if not isinstance(one.stored, StoredInstance)
        or one.stored.instance.sop_class_uid != _KEY_OBJECT_SELECTION
    )
    return replace(selection, instances=wanted)


def _tidy(content: Path) -> None:
    """Remove folders that nothing came to lie in."""
    for folder in sorted(content.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _account(selection: Selection, left_out: LeftOut, content: Path) -> ExportReport:
    """Every instance is in the export or among those that stayed."""
    everywhere = range(len(selection.instances))
    entries = {
        number: Entry(number, failed=left_out[number].sentence)
        if number in left_out
        else Entry(number, size=1)
        for number in everywhere
    }
    files = [
        (one, one.name, entries[number])
        for number, one in enumerate(selection.instances)
        if number not in left_out
    ]
    report = account(selection, entries, files)
    written = [path for path in content.rglob("*") if path.is_file()]
    return replace(
        report,
        withheld=(
            *report.withheld,
            *(one for one in left_out.values() if one.reason != FAILED),
        ),
        failed=tuple(one for one in left_out.values() if one.reason == FAILED),
        files=len(written),
        bytes=sum(path.stat().st_size for path in written),
    )
