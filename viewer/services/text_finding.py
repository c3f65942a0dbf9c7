"""Find where something is written in pictures, in a process that can be killed."""

import threading
from collections.abc import Sequence
from typing import Final, Self

import numpy as np

from viewer.core.boxes import Box
from viewer.core.errors import PixelError
from viewer.core.text_lines import to_boxes
from viewer.core.text_pictures import Picture
from viewer.services.text_messages import FindText, Texts
from viewer.services.worker import Stalled, Worker, WorkerDied
from viewer.services.worker_messages import Failure
from viewer.services.worker_reasons import noted

MISSING: Final = (
    "The extra that finds writing in pictures is not installed: only what is known of"
    " machines and of ultrasound is proposed."
)
HOW_TO_ADD: Final = "In a checkout make ocr adds it; it needs Python below 3.13."

_SECONDS: Final = 120.0
_SECONDS_PER_PIXEL: Final = 200e-6  # ten times what it takes where nothing else runs
_PROCESSOR: Final = 60.0
_PROCESSOR_PER_PIXEL: Final = 60e-6
_MEMORY: Final = 3 << 30  # address space; half of it for threads that never use it
_MEMORY_PER_PIXEL: Final = 64


def is_available() -> bool:
    """Whether the extra ocr is installed; nothing of it is loaded."""
    from importlib.util import find_spec  # noqa: PLC0415 - asked rarely

    wanted = ("onnxruntime", "rapidocr_onnxruntime")
    return all(find_spec(name) is not None for name in wanted)


class TextFinding:
    """Looks for writing with a worker of its own, which starts when it is needed.

    One thread at a time.
    """

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._cancel = threading.Event()

    def boxes(
        self, pictures: Sequence[Picture], cancel: threading.Event | None = None
    ) -> tuple[Box, ...]:
        """Boxes round all that is written in any of the pictures, with room to spare.

        Parameters
        ----------
        pictures : sequence of numpy.ndarray
            All of one size.
        cancel : threading.Event, optional
            Set from another thread, it ends the waiting and the worker.

        Raises
        ------
        PixelError
            If the search broke down; nothing is known of the pictures then.
        Cancelled
        """
        if not pictures:
            return ()
        rows, columns = pictures[0].shape
        together = np.ascontiguousarray(np.stack(pictures))
        if self._worker is None:
            self._worker = Worker()
        worker = self._worker
        worker.revive()
        block = worker.room_for(together.nbytes)
        pixels = together.size
        request = FindText(
            block,
            len(pictures),
            rows,
            columns,
            _SECONDS + pixels * _SECONDS_PER_PIXEL,
            _MEMORY + rows * columns * _MEMORY_PER_PIXEL,
            _PROCESSOR + pixels * _PROCESSOR_PER_PIXEL,
        )
        worker.meet(self._cancel, cancel)
        np.ndarray(together.shape, np.uint16, worker.memory)[...] = together
        try:
            worker.send(request)
            answer = worker.receive(request.seconds, self._cancel, cancel)
        except (Stalled, WorkerDied) as reason:
            raise PixelError(
                "Writing could not be looked for in the image."
            ) from reason
        if isinstance(answer, Failure):
            raise noted(answer)
        if not isinstance(answer, Texts):
            raise TypeError("a worker was to look for text")
        return to_boxes(answer.extents, columns, rows)

    def close(self) -> None:
        """Let the worker go home."""
        self._cancel.set()
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def __enter__(self) -> Self:
        """Look for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the worker go home."""
        self.close()
