"""Take studies out of the library: as they are, or anonymous.

An export is made in a hidden folder beside its place and gets its name when all of it
is on disk. One that is killed goes on where it stopped; one that is cancelled leaves
nothing.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.errors import Cancelled, Closing, ViewerError
from viewer.core.export import ExportReport, ExportWish
from viewer.core.export_forms import DICOM
from viewer.core.records import StoredInstance
from viewer.services.arriving import RESERVE
from viewer.services.export_account import account, without
from viewer.services.export_attempt import Attempt
from viewer.services.export_identity import Identity, export_name, identity_of
from viewer.services.export_part import Entry, Part, open_part
from viewer.services.export_selection import Selection, select
from viewer.services.places import prepare

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_OUTGOING: Final = "outgoing"


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
            If nothing was found to export, something lies in the place, or there is
            no such peer.
        EnvironmentFailure
            If it cannot be written; the same wish goes on where this one stopped. If
            the peer cannot be reached.
        Cancelled
            If the user stopped it: nothing is left. After `Closing` the same wish goes
            on where this one stopped.
        """
        selection = self.selection(wish)
        if wish.form is not DICOM:
            return self._converted(wish, selection, progress)
        identity = identity_of(self._library.data_dir, wish.anonymization)
        if wish.target is not None:
            return self._written(wish, wish.target, selection, identity, progress)
        if identity is None:
            return self._sent_as_it_is(wish, selection, progress)
        return self._sent(wish, selection, identity, progress)

    def _converted(
        self, wish: ExportWish, selection: Selection, progress: "Progress"
    ) -> ExportReport:
        from viewer.services.export_converting import convert  # noqa: PLC0415 - codecs

        return convert(
            self._library, self._workers, wish, selection, progress, self._reserve
        )

    def _written(
        self,
        wish: ExportWish,
        target: Path,
        selection: Selection,
        identity: Identity | None,
        progress: "Progress",
    ) -> ExportReport:
        place = target.absolute()
        with open_part(place, export_name(wish, selection, identity)) as part:
            attempt = self._attempt(wish, selection, identity, part)
            try:
                attempt.check_room(self._reserve)
                attempt.write(progress)
                report = attempt.report
                if report.exported:
                    part.finish(attempt.complete(progress), place)
                    report = replace(attempt.report, to=str(target))
                part.remove()
            except Closing:
                raise
            except (Cancelled, KeyboardInterrupt):
                part.remove()
                raise
        return report

    def _sent(
        self,
        wish: ExportWish,
        selection: Selection,
        identity: Identity,
        progress: "Progress",
    ) -> ExportReport:
        """Write it among our own files, send it, and leave nothing of it."""
        from viewer.services.export_sending import as_stored  # noqa: PLC0415 - network

        folder = prepare(self._library.data_dir) / _OUTGOING
        _sweep(folder)
        name = export_name(wish, selection, identity)
        with open_part(folder / name, name) as part:
            try:
                attempt = self._attempt(wish, selection, identity, part)
                attempt.check_room(self._reserve)
                attempt.write(progress)
                report, files = attempt.report, attempt.files
                stored = as_stored(
                    self._workers, [part.content / name for _, name, _ in files]
                )
                old = {entry.uid: one.uid for one, _, entry in files}
                kept_back = self._send(wish.peer, stored, progress)
            finally:
                part.remove()
        report = without(report, {old[uid]: why for uid, why in kept_back.items()})
        return replace(report, to=wish.peer if report.exported else "")

    def _sent_as_it_is(
        self, wish: ExportWish, selection: Selection, progress: "Progress"
    ) -> ExportReport:
        entries = {
            number: Entry(number, one.stored.stamp.size)
            if isinstance(one.stored, StoredInstance)
            else Entry(number, failed=one.stored.message)
            for number, one in enumerate(selection.instances)
        }
        files = [
            (one, one.name, entries[number])
            for number, one in enumerate(selection.instances)
            if not entries[number].failed
        ]
        stored = [one.stored for one, _, _ in files]
        whole = [one for one in stored if isinstance(one, StoredInstance)]
        report = without(
            account(selection, entries, files), self._send(wish.peer, whole, progress)
        )
        return replace(report, to=wish.peer if report.exported else "")

    def _send(
        self, peer: str, stored: Sequence[StoredInstance], progress: "Progress"
    ) -> Mapping[str, str]:
        from viewer.services.export_sending import (  # noqa: PLC0415 - network
            send_instances,
        )

        if not stored:
            return {}
        return send_instances(self._library, self._workers, peer, stored, progress)

    def _attempt(
        self,
        wish: ExportWish,
        selection: Selection,
        identity: Identity | None,
        part: Part,
    ) -> Attempt:
        return Attempt(wish, selection, identity, part, self._workers.writing_out)


def _sweep(folder: Path) -> None:
    """Remove what a kill left of earlier ones."""
    for left in folder.glob(".*.part"):
        name = left.name.removeprefix(".").removesuffix(".part")
        with suppress(ViewerError), open_part(folder / name, "") as part:
            part.remove()
