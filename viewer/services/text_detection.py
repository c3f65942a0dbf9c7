"""Where in a picture something is written, by a network that comes with the extra ocr.

Runs in a worker. Only the place of text is looked for: nobody reads it.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from viewer.core.text_lines import Extent, with_room

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Greys = npt.NDArray[np.float32]

_MODEL: Final = "models/ch_PP-OCRv4_det_infer.onnx"
_STEP: Final = 32  # sides of what the network sees
_LEAST_CERTAIN: Final = 0.15
_TILE: Final = 960  # pixels of what the network sees: some 300 MB
_OVERLAP: Final = 96
_SMALL: Final = 700
_FINE: Final = 1200  # pixels on the longer side; small letters of larger pictures
_COARSE: Final = 2400  # have more pixels themselves
_EVEN: Final = 0.5  # greys: in a tile without any difference there is no text
_NEAR: Final = 6.0  # pixels, the height of small letters
_QUIET, _GAIN = 2.0, 40.0  # greys


def model_file() -> Path | None:
    """The network that finds text; None where the extra is not installed."""
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    found = importlib.util.find_spec("rapidocr_onnxruntime")
    for place in (found and found.submodule_search_locations) or ():
        model = Path(place) / _MODEL
        if model.is_file():
            return model
    return None


def load() -> None:
    """Have the network ready before somebody waits for it."""
    _network()


def text_extents(greys: Greys) -> list[Extent]:
    """Rectangles that hold every written thing the network sees, with room to spare.

    Looked at as it is, and with each part's own contrast twice as large or more: small
    letters and faint ones show only then.

    Parameters
    ----------
    greys : numpy.ndarray
        ``(rows, columns)``, 0 to 255; may lie between whole greys.
    """
    longer = max(greys.shape)
    fine = 3.0 if longer <= _SMALL else 2.0 if longer <= _FINE else 1.0
    coarse = 1.0 if longer <= _FINE else 0.5 if longer <= _COARSE else 0.25
    found = list(_seen(greys, coarse))
    if fine == 1.0 and coarse < 0.5:
        found += _seen(greys, 0.5)
    return [*found, *_seen(_own_contrast(greys), fine)]


def _own_contrast(greys: Greys) -> Greys:
    """Each part in the contrast it has: how far a pixel is from those around it."""
    away = greys - cv2.GaussianBlur(greys, (0, 0), _NEAR)
    spread = np.sqrt(cv2.GaussianBlur(away * away, (0, 0), 2 * _NEAR)) + _QUIET
    contrast: Greys = np.clip(128 + away / spread * _GAIN, 0, 255)
    return contrast


def _seen(greys: Greys, scale: float) -> Iterator[Extent]:
    """What is found in a picture of another size, in the pixels of this one."""
    for top, left, tile in _tiles(greys, scale):
        for across, down, width, height in _marked(tile):
            core = (
                left + across / scale,
                top + down / scale,
                left + (across + width) / scale,
                top + (down + height) / scale,
            )
            yield with_room(core)


def _tiles(greys: Greys, scale: float) -> Iterator[tuple[int, int, Greys]]:
    """Overlapping parts as the network takes them, each with its place."""
    side, shared = int(_TILE / scale), int(_OVERLAP / scale)
    rows, columns = greys.shape
    for top in range(0, max(rows - shared, 1), side - shared):
        for left in range(0, max(columns - shared, 1), side - shared):
            part = greys[top : top + side, left : left + side]
            if float(part.max()) - float(part.min()) < _EVEN:
                continue
            size = (_scaled(part.shape[1], scale), _scaled(part.shape[0], scale))
            grown = scale > 1
            way = cv2.INTER_CUBIC if grown else cv2.INTER_AREA
            yield top, left, np.asarray(cv2.resize(part, size, interpolation=way))


def _scaled(length: int, scale: float) -> int:
    return max(round(length * scale), 1)


def _marked(tile: Greys) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, width and height of what the network marks; the middle of lines."""
    rows, columns = tile.shape
    seen = np.full(
        (-(-rows // _STEP) * _STEP, -(-columns // _STEP) * _STEP), tile[0, 0]
    )
    seen[:rows, :columns] = tile
    network = _network()
    planes = np.broadcast_to(seen / np.float32(127.5) - 1, (1, 3, *seen.shape))
    name = network.get_inputs()[0].name
    answer: Any = network.run(None, {name: np.ascontiguousarray(planes, np.float32)})
    certain = (answer[0][0, 0] > _LEAST_CERTAIN).astype(np.uint8)
    _, _, parts, _ = cv2.connectedComponentsWithStats(certain[:rows, :columns])
    for left, top, width, height, _ in parts[1:]:
        if min(width, height) > 1:
            yield int(left), int(top), int(width), int(height)


@cache
def _network() -> "InferenceSession":
    import onnxruntime  # noqa: PLC0415 - an extra

    model = model_file()
    if model is None:
        raise LookupError("the extra ocr is not installed")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
