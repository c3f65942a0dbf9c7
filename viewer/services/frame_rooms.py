"""Where decoded frames are laid: slices of a stack side by side, others on a shelf."""

import threading
from collections.abc import Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from viewer.dicom.codecs.stored import stored_bytes, stored_dtype, stored_shape
from viewer.services.frame_ref import FrameRef
from viewer.services.frame_shelf import FrameShelf, Room
from viewer.services.volume_array import CAN_RESERVE, VolumeArray

_Name = tuple[str, int, tuple[int, ...], np.dtype[np.generic]]


class FrameRooms:
    """Gives each frame its room. Any thread may use it."""

    def __init__(self) -> None:
        self._shelf = FrameShelf()
        self._numbers = count()
        self._volumes: dict[_Name, VolumeArray] = {}
        self._lock = threading.Lock()

    def room(self, ref: FrameRef) -> Room:
        """Room for the stored values of a frame, of which nobody else knows.

        Raises
        ------
        PixelError
            If the header describes no image, or one beyond every bound.
        """
        room = None
        if CAN_RESERVE and ref.place is not None and not ref.part:
            volume = self._volume_of(ref)
            room = volume.room(ref.place.index) if volume else None
        return room or self._shelf.room(stored_bytes(ref.image.pixels))

    def volume(self, refs: Sequence[FrameRef]) -> npt.NDArray[np.generic] | None:
        """All slices of a stack as one array, as `VolumeArray.whole` gives it."""
        name = _name(refs[0]) if refs else None
        with self._lock:
            volume = self._volumes.get(name) if name else None
        return volume.whole(refs) if volume else None

    def clear(self) -> None:
        """Keep nothing back."""
        with self._lock:
            self._volumes.clear()
        self._shelf.clear()

    def _volume_of(self, ref: FrameRef) -> VolumeArray | None:
        name = _name(ref)
        if name is None:
            return None
        with self._lock:
            volume = self._volumes.get(name)
            if volume is None:
                self._volumes = {
                    name: kept for name, kept in self._volumes.items() if kept.in_use
                }
                try:
                    volume = VolumeArray(next(self._numbers), *name[1:])
                except OSError:  # no address space: each frame has its own place then
                    return None
                self._volumes[name] = volume
            return volume


def _name(ref: FrameRef) -> _Name | None:
    """Slices of one name are equal and lie together; None for a frame on its own."""
    place, pixels = ref.place, ref.image.pixels
    if place is None or place.count < 2:
        return None
    return place.stack, place.count, stored_shape(pixels), stored_dtype(pixels)
