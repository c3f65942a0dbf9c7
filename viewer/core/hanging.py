"""Which pictures a study opens with, and where they hang.

Localizers are left out: they give reference lines. Mammograms hang right over left
breast as radiologists read them, everything else by series.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.core.layout import Layout

PROJECTIONS = frozenset({"CR", "DX", "MG", "RG", "IO", "PX"})
"""Modalities whose images stand alone: each gets a place of its own."""

_MAMMOGRAM_PLACES = (("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO"))


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that could hang.

    Attributes
    ----------
    stack_id : str
    image : int
        Which image of the stack, counted from 0.
    modality : str
    localizer : bool
    laterality : str
        ``R``, ``L`` or empty; Image Laterality (0020,0062).
    view_position : str
        ``CC``, ``MLO``, …; View Position (0018,5101).
    for_processing : bool
        Image Type or Presentation Intent says it is not meant to be looked at.
    mirrored : bool
        Whether it must be mirrored to hang as readers expect.
    """

    stack_id: str
    image: int = 0
    modality: str = ""
    localizer: bool = False
    laterality: str = ""
    view_position: str = ""
    for_processing: bool = False
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Hanging:
    """A layout, and the picture of each place; None leaves a place empty."""

    layout: Layout
    places: tuple[Picture | None, ...]


def to_hanging(pictures: Sequence[Picture], priors: Sequence[Picture] = ()) -> Hanging:
    """Hang a study.

    Parameters
    ----------
    pictures : sequence of Picture
        Of the study, in the order of the list.
    priors : sequence of Picture
        Of an earlier study of the same patient; projections hang beside it.
    """
    shown = [p for p in pictures if not p.localizer and not p.for_processing]
    shown = shown or list(pictures)  # a study of localizers alone is still looked at
    mammograms = _to_mammogram_hanging(shown)
    if mammograms is not None:
        return mammograms
    if len(shown) == 1 and shown[0].modality in PROJECTIONS:
        shown += [p for p in priors if p.modality in PROJECTIONS][:1]
    layout = Layout.for_count(len(shown))
    places = [*shown, *[None] * layout.count][: layout.count]
    return Hanging(layout, tuple(places))


def _to_mammogram_hanging(pictures: Sequence[Picture]) -> Hanging | None:
    """The four standard views, if the study is mammography with two of them."""
    if any(picture.modality != "MG" for picture in pictures):
        return None
    views = {(p.laterality, p.view_position): p for p in reversed(pictures)}
    places = tuple(views.get(place) for place in _MAMMOGRAM_PLACES)
    if sum(place is not None for place in places) < 2:
        return None
    if not any(places[2:]):
        return Hanging(Layout(1, 2), places[:2])
    return Hanging(Layout(2, 2), places)
