"""One attempt at an export: everything but its final name."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.export import ExportReport, ExportWish
from viewer.services.crosswalk import add_to_crosswalk
from viewer.services.disk_room import check_room
from viewer.services.export_account import Files, account, files_of
from viewer.services.export_identity import Identity
from viewer.services.export_manifest import write_manifest
from viewer.services.export_packing import force_all, pack, write_directory
from viewer.services.export_part import Part, writable
from viewer.services.export_selection import Selection
from viewer.services.export_writing import Writer, Writing

if TYPE_CHECKING:
    from viewer.services.jobs import Progress
    from viewer.services.writing_out import WritingOut


class Attempt:
    """Writes an export into its hidden folder.

    Attributes
    ----------
    report : ExportReport
        What came of it so far.
    files : sequence
        What was written.
    """

    def __init__(
        self,
        wish: ExportWish,
        selection: Selection,
        identity: Identity | None,
        part: Part,
        hands: "WritingOut",
    ) -> None:
        self._wish, self._selection, self._identity = wish, selection, identity
        self._part, self._hands = part, hands
        self.report = ExportReport(0, 0)
        self.files: Files = ()

    def write(self, progress: "Progress") -> None:
        """Write the instances that may leave.

        Raises
        ------
        Cancelled
        EnvironmentFailure
            If it cannot be written.
        """
        identity = self._identity
        how = Writing(ending="" if self._wish.packing.has_dicomdir else ".dcm")
        if identity is not None:
            how = replace(how, recipe=identity.recipe, reviews=identity.asked.reviews)
        writer = Writer(self._hands, self._part, self._selection.instances, how)
        resumed = sum(entry.size > 0 for entry in writer.entries.values())
        writer.run(progress)
        self.files = files_of(self._selection, writer.entries, how.ending)
        self.report = replace(
            account(self._selection, writer.entries, self.files),
            resumed=resumed,
            notes=identity.notes if identity else (),
        )
        if identity is not None and identity.asked.crosswalk is not None and self.files:
            add_to_crosswalk(identity.asked.crosswalk, writer.patients, writer.uids)

    def complete(self, progress: "Progress") -> Path:
        """Add what lies beside the instances; what gets the final name.

        Raises
        ------
        ViewerError
            If a DICOMDIR cannot list something.
        Cancelled
        EnvironmentFailure
        """
        content, packing = self._part.content, self._wish.packing
        if self._identity is not None:
            self._added(
                write_manifest(content, self._identity, self.report, self.files)
            )
        if packing.has_dicomdir:
            names = [name for _, name, _ in self.files]
            self._added(write_directory(self._hands, content, names))
        force_all(content)
        if not packing.is_zip:
            return content
        archive = self._part.archive
        pack(content, archive, self._wish.password, progress)
        self.report = replace(self.report, files=1, bytes=archive.stat().st_size)
        return archive

    def check_room(self, reserve: int) -> None:
        """Refuse to begin what cannot be finished.

        Raises
        ------
        EnvironmentFailure
            If the disk has not this many bytes more than it takes.
        """
        written = sum(entry.size for entry in self._part.before)
        needed = max(self._selection.bytes - written, 0)
        if self._wish.packing.is_zip:
            needed += self._selection.bytes
        with writable(self._part.content):
            check_room(
                self._part.content,
                needed + reserve,
                hint=f"It needs {(needed + reserve) >> 20:,} MB. Free some space, or"
                " choose another place.",
            )

    def _added(self, size: int) -> None:
        report = self.report
        self.report = replace(report, files=report.files + 1, bytes=report.bytes + size)
