"""An MP4 file of one film: H.264, each frame at its own moment, and no words in it.

PyAV is the extra `video`: its wheels carry an encoder under the GPL.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import ViewerError

if TYPE_CHECKING:
    import av
    from av.video.stream import VideoStream

ENDING: Final = ".mp4"
LONGEST_SIDE: Final = 8_192  # level 6.2 of H.264

_ENCODER: Final = "libx264"
_QUALITY: Final = {"crf": "12", "bf": "0"}  # hardly to be seen; frames in their order
_TICKS: Final = 90  # a millisecond
_BT_709: Final = 1  # also its primaries and transfer; ITU-T H.273
_NARROW: Final = 1

Sink = Callable[[npt.NDArray[np.uint8]], None]


def check_encoder() -> None:
    """Refuse to begin what could not be finished.

    Raises
    ------
    ViewerError
        If PyAV or its encoder is not installed.
    """
    try:
        import av  # noqa: PLC0415 - an extra

        av.codec.Codec(_ENCODER, "w")
    except (ImportError, ValueError) as cause:
        raise ViewerError(
            "MP4 films need PyAV with its H.264 encoder, which is not installed.",
            hint="pip install av, in the environment Lightbox runs in.",
        ) from cause


def ticks(times_ms: Sequence[float]) -> list[int]:
    """Moments as MP4 counts them, to 11 µs; each from the start, so none adds up."""
    return [round(moment * _TICKS) for moment in times_ms]


@contextmanager
def mp4_file(path: Path, moments: Sequence[int], shape: float) -> Iterator[Sink]:
    """A file that takes the pictures of a film in their order.

    Parameters
    ----------
    path : Path
    moments : sequence of int
        When each picture begins and the last one ends, in `ticks`.
    shape : float
        Height of a pixel over its width.
    """
    import av  # noqa: PLC0415 - an extra

    durations = {a: b - a for a, b in pairwise(moments)}
    base = Fraction(1, 1000 * _TICKS)
    with path.open("xb") as raw, av.open(raw, "w", "mp4") as out:
        stream = out.add_stream(_ENCODER, options=_QUALITY)
        starts = iter(moments)

        def mux(frame: "av.VideoFrame | None") -> None:
            for packet in stream.encode(frame):
                packet.duration = durations[packet.pts or 0]
                out.mux(packet)

        def take(pixels: npt.NDArray[np.uint8]) -> None:
            frame = _frame(pixels)
            start = next(starts)
            if start == moments[0]:
                _settle(stream, frame, base, shape)
            frame.pts, frame.time_base = start, base
            mux(frame)

        yield take
        mux(None)


def _settle(
    stream: "VideoStream", frame: "av.VideoFrame", base: Fraction, shape: float
) -> None:
    context = stream.codec_context
    stream.width, stream.height = frame.width, frame.height
    stream.pix_fmt = frame.format.name
    stream.time_base = context.time_base = base
    context.sample_aspect_ratio = Fraction(1 / shape).limit_denominator(1000)
    context.color_range, context.colorspace = _NARROW, _BT_709
    context.color_primaries = context.color_trc = _BT_709


def _frame(pixels: npt.NDArray[np.uint8]) -> "av.VideoFrame":
    """A picture with even sides, its last row or column twice where one is odd."""
    import av  # noqa: PLC0415 - an extra

    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., np.newaxis], 3, axis=2)
    height, width, _ = pixels.shape
    even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    coloured = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
    return coloured.reformat(
        format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
