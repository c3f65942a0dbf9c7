"""The demo study: complete, well-formed, the same every time, all or nothing."""

import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.services.small_demo import demo_of
from viewer.core.errors import Cancelled, EnvironmentFailure
from viewer.core.image import Image, SpacingKind
from viewer.core.phantom.grid import Grid
from viewer.core.phantom.head.scan import HeadScan
from viewer.core.records import FileRecord
from viewer.core.resources import resource
from viewer.core.stacking import to_stacks
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file
from viewer.services import demo
from viewer.services.demo import build_demo, demo_folder, demo_studies, load_recipe
from viewer.services.demo_building import build
from viewer.services.jobs import Silent


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    build(demo_of(), folder, Silent())
    return folder


@pytest.fixture(scope="module")
def records(study: Path) -> dict[str, list[tuple[Path, FileRecord]]]:
    """Files and records by the series' folder."""
    found = defaultdict(list)
    for path in sorted(study.rglob("*.dcm")):
        found[path.parent.name].append((path, read_file(path)))
    return found


def _image(record: FileRecord) -> Image:
    assert record.instance.image is not None
    return record.instance.image


def test_the_recipe_asks_for_enough_pictures() -> None:
    recipe = load_recipe()
    assert recipe.ct.slices >= 120
    assert recipe.ct.size == 512
    assert recipe.prior_ct.slices >= 60
    assert (recipe.mr.slices, recipe.mr.size) >= (60, 256)
    assert recipe.us.frames >= 40
    assert recipe.prior.date < recipe.study.date
    assert all(n.prior_diameter_mm <= n.diameter_mm for n in recipe.nodules)


def test_the_head_opens_on_a_slice_with_brain_in_it() -> None:
    recipe = load_recipe()
    grid = recipe.mr.grid
    scan = HeadScan(recipe.signals, recipe.mr.noise, recipe.seed)
    outermost = scan.volume(Grid(grid.x[[0, -1]], grid.y[::4], grid.z[::4]))
    tissue = np.count_nonzero(outermost > 150, axis=(0, 1)) / outermost[..., 0].size
    assert (tissue > 0.15).all()


def test_every_series_is_there_and_reads_without_any_tolerance(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    counts = {key: len(files) for key, files in records.items()}
    assert counts == {
        "localizer": 2, "ct": 5, "prior-ct": 5, "mr": 5, "cr": 2, "us": 1,
    }  # fmt: skip
    everything = [record for files in records.values() for _, record in files]
    assert {record.tolerated for record in everything} == {()}
    assert {record.patient.name for record in everything} == {"Demo^Lightbox"}
    assert {record.study.study_uid for record in everything} == set(demo_studies())


def test_the_stacks_have_no_faults_and_lie_in_order(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    lengths = {}
    for key, files in records.items():
        uid = files[0][1].series.series_uid
        stacks = to_stacks(uid, [record.instance for _, record in files])
        assert [stack.faults for stack in stacks] == [()] * len(stacks)
        assert all(stack.localizer == (key == "localizer") for stack in stacks)
        lengths[key] = sorted(len(stack.frames) for stack in stacks)
    assert lengths["ct"] == lengths["mr"] == lengths["us"] == [5]
    assert lengths["localizer"] == lengths["cr"] == [1, 1]


def test_the_first_axial_image_is_nearest_the_head(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    planes = [_image(record).frame(1).plane for _, record in records["ct"]]
    levels = [plane.origin[2] for plane in planes if plane is not None]
    assert levels == [60.0, 57.5, 55.0, 52.5, 50.0]


def test_the_head_is_sagittal_with_the_face_on_the_left_of_the_screen(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    path, record = records["mr"][2]
    plane = _image(record).frame(1).plane
    assert plane is not None
    assert plane.along_row == (0.0, 1.0, 0.0)
    assert plane.along_column == (0.0, 0.0, -1.0)
    pixels = read_frame(path, _image(record), 1)
    tissue = pixels.astype(float) > 200
    tip = np.argwhere(tissue)[np.argwhere(tissue)[:, 1].argmin()]
    x, y, z = plane.to_patient(np.array([[tip[1], tip[0]]], np.float64))[0]
    assert abs(x) < 5
    assert y < -100  # the foremost point
    assert -65 < z < -35  # is the nose


def test_compressed_slices_give_back_what_was_painted(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    recipe = demo_of()
    grid = recipe.mr.grid
    scan = HeadScan(recipe.signals, recipe.mr.noise, recipe.seed)
    painted = scan.volume(Grid(grid.x[1:2], grid.y, grid.z))[::-1, :, 0]
    path, record = records["mr"][1]
    assert (read_frame(path, _image(record), 1) == painted).all()


def test_hounsfield_units_survive_the_file(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    path, record = records["ct"][0]
    image = _image(record)
    display = image.display(1)
    plane = image.frame(1).plane
    assert plane is not None
    stored = read_frame(path, image, 1)
    hounsfield = stored.astype(float) * display.rescale.slope
    hounsfield += display.rescale.intercept
    nodule = plane.to_pixel(np.array([[-66.0, 30.0, 60.0]])).round().astype(int)[0]
    assert display.rescale.unit == "HU"
    assert hounsfield[nodule[1], nodule[0]] == pytest.approx(62, abs=60)
    assert np.median(hounsfield[:8]) == pytest.approx(-1000, abs=30)
    assert [w.explanation for w in display.windows] == ["SOFT TISSUE", "LUNG"]


def test_radiographs_are_monochrome1_and_measured_in_the_plane_of_the_body(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    for path, record in records["cr"]:
        image = _image(record)
        spacing = image.frame(1).spacing
        assert image.pixels.photometric == "MONOCHROME1"
        assert image.pixels.bits_stored == 12
        assert image.display(1).inverse
        assert spacing is not None
        assert spacing.kind is SpacingKind.OBJECT_PLANE
        assert spacing.attribute == "ImagerPixelSpacing"
        pixels = read_frame(path, image, 1)
        corner, middle = pixels[:50, :50], pixels[700:800, 650:750]
        assert corner.mean() > middle.mean()  # air is much light, so a high value
    frontal, lateral = (_image(record) for _, record in records["cr"])
    assert len(frontal.display(1).windows) == 2
    assert len(lateral.display(1).voi_luts) == 1


def test_the_lead_letter_lies_at_the_left_shoulder(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    path, record = records["cr"][0]
    pixels = read_frame(path, _image(record), 1).astype(int)
    row, column = load_recipe().cr.marker
    stroke = pixels[row + 5 : row + 40, column]
    beside = pixels[row + 5 : row + 40, -1 - column]
    assert stroke.mean() < beside.mean() - 1000
    assert pydicom.dcmread(path).PatientOrientation == ["L", "F"]


def test_the_clip_is_coloured_lossy_and_calibrated_in_centimetres(
    records: dict[str, list[tuple[Path, FileRecord]]],
) -> None:
    path, record = records["us"][0]
    image = _image(record)
    assert image.pixels.frames == 5
    assert image.lossy.startswith("lossy")
    assert image.frame_time_ms == pytest.approx(41)
    assert read_frame(path, image, 3).shape == (480, 640, 3)
    regions = pydicom.dcmread(path).SequenceOfUltrasoundRegions
    assert [r.RegionDataType for r in regions] == [1, 2]
    for region in regions:
        assert (region.PhysicalUnitsXDirection, region.PhysicalDeltaX) == (3, 0.04)
        assert region.RegionLocationMaxX1 < 640
        assert region.RegionLocationMaxY1 < 480


def test_the_same_recipe_gives_the_same_bytes(study: Path, tmp_path: Path) -> None:
    build(demo_of(), tmp_path, Silent())
    names = sorted(p.relative_to(study) for p in study.rglob("*.dcm"))
    again = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.dcm"))
    assert names == again
    assert all((study / n).read_bytes() == (tmp_path / n).read_bytes() for n in names)


def test_another_recipe_has_other_uids_and_another_folder(tmp_path: Path) -> None:
    text = resource("demo/recipe.toml").read_bytes()
    ours, other = load_recipe(), load_recipe(text + b"\n# another edition\n")
    assert ours.uid("x") != other.uid("x")
    assert ours.uid("x") == load_recipe(text.replace(b"\n", b"\r\n")).uid("x")
    assert ours.uid("x").startswith("2.25.")
    assert demo_folder(tmp_path).parent == tmp_path / "demo"


def test_every_object_conforms_to_the_standard(study: Path) -> None:
    judge = shutil.which("dciodvfy")
    if judge is None:
        pytest.skip("dciodvfy (Debian package dicom3tools) is not installed")
    for path in study.rglob("*.dcm"):
        verdict = subprocess.run(
            [judge, path], capture_output=True, text=True, check=False
        )
        assert "Error" not in verdict.stdout + verdict.stderr, path.name


class _Impatient:
    """A user who presses cancel after some pictures."""

    def __init__(self) -> None:
        self.reported = 0

    def report(self, done: int, total: int, text: str = "") -> None:
        assert 0 < done <= total
        assert text
        self.reported = done

    def checkpoint(self) -> None:
        if self.reported > 3:
            raise Cancelled


@pytest.fixture
def small_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "load_recipe", demo_of)


@pytest.mark.usefixtures("small_recipe")
def test_a_cancelled_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        build_demo(tmp_path / "demo" / "x", _Impatient())
    assert list((tmp_path / "demo").iterdir()) == []


@pytest.mark.usefixtures("small_recipe")
def test_the_study_is_built_once(tmp_path: Path) -> None:
    folder = tmp_path / "demo" / "x"
    build_demo(folder)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*.dcm")}
    assert len(before) == 20
    build_demo(folder)
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*.dcm")} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_that_cannot_be_made_is_a_failure_of_the_environment(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentFailure, match="could not be written"):
        build_demo(tmp_path / "file" / "demo" / "x")
