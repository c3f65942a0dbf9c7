"""Take studies out of the library: as they are, or anonymous.

An export is made in a hidden folder beside its place and gets its name when all of it
is on disk. One that is killed goes on where it stopped; one that is cancelled leaves
nothing.
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from viewer import __version__
from viewer.core.deidentification import Option, Recipe
from viewer.core.errors import Cancelled, Closing, EnvironmentFailure
from viewer.core.export import (
    FAILED,
    Anonymization,
    ExportReport,
    ExportWish,
    NotExported,
)
from viewer.core.withholding import Reason
from viewer.services.arriving import RESERVE
from viewer.services.crosswalk import add_to_crosswalk
from viewer.services.export_manifest import cautions_of, write_manifest
from viewer.services.export_packing import force_all, pack, write_directory
from viewer.services.export_part import Entry, Part, open_part, writable
from viewer.services.export_selection import Chosen, Selection, select
from viewer.services.export_writing import Writer, Writing
from viewer.services.projects import Projects

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_PATHLESS: Final = "outgoing"


@dataclass(frozen=True, slots=True)
class _Identity:
    """How identities are taken out, with what that needs.

    Attributes
    ----------
    recipe : Recipe
    asked : Anonymization
    new_uid : callable
        What stands for a UID of the library.
    notes : tuple of str
        Of how the project's key is kept.
    """

    recipe: Recipe
    asked: Anonymization
    new_uid: Callable[[str], str]
    notes: tuple[str, ...]


class Exporting:
    """Exports out of one library. Any thread may use it, and waits.

    Parameters
    ----------
    library : Library
    workers : Workers
        They read and write; this process parses no file.
    reserve : int
        Bytes of the disk that stay free.
    """

    def __init__(
        self, library: "Library", workers: "Workers", *, reserve: int = RESERVE
    ) -> None:
        self._library, self._workers = library, workers
        self._reserve = reserve

    def selection(self, wish: ExportWish) -> Selection:
        """What a wish is about; nothing is written.

        Raises
        ------
        ViewerError
            If the catalog has nothing of it.
        """
        return select(self._library, self._workers, wish)

    def run(self, wish: ExportWish, progress: "Progress") -> ExportReport:
        """Export, and say what came of it.

        Raises
        ------
        ViewerError
            If nothing was found to export, or something lies in the place.
        EnvironmentFailure
            If it cannot be written; the same wish goes on where this one stopped.
        Cancelled
            If the user stopped it: nothing is left. After `Closing` the same wish goes
            on where this one stopped.
        """
        selection = self.selection(wish)
        identity = self._identity(wish)
        export = _name(wish, selection, identity)
        target = wish.target or self._library.data_dir / _PATHLESS / export
        with open_part(target.absolute(), export) as part:
            try:
                report = self._run(wish, selection, identity, part, progress)
                part.remove()
            except Closing:
                raise
            except (Cancelled, KeyboardInterrupt):
                part.remove()
                raise
        return report

    def _run(
        self,
        wish: ExportWish,
        selection: Selection,
        identity: _Identity | None,
        part: Part,
        progress: "Progress",
    ) -> ExportReport:
        chosen = selection.instances
        how = Writing(ending="" if wish.packing.has_dicomdir else ".dcm")
        if identity is not None:
            how = replace(how, recipe=identity.recipe, reviews=identity.asked.reviews)
        self._check_room(wish, selection, part)
        writer = Writer(self._workers.writing_out, part, chosen, how)
        resumed = sum(entry.size > 0 for entry in writer.entries.values())
        writer.run(progress)
        files = [
            (one.name + how.ending, writer.entries[number])
            for number, one in enumerate(chosen)
            if writer.entries[number].size
        ]
        report = replace(
            _account(selection, writer.entries, files),
            resumed=resumed,
            notes=identity.notes if identity else (),
        )
        if not files:
            return report
        if identity is not None:
            if identity.asked.crosswalk is not None:
                folder = identity.asked.crosswalk
                add_to_crosswalk(folder, writer.patients, writer.uids)
            more = write_manifest(
                part.content, identity.asked.policy, report, files, identity.new_uid
            )
            report = replace(report, files=report.files + 1, bytes=report.bytes + more)
        return self._delivered(wish, part, files, report, progress)

    def _delivered(
        self,
        wish: ExportWish,
        part: Part,
        files: Sequence[tuple[str, Entry]],
        report: ExportReport,
        progress: "Progress",
    ) -> ExportReport:
        """Give what was written its form and its final name."""
        if wish.packing.has_dicomdir:
            more = write_directory(self._workers.writing_out, part.content, files)
            report = replace(report, files=report.files + 1, bytes=report.bytes + more)
        made = part.content
        if wish.packing.is_zip:
            made = part.archive
            pack(part.content, made, wish.password, progress)
            report = replace(report, files=1, bytes=made.stat().st_size)
        force_all(part.content)
        if wish.target is None:
            return replace(report, to=wish.peer)
        part.finish(made, wish.target.absolute())
        return replace(report, to=str(wish.target))

    def _identity(self, wish: ExportWish) -> _Identity | None:
        asked = wish.anonymization
        if asked is None:
            return None
        projects = Projects(self._library.data_dir)
        project, note = projects.make(asked.project, asked.policy)
        pseudonyms = projects.pseudonyms(project)
        recipe = Recipe(
            asked.policy,
            projects.key(project),
            want_pairs=asked.crosswalk is not None,
        )
        keeps = Option.RETAIN_UIDS in asked.policy.options
        new_uid = str if keeps else pseudonyms.uid
        return _Identity(recipe, asked, new_uid, (note,) if note else ())

    def _check_room(self, wish: ExportWish, selection: Selection, part: Part) -> None:
        written = sum(entry.size for entry in part.before)
        needed = max(selection.bytes - written, 0)
        if wish.packing.is_zip:
            needed += selection.bytes
        with writable(part.content):
            free = shutil.disk_usage(part.content).free
        if free < needed + self._reserve:
            raise EnvironmentFailure(
                "The disk has too little room for this export.",
                hint=f"It needs {(needed + self._reserve) >> 20:,} MB. Free some space,"
                " or choose another place.",
            )


def _name(wish: ExportWish, selection: Selection, identity: _Identity | None) -> str:
    """What makes two exports the same, so that one can go on with the other's files."""
    parts: list[object] = [__version__, wish.packing.has_dicomdir]
    if identity is not None:
        parts += [identity.asked.policy, identity.new_uid("1.2.3")]
        parts.append(identity.asked.reviews)
    parts += [(one.sha256, one.name) for one in selection.instances]
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def _account(
    selection: Selection,
    entries: dict[int, Entry],
    files: Sequence[tuple[str, Entry]],
) -> ExportReport:
    withheld, failed = list(selection.conflicts), list[NotExported]()
    for number, one in enumerate(selection.instances):
        entry = entries[number]
        if entry.withheld:
            withheld.append(_withheld(one, entry))
        elif entry.failed:
            failed.append(NotExported(one.uid, FAILED, entry.failed))
    names = [name.split("/") for name, _ in files]
    return ExportReport(
        wanted=len(selection.instances) + len(selection.conflicts),
        exported=len(files),
        withheld=tuple(withheld),
        failed=tuple(failed),
        patients=len({name[0] for name in names}),
        studies=len({tuple(name[:2]) for name in names}),
        series=len({tuple(name[:3]) for name in names}),
        files=len(files),
        bytes=sum(entry.size for _, entry in files),
        cautions=cautions_of([entry for _, entry in files]),
    )


def _withheld(one: Chosen, entry: Entry) -> NotExported:
    return NotExported(one.uid, entry.withheld, Reason(entry.withheld).sentence)
