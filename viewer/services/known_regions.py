"""Where known machines write names, from `resources/deidentification`."""

import tomllib
from dataclasses import dataclass
from functools import cache

from viewer.core.boxes import Box
from viewer.core.resources import resource


@dataclass(frozen=True, slots=True)
class Device:
    """Pictures of one kind of machine, and how high their rows of writing are.

    Attributes
    ----------
    modality : str
    manufacturer, model : str
        Part of what the file says, in capitals; an empty model fits any.
    rows, columns : int
        Of the picture; 0 fits any.
    top, bottom : int
        Rows at the upper and the lower edge, over the whole width.
    """

    modality: str
    manufacturer: str
    model: str
    rows: int = 0
    columns: int = 0
    top: int = 0
    bottom: int = 0

    def made(
        self, modality: str, manufacturer: str, model: str, size: tuple[int, int]
    ) -> bool:
        """Whether a picture of this size, in columns and rows, is such a one."""
        columns, rows = size
        return (
            modality == self.modality
            and self.manufacturer in manufacturer.upper()
            and self.model in model.upper()
            and self.rows in (0, rows)
            and self.columns in (0, columns)
        )


@cache
def known_devices() -> tuple[Device, ...]:
    """All machines that are known."""
    file = resource("deidentification/known_regions.toml")
    return tuple(
        Device(**one) for one in tomllib.loads(file.read_text("utf-8"))["device"]
    )


def known_boxes(
    modality: str, manufacturer: str, model: str, size: tuple[int, int]
) -> tuple[Box, ...]:
    """Where a machine writes in its pictures; empty where it is not known.

    Parameters
    ----------
    modality, manufacturer, model : str
        As the file has them.
    size : tuple of int
        Columns and rows of the picture.
    """
    columns, rows = size
    found = [
        one for one in known_devices() if one.made(modality, manufacturer, model, size)
    ]
    top = min(max((one.top for one in found), default=0), rows)
    bottom = min(max((one.bottom for one in found), default=0), rows)
    boxes = []
    if top:
        boxes.append(Box(0, 0, columns, top))
    if bottom:
        boxes.append(Box(0, rows - bottom, columns, bottom))
    return tuple(boxes)
