"""A demo study that is built in no time."""

from dataclasses import replace

from viewer.core.phantom.recipe import Recipe
from viewer.services.demo import load_recipe


def demo_of(slices: int = 5) -> Recipe:
    """The recipe with a few coarse pictures of each series."""
    recipe = load_recipe()
    return replace(
        recipe,
        localizer=replace(recipe.localizer, pixel_mm=6.0),
        ct=replace(recipe.ct, slices=slices, size=128, pixel_mm=3.0, lowest_mm=50.0),
        prior_ct=replace(recipe.prior_ct, slices=slices, size=128, pixel_mm=3.125),
        mr=replace(recipe.mr, slices=slices, size=64, pixel_mm=4.0),
        us=replace(recipe.us, frames=slices),
    )
