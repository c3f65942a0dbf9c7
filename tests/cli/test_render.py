"""`lightbox render`, as a user meets it."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pydicom import dcmread, examples
from pydicom.data import get_testdata_file

from viewer.cli.program import run
from viewer.core.annotation import Annotation, Shape
from viewer.core.grayscale import Window
from viewer.core.identity import SOPInstanceUID
from viewer.core.modality import modality_values
from viewer.core.voi import to_grey
from viewer.core.windowing import default_voi
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file
from viewer.services import rendering
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.workers import Workers

CT = Path(str(get_testdata_file("CT_small.dcm")))
Picture = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _one_pool(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker for all: starting one takes a second, and is not what is tested."""
    monkeypatch.setattr(rendering, "Workers", lambda _count: nullcontext(workers))


def render(*words: str) -> int:
    return run(["render", *words], lambda _: 99)


def picture(path: Path) -> Picture:
    return np.asarray(Image.open(path))


def ct_shown_with(window: Window) -> Picture:
    data_set = dcmread(CT)
    hu = data_set.pixel_array * float(data_set.RescaleSlope)
    return to_grey(hu + float(data_set.RescaleIntercept), window)


@pytest.mark.parametrize(
    ("words", "window"),
    [
        (["--window", "40,400"], Window(40, 400)),
        (["--window", "-600,1500"], Window(-600, 1500)),
        (["--preset", "lung"], Window(-600, 1500)),
    ],
)
def test_a_chosen_window_is_shown_pixel_by_pixel(
    words: list[str], window: Window, tmp_path: Path
) -> None:
    out = tmp_path / "ct.png"
    assert render(str(CT), *words, "--out", str(out)) == 0
    assert np.array_equal(picture(out), ct_shown_with(window))


def with_windows(path: Path) -> None:
    data_set = dcmread(CT)
    data_set.WindowCenter, data_set.WindowWidth = [40, 500], [400, 2000]
    data_set.WindowCenterWidthExplanation = ["SOFT", "BONY"]
    data_set.save_as(path)


def test_the_windows_of_the_file_are_counted_from_one(tmp_path: Path) -> None:
    file, out = tmp_path / "two.dcm", tmp_path / "two.png"
    with_windows(file)
    for words, window in (
        ([], Window(40, 400)),
        (["--voi", "2"], Window(500, 2000)),
        (["--preset", "bony"], Window(500, 2000)),
    ):
        assert render(str(file), *words, "--out", str(out)) == 0
        assert np.array_equal(picture(out), ct_shown_with(window))


def test_json_says_what_was_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "two.dcm", tmp_path / "two.png"
    with_windows(file)
    assert render(str(file), "--json", "--voi", "2", "--out", str(out)) == 0
    assert json.loads(capsys.readouterr().out) == {
        "out": str(out),
        "frame": 1,
        "width": 128,
        "height": 128,
        "color": False,
        "voi": {
            "center": 500,
            "width": 2000,
            "function": "LINEAR",
            "explanation": "BONY",
        },
    }


def test_a_viewport_is_filled_and_annotated_only_on_wish(tmp_path: Path) -> None:
    plain, noted = tmp_path / "plain.png", tmp_path / "noted.png"
    size = ("--size", "500x300", "--window", "40,400")
    assert render(str(CT), *size, "--out", str(plain)) == 0
    assert render(str(CT), *size, "--annotations", "--out", str(noted)) == 0
    shown = picture(plain)
    assert shown.shape == (300, 500)
    assert not shown[:, :99].any()
    assert shown[:, 100:400].any(axis=0).all()
    drawn = picture(noted)
    assert drawn.shape == (300, 500, 3)
    assert drawn[:40, :90].any()  # whose image it is


def test_colour_comes_as_it_is(tmp_path: Path) -> None:
    path, out = Path(str(examples.get_path("rgb_color"))), tmp_path / "us.png"
    assert render(str(path), "--out", str(out)) == 0
    assert np.array_equal(picture(out), dcmread(path).pixel_array)


def test_frames_are_counted_from_one(tmp_path: Path) -> None:
    path, out = str(examples.get_path("rt_dose")), tmp_path / "dose.png"
    assert render(path, "--frame", "15", "--out", str(out)) == 0
    image = read_file(path).instance.image
    assert image is not None
    last = read_frame(path, image, 15)
    dose = modality_values(last, image.display(15))
    assert np.array_equal(picture(out), to_grey(dose, default_voi(image, 15, last)))


def test_oblong_pixels_are_said_in_the_png(tmp_path: Path) -> None:
    data_set = dcmread(CT)
    data_set.PixelSpacing = [1.0, 0.5]
    file, out = tmp_path / "oblong.dcm", tmp_path / "oblong.png"
    data_set.save_as(file)
    assert render(str(file), "--out", str(out)) == 0
    with Image.open(out) as opened:
        assert opened.size == (128, 128)
        across, down = opened.info["dpi"]
        assert across / down == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["--frame", "2"], 1, "There is no frame 2"),
        (["--frame", "0"], 1, "There is no frame 0"),
        (["--voi", "1"], 1, "There is no window 1"),
        (["--preset", "Moonlight"], 1, "There is no window Moonlight"),
        (["--window", "40"], 2, "--window takes two numbers"),
        (["--window", "40,0"], 2, "width must be more than nothing"),
        (["--window", "nan,10"], 2, "width must be"),
        (["--size", "10"], 2, "--size takes"),
        (["--size", "0x10"], 2, "A side must be"),
        (["--window", "40,400", "--voi", "1"], 2, "Give one of"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    words: list[str],
    status: int,
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "no.png"
    assert render(str(CT), *words, "--out", str(out)) == status
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere.dcm", "There is no file"),
        ("1.2.3.4", "There is no file"),
    ],
)
def test_an_image_that_is_not_there_is_refused(
    name: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no.png"
    data_dir = str(tmp_path / "data")
    assert render(name, "--out", str(out), "--data-dir", data_dir) == 1
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []  # asking makes no catalog


def test_an_imported_image_is_rendered_by_its_uid(tmp_path: Path) -> None:
    data_dir = ("--data-dir", str(tmp_path / "data"))
    assert run(["import", str(CT), *data_dir], lambda _: 99) == 0
    uid, out = dcmread(CT).SOPInstanceUID, tmp_path / "ct.png"
    assert render(uid, "--window", "40,400", "--out", str(out), *data_dir) == 0
    assert np.array_equal(picture(out), ct_shown_with(Window(40, 400)))
    assert render(f"{uid}.9", "--out", str(out), *data_dir) == 1


def test_files_without_a_picture_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "note.txt"
    text.write_text("no image at all")
    out = tmp_path / "no.png"
    assert render(str(text), "--out", str(out)) == 1
    assert "not a DICOM file" in capsys.readouterr().err
    plan = str(get_testdata_file("rtplan.dcm"))
    assert render(plan, "--out", str(out)) == 1
    assert "holds no image" in capsys.readouterr().err
    assert not out.exists()


def test_the_image_itself_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "image.png"  # a DICOM file may be called anything
    file.write_bytes(CT.read_bytes())
    assert render(str(file), "--out", str(file)) == 2
    assert file.read_bytes() == CT.read_bytes()
    assert render(str(file), "--out", str(tmp_path / "image.jpg")) == 2
    assert render(str(file), "--out", str(tmp_path / "gone" / "image.png")) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_colour_takes_no_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = str(examples.get_path("rgb_color")), tmp_path / "us.png"
    assert render(path, "--window", "40,400", "--out", str(out)) == 1
    assert "takes no window" in capsys.readouterr().err


def test_measures_of_the_catalog_are_drawn_with_the_annotations(
    tmp_path: Path, workers: Workers
) -> None:
    library = Library(tmp_path / "data", workers)
    Importing(library, workers).run(ImportRequest((CT,)))
    uid = SOPInstanceUID(dcmread(CT).SOPInstanceUID)
    line = Annotation("one", uid, 1, Shape.LENGTH, ((20.0, 64.0), (100.0, 64.0)))
    library.save_annotations([line])
    library.close()
    out = tmp_path / "out.png"
    place = ["--out", str(out), "--annotations", "--data-dir", str(tmp_path / "data")]

    def yellow(name: str) -> int:
        assert render(name, *place) == 0
        return int((picture(out) == (255, 213, 74)).all(axis=2).sum())

    assert yellow(uid) >= 80
    assert yellow(str(CT)) == 0, "drawings are the catalog's"
