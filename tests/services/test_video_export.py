"""An export as MP4 shows each frame of a film, for as long as its file says."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydicom.uid import UltrasoundMultiFrameImageStorage
from typing_extensions import override

from tests.services.export_shop import Shop, wish
from tests.services.import_files import write_image
from viewer.core.errors import Cancelled, ViewerError
from viewer.core.export import UNFIT, ExportReport
from viewer.core.export_forms import MP4
from viewer.services.export_part import part_folder
from viewer.services.jobs import Silent

COLUMNS, ROWS, FRAMES = 65, 47, 5  # odd: MP4 wants even sides
STUDY = "1.2.40.8"
TICK_MS = 1 / 90
Pictures = npt.NDArray[np.uint8]


def colours() -> Pictures:
    """Frames of two fields of colour each, ``(frames, rows, columns, 3)``."""
    found = np.zeros((FRAMES, ROWS, COLUMNS, 3), np.uint8)
    for number in range(FRAMES):
        found[number, :, : COLUMNS // 2] = (40 + 40 * number, 90, 60)
        found[number, :, COLUMNS // 2 :] = (200, 40 + 40 * number, 90)
    return found


def write_film(folder: Path, **changed: Any) -> Path:
    """A film of an ultrasound machine in colour."""
    own: dict[str, Any] = {
        "SOPClassUID": UltrasoundMultiFrameImageStorage,
        "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": f"{STUDY}.1",
        "SOPInstanceUID": f"{STUDY}.1.1",
        "Modality": "US",
        "SamplesPerPixel": 3,
        "PlanarConfiguration": 0,
        "PhotometricInterpretation": "RGB",
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "Rows": ROWS,
        "Columns": COLUMNS,
        "NumberOfFrames": FRAMES,
        "PixelData": colours().tobytes() + b"\0",
        **changed,
    }
    return write_image(folder / "film.dcm", 1, **own)


def exported(shop: Shop) -> ExportReport:
    """All that lies in the folder `in`, as films."""
    shop.take_in(shop.folder / "in")
    return shop.run(replace(wish(STUDY, to=shop.out()), form=MP4))


def played(shop: Shop) -> tuple[list[Pictures], list[float], float]:
    """The frames of the one film, when each begins, and how long it is, in ms."""
    av = pytest.importorskip("av", reason="PyAV (extra video) is not installed")
    (path,) = [found for found in shop.out().rglob("*") if found.is_file()]
    assert path.name == "IM00001.mp4"
    with av.open(path) as film:
        (stream,) = film.streams
        length = float(stream.duration * stream.time_base * 1000)
        frames = list(film.decode(stream))
        pictures = [
            frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
            for frame in frames
        ]
    return pictures, [1000 * float(frame.time) for frame in frames], length


@pytest.fixture
def _encoder() -> None:
    pytest.importorskip("av", reason="PyAV (extra video) is not installed")


@pytest.mark.usefixtures("_encoder")
def test_frames_come_as_often_as_the_file_says(shop: Shop) -> None:
    write_film(shop.folder / "in", FrameTime="33.33", FrameIncrementPointer=0x00181063)
    report = exported(shop)
    assert (report.wanted, report.exported, report.files) == (1, 1, 1)
    pictures, moments, length = played(shop)
    assert len(pictures) == FRAMES
    np.testing.assert_allclose(
        moments, [33.33 * number for number in range(FRAMES)], atol=TICK_MS
    )
    assert length == pytest.approx(33.33 * FRAMES, abs=TICK_MS)


@pytest.mark.usefixtures("_encoder")
def test_frames_of_unequal_length_keep_it(shop: Shop) -> None:
    write_film(
        shop.folder / "in",
        FrameTimeVector=["0", "40", "120", "15.5", "40"],
        FrameIncrementPointer=0x00181065,
    )
    assert exported(shop).exported == 1
    _, moments, length = played(shop)
    np.testing.assert_allclose(moments, [0, 40, 160, 175.5, 215.5], atol=TICK_MS)
    assert length == pytest.approx(255.5, abs=TICK_MS)


@pytest.mark.usefixtures("_encoder")
def test_a_recommended_rate_is_taken_where_no_time_is_stated(shop: Shop) -> None:
    write_film(shop.folder / "in", RecommendedDisplayFrameRate=8)
    exported(shop)
    _, moments, _ = played(shop)
    np.testing.assert_allclose(moments, [0, 125, 250, 375, 500], atol=TICK_MS)


@pytest.mark.usefixtures("_encoder")
def test_each_frame_shows_its_own_colours_the_right_way_round(shop: Shop) -> None:
    write_film(shop.folder / "in", FrameTime=40)
    exported(shop)
    pictures, _, _ = played(shop)
    for shown, meant in zip(pictures, colours(), strict=True):
        assert shown.shape == (ROWS + 1, COLUMNS + 1, 3)
        for column in (COLUMNS // 4, 3 * COLUMNS // 4):  # off the edge between them
            found = shown[ROWS // 2, column].astype(int)
            assert np.abs(found - meant[ROWS // 2, column]).max() <= 6


@pytest.mark.usefixtures("_encoder")
def test_greys_of_a_film_do_not_flicker(shop: Shop) -> None:
    grey = np.zeros((FRAMES, ROWS, COLUMNS), np.uint16)
    grey[:, :, : COLUMNS // 2] = 1000  # the same in each frame
    grey[:, 1 : ROWS // 2, COLUMNS // 2 :] = 600
    grey[:, 0, :] = 0  # air
    for number in range(FRAMES):
        grey[number, ROWS // 2 :, COLUMNS // 2 :] = 1500 + 500 * number
    write_film(
        shop.folder / "in",
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        BitsAllocated=16,
        BitsStored=12,
        HighBit=11,
        PixelData=grey.tobytes(),
        FrameTime=40,
    )
    exported(shop)
    pictures, _, _ = played(shop)
    still = [int(shown[ROWS // 2, COLUMNS // 4, 0]) for shown in pictures]
    assert max(still) - min(still) <= 3
    assert 100 < still[0] < 130


@pytest.mark.usefixtures("_encoder")
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, "how long its frames last"),
        (
            {"FrameTimeVector": ["0", "40"], "FrameIncrementPointer": 0x00181065},
            "how long its frames last",
        ),
        (
            {
                "NumberOfFrames": 1,
                "FrameTime": 40,
                "PixelData": colours()[0].tobytes() + b"\0",
            },
            "a single picture",
        ),
    ],
    ids=["no time", "vector too short", "one frame"],
)
def test_what_is_no_film_stays_behind_with_the_reason(
    shop: Shop, changed: dict[str, Any], reason: str
) -> None:
    write_film(shop.folder / "in", **changed)
    report = exported(shop)
    assert (report.wanted, report.exported) == (1, 0)
    (left,) = report.withheld
    assert left.reason == UNFIT
    assert reason in left.sentence
    assert not shop.out().exists()


@pytest.mark.usefixtures("_encoder")
def test_nothing_of_a_patient_is_in_the_film(shop: Shop) -> None:
    write_film(shop.folder / "in", FrameTime=40)
    exported(shop)
    (path,) = shop.out().rglob("*.mp4")
    raw = path.read_bytes()
    for told in (b"Muster", b"19700517", b"Thorax", STUDY.encode(), b"film.dcm"):
        assert told not in raw
    assert b".part" not in raw


class Stopping(Silent):
    """Stops the work when a few frames are made."""

    def __init__(self, frames: int) -> None:
        self._frames, self._made = frames, 0

    @override
    def report(self, done: int, total: int, text: str = "") -> None:
        self._made = done

    @override
    def checkpoint(self) -> None:
        if self._made >= self._frames:
            raise Cancelled


@pytest.mark.usefixtures("_encoder")
@pytest.mark.parametrize("frames", [0, 2])
def test_who_stops_a_film_finds_nothing(shop: Shop, frames: int) -> None:
    many = 300  # some are not made yet when somebody looks
    film = np.zeros((many, 64, 64, 3), np.uint8)
    write_film(
        shop.folder / "in",
        FrameTime=40,
        NumberOfFrames=many,
        Rows=64,
        Columns=64,
        PixelData=film.tobytes(),
    )
    shop.take_in(shop.folder / "in")
    with pytest.raises(Cancelled):
        shop.run(replace(wish(STUDY, to=shop.out()), form=MP4), Stopping(frames))
    assert not shop.out().exists()
    assert not part_folder(shop.out()).exists()


def test_without_the_encoder_somebody_is_told_how_to_get_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_film(shop.folder / "in", FrameTime=40)
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ViewerError, match="need PyAV") as refusal:
        exported(shop)
    assert "pip install av" in refusal.value.hint
    assert not shop.out().exists()
