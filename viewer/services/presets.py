"""The window presets of each modality, from `resources/window_presets.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy.typing as npt

from viewer.core.grayscale import Window
from viewer.core.image import Image
from viewer.core.presets import VoiOffer, voi_offers
from viewer.core.resources import resource


@cache
def window_presets() -> Mapping[str, tuple[Window, ...]]:
    """Presets by modality, in the order of the menu."""
    tables = tomllib.loads(resource("window_presets.toml").read_text("utf-8"))
    return {
        modality: tuple(_window(entry) for entry in entries)
        for modality, entries in tables.items()
    }


def presets_of(modality: str) -> tuple[Window, ...]:
    """The presets of `modality`, named by their explanations; often none."""
    return window_presets().get(modality, ())


def voi_choices(
    modality: str, image: Image, number: int, stored: npt.NDArray[Any] | None = None
) -> tuple[VoiOffer, ...]:
    """The window menu for frame `number` of an image; see `core.presets`."""
    return voi_offers(image, number, presets_of(modality), stored)


def _window(entry: Mapping[str, Any]) -> Window:
    return Window(
        float(entry["center"]), float(entry["width"]), explanation=entry["name"]
    )
