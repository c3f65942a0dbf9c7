"""Numbers of segments have nothing between them; probabilities do."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileDataset

from tests.golden.phantoms import grey_image, image_of, saved, shown
from viewer.core.errors import PixelError
from viewer.services.rendering import Wish

LABELS = np.random.default_rng(3).integers(0, 4, (12, 16), np.uint8)
COLORS = {(0, 0, 0), (250, 10, 10), (10, 250, 10), (10, 10, 250)}


def segmentation(kind: str) -> FileDataset:
    ds = grey_image(LABELS)
    ds.SegmentationType = kind
    ds.WindowCenter, ds.WindowWidth = "2", "4"
    return ds


def coloured(kind: str) -> FileDataset:
    ds = segmentation(kind)
    ds.PhotometricInterpretation = "PALETTE COLOR"
    tables = zip(*sorted(COLORS), strict=True)
    for color, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(ds, f"{color}PaletteColorLookupTableDescriptor", [4, 0, 8])
        setattr(ds, f"{color}PaletteColorLookupTableData", bytes(table))
    return ds


@pytest.mark.parametrize("size", [(160, 120), (77, 61), (9, 7), (8, 6)])
@pytest.mark.parametrize("kind", ["LABELMAP", "BINARY"])
def test_labels_are_never_mixed(
    kind: str, size: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "coloured").mkdir()
    grey = shown(saved(segmentation(kind), tmp_path), Wish(size=size))
    assert set(np.unique(grey).tolist()) <= {0, 85, 170, 255}
    rgb = shown(saved(coloured(kind), tmp_path / "coloured"), Wish(size=size))
    assert set(map(tuple, rgb.reshape(-1, 3).tolist())) <= COLORS


def test_probabilities_are(tmp_path: Path) -> None:
    path = saved(segmentation("FRACTIONAL"), tmp_path)
    assert not image_of(path).labels
    assert len(np.unique(shown(path, Wish(size=(160, 120))))) > 4


def test_what_an_enhanced_palette_would_blend_is_not_shown_in_grey(
    tmp_path: Path,
) -> None:
    ds = grey_image(LABELS)
    assignment = Dataset()
    assignment.DataType = "TISSUE_INTENSITY"
    assignment.DataPathAssignment = "PRIMARY_SINGLE"
    ds.DataFrameAssignmentSequence = [assignment]
    with pytest.raises(PixelError, match="enhanced palette"):
        shown(saved(ds, tmp_path))
