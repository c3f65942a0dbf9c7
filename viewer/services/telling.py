"""Everything a file says, told by a worker: its parent never parses it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.core.attribute_row import AttributeRow
from viewer.core.counts import counted
from viewer.services.indexing import READ_MEMORY, READ_PROCESSOR, READ_SECONDS
from viewer.services.lending import Lending
from viewer.services.worker_messages import Attributes, Model, Tell

_MOST_ROWS = 1 << 20


@dataclass(frozen=True, slots=True)
class Telling:
    """Asks workers what a file says. Any thread may use it, and waits.

    Attributes
    ----------
    lending : Lending
    """

    lending: Lending

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
        answer = self.lending.ask(_tell(path, most), Attributes, READ_SECONDS)
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
        answer = self.lending.ask(_tell(path, None), Model, READ_SECONDS)
        found: dict[str, Any] = json.loads(answer.text)
        return found


def _tell(path: str | Path, most: int | None) -> Tell:
    return Tell(os.fsencode(path), most, READ_SECONDS, READ_MEMORY, READ_PROCESSOR)
