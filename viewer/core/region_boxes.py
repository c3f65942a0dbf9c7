"""What lies beside the regions of an ultrasound picture, as boxes.

Machines write names beside the scan, never into it, and say where the scan is.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from viewer.core.boxes import Box
from viewer.core.ultrasound import BEYOND, UltrasoundRegion


def beside_regions(
    regions: Sequence[UltrasoundRegion], columns: int, rows: int
) -> tuple[Box, ...]:
    """Everything of the picture that no region holds, in strips from top to bottom.

    Parameters
    ----------
    regions : sequence of UltrasoundRegion
    columns, rows : int
        Of the picture.

    Returns
    -------
    tuple of Box
        Empty where the file names no regions, or some that cannot be right: nothing
        is known then.
    """
    if not regions or any(one.content == BEYOND for one in regions):
        return ()
    edges = {0, rows}
    for one in regions:
        edges |= {min(one.top, rows), min(one.bottom + 1, rows)}
    cuts = sorted(edges)
    strips: list[tuple[int, int, int, int]] = []
    for top, bottom in pairwise(cuts):
        free = _gaps(
            ((o.left, o.right + 1) for o in regions if o.top <= top <= o.bottom),
            columns,
        )
        for left, right in free:
            above = next(
                (s for s in strips if s[:2] == (left, right) and s[3] == top), None
            )
            if above is not None:
                strips.remove(above)
            strips.append((left, right, top if above is None else above[2], bottom))
    return tuple(
        Box(left, top, right - left, bottom - top)
        for left, right, top, bottom in strips
    )


def _gaps(
    spans: Iterable[tuple[int, int]], columns: int
) -> tuple[tuple[int, int], ...]:
    """What of a row no span covers; ends are the first column beside."""
    gaps, reached = [], 0
    for left, right in sorted(spans):
        if left > reached:
            gaps.append((reached, min(left, columns)))
        reached = max(reached, right)
    if reached < columns:
        gaps.append((reached, columns))
    return tuple(gap for gap in gaps if gap[0] < gap[1])
