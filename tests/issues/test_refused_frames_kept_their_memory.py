"""The reason why a frame is not shown once held on to the memory it was to lie in."""

import gc
import mmap
import os
import weakref
from pathlib import Path

import pytest

from tests.services.frames_on_disk import plain
from viewer.core.errors import PixelError
from viewer.services import frame_shelf
from viewer.services.decoding import Decoding
from viewer.services.frame_ref import FrameRef


def test_a_refused_frame_keeps_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    pieces: list[weakref.ref[mmap.mmap]] = []
    large = frame_shelf._large

    def noted(size: int) -> mmap.mmap | bytearray:
        piece = large(size)
        assert isinstance(piece, mmap.mmap)
        pieces.append(weakref.ref(piece))
        return piece

    monkeypatch.setattr(frame_shelf, "_large", noted)
    (ref,) = plain(tmp_path)
    os.truncate(ref.path, 40)
    cut = FrameRef(ref.path, ref.image)
    with Decoding(lambda call: call(), threads=2) as decoding:
        gc.disable()  # nobody collects when little is left behind, but that is large
        request.addfinalizer(gc.enable)
        assert refusal(decoding, cut)
        decoding._rooms.clear()
        assert pieces
        assert not any(piece() is not None for piece in pieces)


def refusal(decoding: Decoding, ref: FrameRef) -> str:
    try:
        decoding.frame(ref)
    except PixelError as refused:
        return refused.message
    return ""
