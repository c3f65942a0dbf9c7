"""Everything a file says, told by a worker: its parent never parses it."""

import json
import os
import threading
from pathlib import Path
from typing import Any

from viewer.core.attribute_row import AttributeRow
from viewer.core.counts import counted
from viewer.services.indexing import READ_MEMORY, READ_PROCESSOR, READ_SECONDS, Lease
from viewer.services.worker import Stalled, WorkerDied
from viewer.services.worker_messages import Answer, Attributes, Failure, Model, Tell
from viewer.services.worker_reasons import noted, why_unread

_MOST_ROWS = 1 << 20


class Telling:
    """Asks workers what a file says. Any thread may use it, and waits.

    Parameters
    ----------
    lease : callable
        Gives a worker for the length of a block.
    cancel : threading.Event
        Ends the waiting.
    """

    def __init__(self, lease: Lease, cancel: threading.Event) -> None:
        self._lease, self._cancel = lease, cancel

    def rows(
        self, path: str | Path, most: int = _MOST_ROWS
    ) -> tuple[AttributeRow, ...]:
        """Every attribute of a file, nested ones after the sequence they are in.

        Parameters
        ----------
        path : str or Path
        most : int
            More rows than these are counted only, in one at the end.

        Raises
        ------
        ViewerError
            If the file cannot be read.
        """
        answer = self._answer(path, most)
        if not isinstance(answer, Attributes):
            raise TypeError("a worker was to list attributes")
        if not answer.left_out:
            return answer.rows
        more = f"{counted(answer.left_out, 'line')} more of this file"
        return (*answer.rows, AttributeRow(0, "", "", more, "not listed"))

    def model(self, path: str | Path) -> dict[str, Any]:
        """Every attribute of a file in the DICOM JSON model; PS3.18 Annex F.

        Raises
        ------
        ViewerError
            If the file cannot be read.
        """
        answer = self._answer(path, None)
        if not isinstance(answer, Model):
            raise TypeError("a worker was to make a JSON model")
        found: dict[str, Any] = json.loads(answer.text)
        return found

    def _answer(self, path: str | Path, most: int | None) -> Answer:
        request = Tell(
            os.fsencode(path), most, READ_SECONDS, READ_MEMORY, READ_PROCESSOR
        )
        with self._lease() as worker:
            worker.meet(self._cancel)
            try:
                worker.send(request)
                answer = worker.receive(READ_SECONDS, self._cancel)
            except (Stalled, WorkerDied) as reason:
                raise why_unread(reason) from None
        if isinstance(answer, Failure):
            raise noted(answer)
        return answer
