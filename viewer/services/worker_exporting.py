"""What a worker does for an export: writes instances, and lists what was written."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from typing_extensions import Buffer, override

from viewer.core.deidentification import Recipe, Withheld
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.export_messages import Listed, ListOut, OutPlace, WentOut, WriteOut
from viewer.services.frame_ref import check_unchanged
from viewer.services.worker_messages import Answer

_BYTES_PER_SECOND: Final = 1 << 20
_LONGEST: Final = 600.0  # seconds of computing


def prepare(request: WriteOut | ListOut) -> None:
    """Import what is needed: a busy machine needs long, and no file is to blame."""
    if isinstance(request, ListOut):
        import viewer.dicom.directory_records  # noqa: PLC0415 - loads pydicom
    elif request.recipe is None:
        import viewer.dicom.outgoing_file  # noqa: PLC0415 - not every worker exports
    else:
        import viewer.dicom.deidentification.engine  # noqa: F401, PLC0415 - as above


def works(
    request: WriteOut | ListOut,
) -> Iterator[tuple[bytes, Callable[[], Answer]]]:
    """What is to be done, with the path of the file that may be to blame."""
    if isinstance(request, ListOut):
        for path in request.paths:
            yield path, partial(listed, path)
        return
    for place in request.places:
        yield place.path, partial(went_out, place, request.recipe)


def patience(path: bytes, processor: float) -> float:
    """Seconds of computing for a file: pixels may have to be decoded and encoded."""
    with suppress(OSError):
        size = os.stat(path).st_size  # noqa: PTH116 - the path is bytes
        return min(processor + size / _BYTES_PER_SECOND, _LONGEST)
    return processor


def went_out(place: OutPlace, recipe: Recipe | None) -> Answer:
    """Write one instance, or say why it stays.

    Raises
    ------
    ViewerError
        If it cannot be read, or has changed.
    EnvironmentFailure
        If it cannot be written.
    """
    path = os.fsdecode(place.path)
    check_unchanged(path, place.stamp)
    if recipe is None:
        return _written(place, lambda out: _plain(place, out))
    return _written(place, lambda out: _anonymous(place, recipe, out))


def listed(path: bytes) -> Answer:
    """What a DICOMDIR says of a file.

    Raises
    ------
    ViewerError
        If it cannot be read.
    """
    from viewer.dicom.directory_records import (  # noqa: PLC0415 - loads pydicom
        file_records,
    )

    return Listed(file_records(Path(os.fsdecode(path))))


class _Target(io.FileIO):
    """A file that remembers that it could not be written.

    Whoever reads a source takes any failure of the system for one of the source.
    """

    fault: OSError | None = None

    @override
    def write(self, data: Buffer, /) -> int:
        """Write, or remember why not."""
        try:
            return super().write(data)
        except OSError as fault:
            self.fault = fault
            raise


def _written(place: OutPlace, write: Callable[[BinaryIO], WentOut]) -> WentOut:
    """Let `write` write the file; it is there afterwards only if it is whole."""
    path = os.fsdecode(place.target)
    try:
        target = _Target(path, "w")
        with io.BufferedWriter(target) as out:
            outcome = write(out)
    except OSError as cause:
        raise _unwritable() from cause
    except ViewerError:
        if target.fault is not None:
            raise _unwritable() from target.fault
        raise
    if target.fault is not None:
        raise _unwritable() from target.fault
    if not outcome.size:
        os.unlink(path)  # noqa: PTH108 - its bytes need not be text
    return outcome


def _unwritable() -> EnvironmentFailure:
    return EnvironmentFailure(
        "The export cannot be written.",
        hint="Free some space; the same export goes on where it stopped.",
    )


def _plain(place: OutPlace, out: BinaryIO) -> WentOut:
    from viewer.dicom.outgoing_file import (  # noqa: PLC0415 - not every worker exports
        write_file,
    )

    path = Path(os.fsdecode(place.path))
    named = place.sop_class_uid, place.sop_instance_uid, place.syntax_uid
    return WentOut(write_file(path, *named, out))


def _anonymous(place: OutPlace, recipe: Recipe, out: BinaryIO) -> WentOut:
    from viewer.dicom.deidentification.engine import (  # noqa: PLC0415 - as above
        deidentify,
    )

    own = replace(recipe, review=place.review, patient=place.patient)
    outcome = deidentify(Path(os.fsdecode(place.path)), own, out)
    if isinstance(outcome, Withheld):
        return WentOut(withheld=outcome.reason)
    return WentOut(outcome.size, outcome)
