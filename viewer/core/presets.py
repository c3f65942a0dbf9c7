"""What the window menu offers for an image, and on which keys.

The file's own windows and VOI LUTs come first, under its own explanations; then the
presets of the modality, then what the values themselves ask for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, repeat
from typing import Any, TypeVar

import numpy.typing as npt

from viewer.core.grayscale import LookupTable, Voi, Window
from viewer.core.image import Image
from viewer.core.voi import is_valid
from viewer.core.windowing import automatic, full_range, takes_window

T = TypeVar("T")

_FILE_KEYS = ("1", "2")
_PRESET_KEYS = ("3", "4", "5", "6", "7", "8", "9")
FULL_RANGE_KEY = "0"


class VoiSource(StrEnum):
    """Who proposes a window."""

    FILE = "file"
    PRESET = "preset"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class VoiOffer:
    """One entry of the window menu.

    Attributes
    ----------
    name : str
    voi : Voi
    source : VoiSource
    key : str
        The digit that chooses it; empty without one.
    """

    name: str
    voi: Voi
    source: VoiSource
    key: str = ""


def voi_offers(
    image: Image,
    number: int,
    presets: Sequence[Window],
    stored: npt.NDArray[Any] | None = None,
) -> tuple[VoiOffer, ...]:
    """The window menu for frame `number`; empty for colour.

    Parameters
    ----------
    image : Image
    number : int
        Counted from 1.
    presets : sequence of Window
        Of the image's modality, named by their explanations.
    stored : numpy.ndarray or None
        The decoded frame; without it nothing is offered from the values.
    """
    if not takes_window(image):
        return ()
    offers = [
        VoiOffer(name, voi, VoiSource.FILE, key)
        for (name, voi), key in _with_keys(_of_file(image, number), _FILE_KEYS)
    ]
    offers += [
        VoiOffer(preset.explanation, preset, VoiSource.PRESET, key)
        for preset, key in _with_keys(presets, _PRESET_KEYS)
    ]
    if stored is not None:
        found = automatic(image, number, stored)
        whole = full_range(image, number, stored)
        offers += [
            VoiOffer(found.explanation, found, VoiSource.VALUES),
            VoiOffer(whole.explanation, whole, VoiSource.VALUES, FULL_RANGE_KEY),
        ]
    return tuple(offers)


def _of_file(image: Image, number: int) -> list[tuple[str, Voi]]:
    display = image.display(number)
    vois: tuple[Voi, ...] = (*display.windows, *display.voi_luts)
    return [
        (voi.explanation or _unnamed(voi, place), voi)
        for place, voi in enumerate(vois, 1)
        if is_valid(voi)
    ]


def _unnamed(voi: Voi, place: int) -> str:
    return f"VOI LUT {place}" if isinstance(voi, LookupTable) else f"File {place}"


def _with_keys(entries: Sequence[T], keys: Sequence[str]) -> list[tuple[T, str]]:
    return list(zip(entries, chain(keys, repeat("")), strict=False))
