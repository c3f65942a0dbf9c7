"""The pictures and values of what is exported, from files nobody has vouched for."""

from dataclasses import replace
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.core.export import FAILED, UNFIT, NotExported
from viewer.core.image import Image
from viewer.core.image_classes import why_no_image
from viewer.core.records import FileRecord
from viewer.services.decoding import Decoding, FrameRef
from viewer.services.export_selection import Chosen
from viewer.services.exporters import Conversion
from viewer.services.frame_parts import parts_of
from viewer.services.rendering import Rendered, Wish, render

_KEPT: Final = 64 << 20  # bytes; a frame is asked for once


class UnfitError(ViewerError):
    """An instance that no file of this form can hold."""


class PictureSource:
    """Reads and decodes in processes that can be killed; any thread may use it."""

    def __init__(self, conversion: Conversion) -> None:
        self._library, self._workers = conversion.library, conversion.workers
        self._decoding = Decoding(lambda call: call(), self._workers, capacity=_KEPT)

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what it keeps."""
        self._decoding.close()

    def image(self, one: Chosen) -> Image:
        """What the catalog knows of an image.

        Raises
        ------
        UnfitError
            If it is none.
        UnreadableError
            If its file is gone.
        """
        if isinstance(one.stored, ViewerError):
            raise one.stored
        if one.stored.instance.image is None:
            raise UnfitError(why_no_image(one.stored.instance))
        return one.stored.instance.image

    def record(self, one: Chosen) -> FileRecord:
        """What its file says.

        Raises
        ------
        ViewerError
            If there is no file, or it cannot be read.
        """
        if isinstance(one.stored, ViewerError):
            raise one.stored
        ((_, record),) = self._workers.read_files([one.stored.path])
        if isinstance(record, ViewerError):
            raise record
        return record

    def values(self, one: Chosen, frame: int) -> npt.NDArray[np.generic]:
        """Stored values of a frame, counted from 1; as `record`."""
        return self._decoding.frame(self._ref(one, frame))

    def picture(
        self, one: Chosen, record: FileRecord, frame: int, wish: Wish
    ) -> Rendered:
        """The picture of a frame, counted from 1, as `lightbox render` makes it."""
        ref = self._ref(one, frame)
        if wish.annotations:
            drawn = self._library.catalog.annotations.of_image(one.uid)
            wish = replace(wish, drawings=drawn)
        stored = self._decoding.frame(ref)
        return render(record, frame, stored, wish, parts_of(ref, self._decoding))

    def _ref(self, one: Chosen, frame: int) -> FrameRef:
        image = self.image(one)
        if isinstance(one.stored, ViewerError):
            raise one.stored
        return FrameRef(one.stored.path, image, frame, one.stored.stamp)


def not_exported(one: Chosen, error: ViewerError) -> NotExported:
    """Why an instance stays behind; what stops the whole export is raised again."""
    if isinstance(error, Cancelled | EnvironmentFailure):
        raise error
    reason = UNFIT if isinstance(error, UnfitError) else FAILED
    return NotExported(one.uid, reason, error.message)
