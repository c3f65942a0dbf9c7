"""When each frame of a film begins, as its file says."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from statistics import median
from typing import Any, Final

_FRAME_TIME: Final = "00181063"
_FRAME_TIME_VECTOR: Final = "00181065"
_FRAME_INCREMENT_POINTER: Final = "00280009"


def film_times(
    model: Mapping[str, Any], frames: int, frame_time_ms: float | None
) -> tuple[float, ...] | None:
    """When frames begin, and the last one ends.

    Parameters
    ----------
    model : mapping
        What the file says, as DICOM JSON (PS3.18 Annex F).
    frames : int
    frame_time_ms : float or None
        Between frames, where the file says no more than that.

    Returns
    -------
    tuple of float or None
        ``frames + 1`` moments in ms from the first one; None if the file does not say,
        or nothing that can be.

    References
    ----------
    PS3.3 C.7.6.5.1.1 and C.7.6.5.1.2: the first entry of a Frame Time Vector
    (0018,1065) is 0, each other one lies between a frame and the one before.
    """
    pointer = _values(model, _FRAME_INCREMENT_POINTER)
    vector = _values(model, _FRAME_TIME_VECTOR)
    is_meant = _FRAME_TIME_VECTOR in map(str, pointer)
    if vector and (is_meant or not _values(model, _FRAME_TIME)):
        steps = _steps(vector, frames)
    elif frame_time_ms is not None and math.isfinite(frame_time_ms):
        steps = [frame_time_ms] * (frames - 1)
    else:
        return None
    if not steps or min(steps) <= 0:
        return None
    last = median(steps)  # nobody says how long the last frame is looked at
    return (0.0, *accumulate([*steps, last]))


def _steps(vector: Sequence[object], frames: int) -> list[float] | None:
    if len(vector) != frames:
        return None
    steps = []
    for value in vector[1:]:
        if not isinstance(value, int | float | str):
            return None
        try:
            steps.append(float(value))
        except ValueError:
            return None
    return steps if all(map(math.isfinite, steps)) else None


def _values(model: Mapping[str, Any], tag: str) -> Sequence[object]:
    found: Sequence[object] = model.get(tag, {}).get("Value", ())
    return found
