"""Frames of one format decoded by a worker, one request for all of them.

They come back through shared memory, and are copied from there to where they are to
lie: what a hostile file has made of a worker never reaches a frame that is there.
"""

import os
import threading
from collections.abc import Callable, Sequence
from traceback import clear_frames
from typing import TYPE_CHECKING

from msgspec.structs import replace

from viewer.core.errors import Cancelled, ViewerError
from viewer.services.costly_files import CostlyFiles
from viewer.services.frame_growth import check_growth, processor_seconds
from viewer.services.frame_ref import FrameRef
from viewer.services.lending import Lending, answer_as
from viewer.services.worker import Stalled, WorkerDied
from viewer.services.worker_messages import Decode, Done, Place
from viewer.services.worker_reasons import noted, why_undecoded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Frame = npt.NDArray[np.generic]
    Cells = npt.NDArray[np.uint8]
    NewRoom = Callable[[FrameRef], Cells]

_SECONDS = 10.0
_BYTES_PER_SECOND = 4 << 20  # the slowest codec on a slow machine
_MEMORY = 512 << 20
_MOST_MEMORY = 1200 << 20  # a large film in JPEG 2000 takes half of it
_TOUCHED_EARLY = 64 << 20  # more may be a lie, which is not to cost memory here
_TOUCH = 1024  # not a page: from 500 cells on numpy lets other threads run meanwhile
_MEMORY_PER_BYTE = 16  # JPEG 2000 works in 32 bits, and twice


class NotSoon(Exception):  # noqa: N818 - a fact
    """What was to be done soon is not, for whatever reason."""


class RunDecoding:
    """Has workers decode. Any thread may use it, and waits.

    Parameters
    ----------
    lending : Lending
    """

    # numpy and the codecs' table come late: the command line may never decode

    def __init__(self, lending: Lending) -> None:
        self._lending = lending
        self._costly = CostlyFiles()

    def frame(self, ref: FrameRef, cancel: threading.Event | None) -> "Frame":
        """As `Workers.decode`."""
        import numpy as np  # noqa: PLC0415

        from viewer.dicom.codecs.stored import stored_bytes  # noqa: PLC0415

        def room(ref: FrameRef) -> "Cells":
            return np.empty(stored_bytes(ref.image.pixels), np.uint8)

        found = self._decoded([ref], room, cancel)[0]
        if isinstance(found, ViewerError):
            raise found
        return found

    def run(
        self,
        refs: Sequence[FrameRef],
        room: "NewRoom",
        cancel: threading.Event | None,
        soon: float | None = None,
    ) -> "list[Frame | ViewerError]":
        """As `Workers.decode_run`."""
        try:
            return self._decoded(refs, room, cancel, soon)
        except ViewerError as error:
            if soon is not None and not isinstance(error, Cancelled):
                raise NotSoon from None
            if len(refs) == 1:
                return [error]
            return [self.run([ref], room, cancel)[0] for ref in refs]

    def _decoded(
        self,
        refs: Sequence[FrameRef],
        new_room: "NewRoom",
        cancel: threading.Event | None,
        soon: float | None = None,
    ) -> "list[Frame | ViewerError]":
        from viewer.dicom.codecs import stored  # noqa: PLC0415

        pixels = refs[0].image.pixels
        size = stored.stored_bytes(pixels)
        request = self._request(refs, size)
        patience = request.seconds if soon is None else soon
        with self._lending.worker(cancel) as worker:
            request = replace(request, block=worker.room_for(size * len(refs)))
            try:
                worker.send(request)
                rooms = [new_room(ref) for ref in refs] if soon is None else []
                # one alone is waited for: its pages come while the worker decodes
                if len(rooms) == 1 and size <= _TOUCHED_EARLY:
                    rooms[0][::_TOUCH] = 0
                answer = worker.receive(patience, self._lending.cancel, cancel)
            except (Stalled, WorkerDied) as reason:
                if soon is None:
                    self._costly.note(request.places)
                raise why_undecoded(reason) from None
            done = answer_as(Done, answer)
            if isinstance(done, ViewerError):
                raise done
            if len(done.failures) == len(refs):  # nothing worth a copy
                return [noted(failure) for _, failure in sorted(done.failures.items())]
            rooms = rooms or [new_room(ref) for ref in refs]  # a place is given once
            try:
                _lay(worker.memory, rooms, request)
            except Exception as fault:
                clear_frames(fault.__traceback__)  # they look at the worker's memory
                raise
        shape, dtype = stored.stored_shape(pixels), stored.stored_dtype(pixels)
        return [
            noted(done.failures[number])
            if number in done.failures
            else room.view(dtype).reshape(shape)
            for number, room in enumerate(rooms)
        ]

    def _request(self, refs: Sequence[FrameRef], size: int) -> Decode:
        """What a worker is to do for frames of `size` bytes, but for where."""
        from viewer.dicom import frames  # noqa: PLC0415

        places, whole = tuple(map(_place, refs)), size * len(refs)
        for place in places:
            check_growth(size, place)
        return Decode(
            places,
            refs[0].image.pixels,
            block="",
            seconds=_SECONDS + size / _BYTES_PER_SECOND,
            memory=min(_MEMORY + _MEMORY_PER_BYTE * size, _MOST_MEMORY) + whole,
            processor=self._costly.patience(places) + processor_seconds(whole, places),
            steps=refs[0].steps,
            apart=len(refs) > 1 and frames.in_planes(refs[0].image.pixels),
        )


def _lay(brought: memoryview, rooms: "list[Cells]", request: Decode) -> None:
    """Copy what a worker has brought to where it is to lie."""
    import numpy as np  # noqa: PLC0415

    from viewer.dicom import frames  # noqa: PLC0415

    size = rooms[0].size
    every = np.frombuffer(brought, np.uint8, size * len(rooms)).reshape(-1, size)
    for room, cells in zip(rooms, every, strict=True):
        if request.apart:
            frames.join_planes(cells, request.pixels, room)
        else:
            room[...] = cells


def _place(ref: FrameRef) -> Place:
    from viewer.dicom import frames  # noqa: PLC0415

    fragments, bit_offset = frames.encoded_place(ref.image, ref.number)
    return Place(os.fsencode(ref.path), ref.stamp, ref.number, fragments, bit_offset)
