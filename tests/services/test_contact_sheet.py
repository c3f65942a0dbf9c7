"""A contact sheet shows all images of a study, and names only where that was asked."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.services.export_shop import Shop, wish, write_study
from viewer.core.export_forms import PDF, Look
from viewer.services import contact_page
from viewer.services.contact_page import COLUMNS, ROWS, SIDE, Thumbnail, page
from viewer.services.contact_sheet import _PAGES_AT_ONCE

A_PAGE = COLUMNS * ROWS


def sheets(path: Path) -> list[npt.NDArray[np.uint8]]:
    """Every page: each is one JPEG in the PDF."""
    found, raw, at = [], path.read_bytes(), 0
    while (begin := raw.find(b"\xff\xd8\xff", at)) >= 0:
        at = raw.index(b"endstream", begin)
        with Image.open(io.BytesIO(raw[begin:at])) as picture:
            found.append(np.asarray(picture))
    return found


def texts(shop: Shop, monkeypatch: pytest.MonkeyPatch, look: Look) -> list[str]:
    """What is written on the sheets of a study."""
    written: list[str] = []
    write = contact_page._write

    def noted(draw: object, place: object, text: str, *rest: object) -> None:
        written.append(text)
        write(draw, place, text, *rest)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(contact_page, "_write", noted)
    own: dict[str, Any] = {"SeriesDescription": "Bone", "PixelData": b"\7\0" * 64 * 3}
    own |= {"NumberOfFrames": 3, "Rows": 8, "Columns": 8}
    study = write_study(shop.folder / "in", 1, images=1, **own)
    shop.take_in(shop.folder / "in")
    shop.run(replace(wish(study, to=shop.out()), form=PDF, look=look))
    return written


def test_it_says_series_and_image_and_names_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = texts(shop, monkeypatch, Look())
    assert written[0] == "Contact sheet PA0001/ST001"
    assert [one for one in written if one.startswith(("Series", "Image"))] == [
        text
        for frame in (1, 2, 3)
        for text in ("Series 1 · Bone", f"Image 1 · frame {frame} of 3")
    ]
    (path,) = shop.out().rglob("*.pdf")
    assert path.relative_to(shop.out()).as_posix() == "PA0001/ST001.pdf"
    told = " ".join(written).encode() + path.read_bytes()
    for secret in (b"Muster", b"P1", b"1970", b"Thorax"):
        assert secret not in told


def test_names_stand_on_it_where_that_was_asked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = texts(shop, monkeypatch, Look(annotations=True))
    assert written[:2] == ["Muster, Max · P1 · born 1970-05-17", "2024-03-01 · Thorax"]


def test_each_study_has_a_sheet_with_all_its_images(shop: Shop) -> None:
    for number, images in ((1, A_PAGE + 1), (2, 1)):
        write_study(shop.folder / "in", number, images)
    shop.take_in(shop.folder / "in")
    both = wish("1.2.40.1", "1.2.40.2", to=shop.out())
    report = shop.run(replace(both, form=PDF))
    assert (report.exported, report.files) == (A_PAGE + 2, 2)
    assert report.withheld == report.failed == ()
    pages = [len(sheets(path)) for path in sorted(shop.out().rglob("*.pdf"))]
    assert pages == [2, 1]


def test_pages_of_a_long_study_are_written_bit_by_bit(shop: Shop) -> None:
    from viewer.services.contact_sheet import _append  # noqa: PLC0415

    dot = Thumbnail(np.zeros((SIDE, SIDE), np.uint8), ("", ""))
    path = shop.folder / "long.pdf"
    for at in (0, 1):
        made = [page(("", ""), n, (dot,)) for n in range(_PAGES_AT_ONCE)]
        _append(path, made, quality=50)
        assert len(sheets(path)) == (at + 1) * _PAGES_AT_ONCE
    assert b"/Count 32" in path.read_bytes()


def test_a_page_is_grey_unless_one_of_its_pictures_is_coloured() -> None:
    grey = Thumbnail(np.full((SIDE, SIDE), 90, np.uint8), ("a" * 500, "Image\n1"))
    red = np.zeros((SIDE, SIDE, 3), np.uint8)
    red[..., 0] = 200
    assert page(("Title", ""), 1, (grey,)).mode == "L"
    made = np.asarray(page(("Title", ""), 1, (grey, Thumbnail(red, ("", "")))))
    assert (made == (200, 0, 0)).all(axis=2).sum() == SIDE**2
