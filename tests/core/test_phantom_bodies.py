"""What the invented bodies are made of, where it lies, and how it shows."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from viewer.core.phantom.echo.anatomy import opening, squeeze
from viewer.core.phantom.echo.cine import Picture
from viewer.core.phantom.grid import Grid, Vector
from viewer.core.phantom.head.scan import HeadScan
from viewer.core.phantom.recipe import Recipe
from viewer.core.phantom.thorax.body import Thorax
from viewer.core.phantom.thorax.projection import Plate, join, project_slab
from viewer.core.phantom.thorax.scan import ChestScan
from viewer.services.demo import load_recipe


@cache
def _recipe() -> Recipe:
    return load_recipe()


@cache
def _chest(*, contrast: bool, prior: bool) -> Thorax:
    return _recipe().thorax(contrast=contrast, prior=prior)


def _cube(middle: Vector, half_mm: float = 2.0) -> Grid:
    steps = 5
    step = 2 * half_mm / (steps - 1)
    first = (middle[0] - half_mm, middle[1] - half_mm, middle[2] - half_mm)
    return Grid.of(first, (step, step, step), (steps, steps, steps))


def _hu(middle: Vector, *, contrast: bool = True, half_mm: float = 2.0) -> float:
    grid = _cube(middle, half_mm)
    return float(np.median(_chest(contrast=contrast, prior=False).paint(grid)))


@pytest.mark.parametrize(
    ("place", "tissue"),
    [
        ((24, 47, -40), "arterial blood"),
        ((-90, -10, -130), "liver"),
        ((84, 34, -165), "spleen"),
        ((0, 16, 120), "air"),
        ((-30, -30, -36), "venous blood"),
        ((-66, 30, 62), "nodule"),
        ((78, 20, -36), "granuloma"),
        ((52, -20, -130), "gastric fluid"),
        ((52, -50, -130), "air"),
    ],
)
def test_every_organ_has_the_hounsfield_units_of_the_recipe(
    place: Vector, tissue: str
) -> None:
    stated = _recipe().hounsfield | _recipe().enhanced
    assert _hu(place, half_mm=1.0) == pytest.approx(stated[tissue], abs=8)


def test_lungs_are_air_with_a_little_tissue() -> None:
    for place in ((-70.0, 10.0, 0.0), (80.0, 10.0, 10.0)):
        assert -950 < _hu(place, half_mm=15) < -780


def test_the_liver_is_on_the_right_and_the_spleen_on_the_left() -> None:
    assert _hu((-100, 10, -130)) == pytest.approx(108, abs=8)
    assert abs(_hu((100, -20, -130)) - 108) > 50


def test_contrast_agent_brightens_blood_but_not_bone() -> None:
    aorta: Vector = (24, 47, -40)
    assert _hu(aorta) - _hu(aorta, contrast=False) == pytest.approx(198, abs=5)
    rib: Vector = (0, 62, 94)
    assert _hu(rib) == _hu(rib, contrast=False)


@pytest.mark.parametrize(("prior", "diameter"), [(False, 14.0), (True, 8.0)])
def test_the_nodule_has_grown_from_its_prior_diameter(
    diameter: float, *, prior: bool
) -> None:
    grid = Grid.of((-86, 10, 42), (0.5, 0.5, 0.5), (81, 81, 81))
    volume = _chest(contrast=True, prior=prior).paint(grid)
    dense = volume > (-868 + 62) / 2
    across = [  # through the middle; a strand or a vessel may lie along one of them
        0.5 * np.count_nonzero(line)
        for line in (dense[40, 40, 20:61], dense[40, 20:61, 40], dense[20:61, 40, 40])
    ]
    assert np.median(across) == pytest.approx(diameter, abs=1.0)


def test_noise_has_the_strength_the_recipe_asks_for() -> None:
    plan = _recipe().ct
    scan = ChestScan(_chest(contrast=True, prior=False), plan.grid, plan.noise_hu, 1)
    image = scan.slices(55, 56)[0]
    column, row = (
        int(np.searchsorted(axis, mm))
        for axis, mm in ((plan.grid.x, 35.0), (plan.grid.y, -27.0))
    )
    blood = image[row - 10 : row + 10, column - 10 : column + 10]
    assert blood.mean() == pytest.approx(240, abs=5)
    assert blood.std() == pytest.approx(plan.noise_hu, rel=0.6)


def test_a_slice_is_the_same_whichever_slab_it_is_painted_in() -> None:
    plan = replace(_recipe().ct, size=64, pixel_mm=6.0)
    scan = ChestScan(_chest(contrast=True, prior=False), plan.grid, 11.0, 1)
    assert (scan.slices(40, 44)[2] == scan.slices(42, 43)[0]).all()


def test_rays_are_weakened_by_what_lies_in_their_way() -> None:
    body = _recipe().thorax(standing=True)
    grid = Grid.of((-188, -112, -40), (4, 4, 4), (4, 58, 95))
    sums = join([project_slab(body, grid)], grid)
    middle, lung, air = (int(np.searchsorted(grid.x, mm)) for mm in (5, -75, -186))
    frontal = sums.frontal.mean(axis=0)
    assert frontal[middle] > 1.5 * frontal[lung] > 0
    assert frontal[air] == pytest.approx(0, abs=0.05)
    assert sums.top_mm == pytest.approx(-28)


def test_more_exposure_is_a_higher_stored_value() -> None:
    wedge = np.repeat(np.linspace(0.5, 5, 60, dtype=np.float32)[None], 60, axis=0)
    stored = Plate(60, 60, 1.0, seed=1).expose(wedge, 1.0)[:, 5:-5].mean(axis=0)
    smooth = stored.reshape(-1, 5).mean(axis=1)
    assert (np.diff(smooth) < 0).all()
    assert stored.max() <= 4095


def test_the_lead_letter_reads_as_an_l() -> None:
    even = np.full((80, 80), 1.0, np.float32)
    plain = Plate(80, 80, 0.5, seed=1).expose(even, 0.5).astype(int)
    marked = Plate(80, 80, 0.5, seed=1, marker=(20, 30)).expose(even, 0.5).astype(int)
    lead = plain - marked > 700
    assert lead[20:48, 30].all()  # the long stroke goes down
    assert lead[48, 30:46].all()  # the short one to the reader's right, at its foot
    assert not lead[20:40, 36:].any()


def _signal(middle: Vector, half_mm: float = 1.0) -> float:
    scan = HeadScan(_recipe().signals, 0.0, _recipe().seed)
    return float(np.median(scan.tissue(_cube(middle, half_mm))))


@pytest.mark.parametrize(
    ("place", "tissue"),
    [
        ((0, -37, 10), "white matter"),  # genu of the corpus callosum
        ((10, -8, 17), "fluid"),  # body of the lateral ventricle
        ((0, 8, -28), "brain stem"),  # pons
        ((11, 7, 4), "thalamus"),
        ((0, -28, -38), "air"),  # sphenoid sinus
        ((31, -76, -29), "vitreous"),
        ((0, -48, -87), "tongue"),
    ],
)
def test_every_part_of_the_head_has_its_signal(place: Vector, tissue: str) -> None:
    assert _signal(place) == pytest.approx(_recipe().signals[tissue], rel=0.05)


def test_the_scalp_is_bright_and_the_skull_is_dark() -> None:
    grid = Grid.of((1.0, 0.0, 70.0), (1, 1, 0.5), (50, 1, 1))
    scan = HeadScan(_recipe().signals, 0.0, _recipe().seed)
    upwards = scan.tissue(grid)[:, 0, 0]
    assert upwards.max() > 800
    bright = int(upwards.argmax())
    assert upwards[:bright].min() < 100
    assert upwards[-1] == pytest.approx(4)


def test_the_cortex_is_folded() -> None:
    grid = Grid.of((40.0, -50.0, -10.0), (1, 1, 1), (60, 100, 1))
    scan = HeadScan(_recipe().signals, 0.0, _recipe().seed)
    brain = scan.tissue(grid)
    assert 0.03 < (brain < 200).mean() < 0.4  # sulci
    assert 0.15 < ((brain > 380) & (brain < 480)).mean() < 0.6  # grey matter


def _colours(frame: Picture, low: int, high: int) -> int:
    picture = frame.astype(int)
    return int((picture[150:400, 200:, high] > picture[150:400, 200:, low] + 60).sum())


def test_blood_enters_red_in_diastole_and_leaks_blue_in_systole() -> None:
    cine = _recipe().us.cine(1)
    at = {round(n * cine.beats / cine.frames % 1, 2): n for n in range(cine.frames)}
    diastole, systole = cine.frame(at[0.54]), cine.frame(at[0.29])
    assert _colours(diastole, 2, 0) > 2000
    assert _colours(diastole, 0, 2) < 100
    assert _colours(systole, 0, 2) > 400
    assert _colours(systole, 2, 0) < 100


def test_the_ventricles_contract_while_the_mitral_valve_is_shut() -> None:
    phases = np.linspace(0, 1, 60, endpoint=False)
    tight = max(phases, key=squeeze)
    assert opening(float(tight)) < 0.05
    assert squeeze(0.56) < 0.2
    assert opening(0.56) > 0.9


def test_the_scale_of_the_clip_stands_still_and_carries_no_words() -> None:
    cine = _recipe().us.cine(1)
    first, later = cine.frame(0), cine.frame(9)
    beside = slice(cine.sector[2] + 2, None)
    assert (first[:420, beside] == later[:420, beside]).all()
    assert first[:420, beside].max() > 100
