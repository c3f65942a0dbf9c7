"""What a worker does for a proof: reads the source, and what was made of it."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.services.proof_messages import Gather, Gathered, Learn, Prove, Proven
from viewer.services.worker_messages import Answer

if TYPE_CHECKING:
    from viewer.dicom.deidentification.survivors import Sought


class Prover:
    """Knows what is sought, for as many files as come."""

    def __init__(self) -> None:
        self._sought: Sought | None = None
        self._key = b""

    def learn(self, request: Learn) -> None:
        """Make the needles; with many values this takes seconds."""
        from viewer.dicom.deidentification.survivors import (  # noqa: PLC0415 - loads pydicom
            sought,
        )

        self._sought = sought(request.values, frozenset(request.options))
        self._key = request.key
        _ = self._sought.needles, self._sought.words  # now, while no clock runs

    def works(
        self, request: Gather | Prove
    ) -> Iterator[tuple[bytes, Callable[[], Answer]]]:
        """What is to be done, with the path of the file that may be to blame."""
        import viewer.dicom.deidentification.file_proof  # noqa: F401, PLC0415 - loads pydicom

        for index, path in enumerate(request.paths):
            if isinstance(request, Gather):
                yield path, partial(_gathered, path, request)
            else:
                yield path, partial(self._proven, index, request)

    def _proven(self, index: int, request: Prove) -> Answer:
        from viewer.dicom.deidentification.file_proof import (  # noqa: PLC0415 - as above
            prove,
        )
        from viewer.dicom.deidentification.own_source import (  # noqa: PLC0415 - as above
            Origin,
        )

        if self._sought is None:
            raise LookupError("nobody said what is sought")
        options = None if request.options is None else frozenset(request.options)
        path, origin = Path(os.fsdecode(request.paths[index])), None
        if request.made_of:
            made_of = request.made_of[index]
            source = Path(os.fsdecode(made_of.path))
            origin = Origin(source, frozenset(made_of.values))
        found = prove(path, self._sought, self._key, options, origin)
        return Proven(
            found.own,
            found.size,
            found.sha256,
            tuple(sorted(found.options)),
            found.findings,
        )


def _gathered(path: bytes, request: Gather) -> Answer:
    from viewer.dicom.deidentification.file_proof import (  # noqa: PLC0415 - as above
        values_of,
    )

    told = values_of(Path(os.fsdecode(path)), frozenset(request.options))
    return Gathered(tuple(told.gone), tuple(told.kept), told.own)
