"""Exported pictures are what render shows, exported values what pixels tells."""

import shutil
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import RLELossless

from tests.services.export_shop import Shop, anonymous, wish, write_study
from tests.services.import_files import SIDE, write_image
from tests.services.test_exporting import write_key_object
from viewer.core.errors import ViewerError
from viewer.core.export import FAILED, UNFIT, ExportWish, Packing
from viewer.core.export_forms import FORMS, JPEG, PNG, TIFF, Form, Look
from viewer.services import pixel_values, rendering
from viewer.services.exporters import EXPORTERS
from viewer.services.pixel_values import read_values
from viewer.services.rendering import Wish, read_one, render
from viewer.services.workers import Workers

REAL = ("CT_small.dcm", "examples_rgb_color.dcm", "reportsi.dcm")
SECRETS = ("Muster", "CompressedSamples", "19700517")


@pytest.fixture(autouse=True)
def _one_pool(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """One pool for all: starting one takes a second, and is not what is tested."""
    for module in (rendering, pixel_values):
        monkeypatch.setattr(module, "Workers", lambda _count: nullcontext(workers))


def brought(shop: Shop, *names: str) -> dict[str, Path]:
    """Files of pydicom in the library; by their studies."""
    studies = {}
    for name in names:
        path = shop.folder / "in" / name
        path.parent.mkdir(exist_ok=True)
        shutil.copy(str(get_testdata_file(name)), path)
        studies[str(dcmread(path).StudyInstanceUID)] = path
    shop.take_in(shop.folder / "in")
    return studies


def pictures(form: Form, *uids: str, to: Path, look: Look | None = None) -> ExportWish:
    return replace(wish(*uids, to=to), form=form, look=look or Look())


def read(path: Path) -> npt.NDArray[np.generic]:
    with Image.open(path) as picture:
        return np.asarray(picture)


def shown(path: Path, wanted: Wish | None = None) -> npt.NDArray[np.uint8]:
    record, stored, parts = read_one(path, 1)
    return render(record, 1, stored, wanted or Wish(), parts).pixels


def test_every_form_but_dicom_has_an_exporter() -> None:
    assert {"dicom", *EXPORTERS} == {form.name for form in FORMS}


@pytest.mark.parametrize("form", [PNG, TIFF])
def test_a_picture_is_what_render_shows_and_its_file_names_nobody(
    shop: Shop, form: Form
) -> None:
    studies = brought(shop, *REAL)
    report = shop.run(pictures(form, *studies, to=shop.out()))
    assert (report.wanted, report.exported) == (3, 2)
    (stayed,) = report.withheld
    assert (stayed.reason, stayed.sentence) == (UNFIT, "The file holds no image.")
    written = sorted(path for path in shop.out().rglob("*") if path.is_file())
    assert report.files == len(written) == 2
    assert report.bytes == sum(path.stat().st_size for path in written)
    for path, original in zip(written, studies.values(), strict=False):
        assert np.array_equal(read(path), shown(original))
        with Image.open(path) as picture:
            assert not {"exif", "comment", "xmp"} & set(picture.info)
        assert not any(one.encode() in path.read_bytes() for one in SECRETS)
    folders = [one for one in shop.out().rglob("*") if one.is_dir()]
    assert all(list(folder.iterdir()) for folder in folders)


def test_annotations_are_drawn_only_where_they_were_asked_for(shop: Shop) -> None:
    ((study, original),) = brought(shop, "CT_small.dcm").items()
    noted = Look(annotations=True)
    shop.run(pictures(PNG, study, to=shop.out(), look=noted))
    (path,) = shop.out().rglob("*.png")
    assert np.array_equal(read(path), shown(original, Wish(annotations=True)))
    assert read(path).ndim == 3 != shown(original).ndim


def test_a_jpeg_has_the_quality_that_was_asked_for(shop: Shop) -> None:
    ((study, original),) = brought(shop, "CT_small.dcm").items()
    errors = []
    for quality in (10, 95):
        place = shop.out(str(quality))
        shop.run(pictures(JPEG, study, to=place, look=Look(quality=quality)))
        (path,) = place.rglob("IM00001.jpg")
        gone = read(path).astype(float) - shown(original)
        errors.append(float(np.abs(gone).mean()))
    assert errors[1] < 2 < errors[0]


@pytest.mark.parametrize("stored", [False, True])
def test_values_of_16_bits_are_what_pixels_tells(shop: Shop, stored: bool) -> None:  # noqa: FBT001 - a parameter
    ((study, original),) = brought(shop, "CT_small.dcm").items()
    look = Look(16, stored=stored)
    shop.run(pictures(TIFF, study, to=shop.out(), look=look))
    (path,) = shop.out().rglob("*.tif")
    wanted = read_values(original, 1, stored=stored).values
    assert np.array_equal(read(path), wanted)
    assert wanted.min() < 0 or stored
    report = shop.run(pictures(PNG, study, to=shop.out("png"), look=look))
    if wanted.min() >= 0:
        (path,) = shop.out("png").rglob("*.png")
        assert np.array_equal(read(path), wanted)
    else:
        assert [one.reason for one in report.withheld] == [UNFIT]
        assert not shop.out("png").exists()


def test_what_16_bits_cannot_hold_stays_with_the_reason(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2, RescaleSlope="0.3")
    (colour,) = brought(shop, "examples_rgb_color.dcm")
    asked = pictures(TIFF, study, colour, to=shop.out(), look=Look(16))
    report = shop.run(asked)
    assert report.exported == 0
    assert {one.sentence for one in report.withheld} == {
        "Its values are fractions, or too large for 16 bits; stored values may fit.",
        "Colours have no values of 16 bits.",
    }
    assert not shop.out().exists()


def test_frames_are_numbered_and_all_there_or_none(shop: Shop) -> None:
    for number in (1, 2):
        write_study(
            shop.folder / "in",
            number,
            images=1,
            NumberOfFrames=3,
            PixelData=b"\1\0" * SIDE**2 * 3,
        )
    broken = shop.folder / "in/2/1/0001.dcm"
    data_set = dcmread(broken)
    data_set.compress(RLELossless, generate_instance_uid=False)
    good, _, last = generate_frames(data_set.PixelData, number_of_frames=3)
    data_set.PixelData = encapsulate([good, b"\2" + bytes(99), last])
    data_set.save_as(broken)
    shop.take_in(shop.folder / "in")
    report = shop.run(pictures(PNG, "1.2.40.1", "1.2.40.2", to=shop.out()))
    names = [path.name for path in sorted(shop.out().rglob("*.png"))]
    assert names == [f"IM00001-0000{frame}.png" for frame in (1, 2, 3)]
    assert [one.sop_instance_uid for one in report.failed] == ["1.2.40.2.1.1"]
    assert report.failed[0].reason == FAILED
    studies = [one for one in shop.out().rglob("ST*") if one.is_dir()]
    assert len(studies) == 1  # of the other one there is no empty folder either


def test_pixels_that_are_not_square_are_said_to_be_so(shop: Shop) -> None:
    tall = write_study(shop.folder / "in", 1, images=1, PixelSpacing=[2, 1])
    shop.take_in(shop.folder / "in")
    shop.run(pictures(PNG, tall, to=shop.out()))
    (path,) = shop.out().rglob("*.png")
    with Image.open(path) as picture:
        across, down = picture.info["dpi"]
    assert across == pytest.approx(2 * down, rel=0.01)


def test_only_key_images_leave_without_the_document_that_marks_them(
    shop: Shop,
) -> None:
    study = write_study(shop.folder / "in", 1, images=3)
    write_key_object(shop.folder / "in/key.dcm", study, [2])
    shop.take_in(shop.folder / "in")
    asked = replace(pictures(PNG, study, to=shop.out()), key_images=True)
    report = shop.run(asked)
    assert (report.wanted, report.exported) == (1, 1)
    assert report.withheld == ()


def test_a_file_that_has_changed_since_is_not_shown_as_what_it_was(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2)
    shop.take_in(shop.folder / "in")
    second = shop.folder / "in/1/1/0002.dcm"
    write_image(second, 7, Rows=8)
    report = shop.run(pictures(PNG, study, to=shop.out()))
    assert (report.exported, len(report.failed)) == (1, 1)


def test_nobody_gets_half_safe_pictures(shop: Shop) -> None:
    asked = wish("1.2.3", to=shop.out())
    with pytest.raises(ViewerError, match="Only DICOM can be exported anonymized"):
        replace(anonymous(asked), form=PNG)
    with pytest.raises(ViewerError, match="DICOMDIR"):
        replace(asked, form=PNG, packing=Packing.DISC)
    with pytest.raises(ViewerError, match="16 bits"):
        replace(asked, form=JPEG, look=Look(16))
    with pytest.raises(ViewerError, match="Annotations"):
        replace(asked, form=PNG, look=Look(16, annotations=True))
