"""How much memory frames take, measured from outside of a process of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_LOADED = """
import sys
from pathlib import Path
import numpy as np
import psutil
from viewer.core.image import FrameIndex, Image, PixelFormat
from viewer.dicom import frames
from viewer.services.decoding import Decoding, FrameRef
from viewer.services.frame_ref import StackPlace

path = Path(sys.argv[1])
count, side, capacity, stacked, stride = map(int, sys.argv[2:])
size = 2 * side * side
path.write_bytes(np.arange(size // 2, dtype="u2").tobytes())
image = Image(
    PixelFormat("1.2.840.10008.1.2.1", side, side, frames=count),
    FrameIndex((((0, size),),) * count),
)
def ref(number):
    place = StackPlace("stack", number - 1, count) if stacked else None
    return FrameRef(str(path), image, number, place=place)
me = psutil.Process()
most = 0
with Decoding(lambda call: call(), capacity=capacity) as decoding:
    decoding.frame(ref(1))
    base = me.memory_info().rss
    for turn in range(1, count if stride == 1 else count // 5):
        decoding.frame(ref(1 + turn * stride % count))
        if turn % 100 == 0:
            assert decoding._cache.held <= capacity
            most = max(most, me.memory_info().rss)
    last = decoding.frame(ref(count))
    assert last.ravel()[-1] == (size // 2 - 1) % 65536
print(base, most - base)
"""


def measured(
    folder: Path,
    series: tuple[int, int],
    capacity: int,
    *,
    stacked: bool,
    stride: int = 1,
) -> tuple[int, int]:
    """Bytes of the process with one frame, and how many more it took at most.

    A series is so many slices of so many rows and columns. All are brought, or, by a
    `stride` after the one before, a fifth.
    """
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            _LOADED,
            folder / "frames",
            *map(str, (*series, capacity, int(stacked), stride)),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    base, more = map(int, ended.stdout.split())
    return base, more


linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="where resident memory is exact"
)


@pytest.mark.parametrize("stacked", [False, True], ids=["alone", "in a stack"])
@linux
def test_a_series_takes_hardly_more_memory_than_its_voxels(
    tmp_path: Path, *, stacked: bool
) -> None:
    base, more = measured(tmp_path, (600, 512), 1 << 30, stacked=stacked)
    assert base < 250e6
    assert more < 1.15 * 600 * 2 * 512 * 512


@pytest.mark.parametrize(
    ("stacked", "stride"),
    [(False, 1), (True, 1), (True, 7919)],
    ids=["alone", "in a stack", "here and there in a stack"],
)
@linux
def test_twenty_thousand_slices_go_through_a_bounded_cache(
    tmp_path: Path, *, stacked: bool, stride: int
) -> None:
    capacity = 128 << 20
    _, more = measured(
        tmp_path, (20_000, 128), capacity, stacked=stacked, stride=stride
    )
    assert more < 1.15 * capacity + (16 << 20)  # and a piece that is being filled
