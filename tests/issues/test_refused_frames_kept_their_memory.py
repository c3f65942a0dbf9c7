"""The reason why a frame is not shown once held on to the memory it was to lie in."""

import gc
import os
import weakref
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.services.frames_on_disk import plain
from viewer.core.errors import PixelError
from viewer.services import frame_shelf
from viewer.services.decoding import Decoding
from viewer.services.frame_ref import FrameRef


def test_a_refused_frame_keeps_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[weakref.ref[npt.NDArray[np.uint8]]] = []
    large = frame_shelf._large

    def noted(size: int) -> npt.NDArray[np.uint8]:
        piece = large(size)
        pieces.append(weakref.ref(piece))
        return piece

    monkeypatch.setattr(frame_shelf, "_large", noted)
    (ref,) = plain(tmp_path)
    os.truncate(ref.path, 40)
    cut = FrameRef(ref.path, ref.image)
    with Decoding(lambda call: call(), threads=2) as decoding:
        assert refusal(decoding, cut) == refusal(decoding, cut)
        decoding._shelf.clear()
        gc.collect()
        assert pieces
        assert not any(piece() is not None for piece in pieces)


def refusal(decoding: Decoding, ref: FrameRef) -> str:
    with pytest.raises(PixelError) as refused:
        decoding.frame(ref)
    return refused.value.message
