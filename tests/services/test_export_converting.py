"""An export in another form is there whole under its name, or not at all."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import pyzipper
from typing_extensions import override

from tests.services.export_shop import Shop, wish, write_study
from viewer.core.errors import Cancelled, Closing, EnvironmentFailure, ViewerError
from viewer.core.export import ExportWish, Packing
from viewer.core.export_forms import NIFTI, PDF, PNG, Form
from viewer.services.export_part import open_part, part_folder
from viewer.services.exporting import Exporting
from viewer.services.jobs import Silent
from viewer.services.side_by_side import side_by_side
from viewer.services.workers import Workers

IMAGES = 24
FORMS = pytest.mark.parametrize("form", [PNG, PDF, NIFTI])


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(3) as held:
        yield held


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Iterator[Shop]:
    made = Shop(tmp_path_factory.mktemp("shop"), workers)
    write_study(made.folder / "in", 1, images=IMAGES)
    made.take_in(made.folder / "in")
    yield made
    made.library.close()


def asked(shop: Shop, form: Form) -> ExportWish:
    return replace(wish("1.2.40.1", to=shop.out()), form=form)


class Stopping(Silent):
    """Stops the work at its second checkpoint."""

    def __init__(self, how: type[BaseException], shop: Shop) -> None:
        self._left, self._how, self._shop = 1, how, shop

    @override
    def checkpoint(self) -> None:
        assert not self._shop.out().exists()
        self._left -= 1
        if self._left < 0:
            raise self._how


@FORMS
@pytest.mark.parametrize("how", [Cancelled, Closing, KeyboardInterrupt])
def test_who_stops_it_finds_nothing(
    shop: Shop, form: Form, how: type[BaseException]
) -> None:
    with pytest.raises(how):
        shop.run(asked(shop, form), Stopping(how, shop))
    assert not shop.out().exists()
    assert not part_folder(shop.out()).exists()


@FORMS
def test_a_disk_without_room_is_said_and_nothing_is_left(
    shop: Shop, workers: Workers, form: Form
) -> None:
    cramped = Exporting(shop.library, workers, reserve=1 << 62)
    with pytest.raises(EnvironmentFailure, match="too little room"):
        cramped.run(asked(shop, form), Silent())
    assert [one.name for one in shop.folder.iterdir() if "out" in one.name] == []


def test_what_a_kill_left_is_not_in_the_next_one(shop: Shop) -> None:
    with open_part(shop.out(), "killed") as part:
        (part.content / "half.png").write_bytes(b"half")
    assert part_folder(shop.out()).exists()
    report = shop.run(asked(shop, PNG))
    assert report.files == IMAGES == len(list(shop.out().rglob("*.*")))
    assert not part_folder(shop.out()).exists()


def test_nothing_is_written_over(shop: Shop) -> None:
    shop.out().write_text("mine")
    with pytest.raises(ViewerError, match="is there already"):
        shop.run(asked(shop, PNG))
    assert shop.out().read_text() == "mine"


def test_a_locked_zip_holds_them_all(shop: Shop) -> None:
    zipped = replace(asked(shop, PNG), packing=Packing.ZIP, password="word")  # noqa: S106 - of a test
    report = shop.run(zipped)
    assert (report.exported, report.files) == (IMAGES, 1)
    with pyzipper.AESZipFile(shop.out()) as packed:
        assert len(packed.namelist()) == IMAGES
        with pytest.raises(RuntimeError):
            packed.read(packed.namelist()[0])
        packed.setpassword(b"word")
        assert packed.read(packed.namelist()[0]).startswith(b"\x89PNG")


def test_work_side_by_side_is_taken_in_order() -> None:
    found: list[int] = []
    side_by_side(range(50), lambda n, _: n * n, found.append, lambda: None, 3)
    assert found == [n * n for n in range(50)]


def test_work_side_by_side_hears_that_it_should_stop() -> None:
    begun, heard = threading.Event(), list[bool]()

    def work(_: int, stop: threading.Event) -> None:
        begun.set()
        heard.append(stop.wait(60))

    def watch() -> None:
        if begun.is_set():
            raise Cancelled

    with pytest.raises(Cancelled):
        side_by_side(range(50), work, lambda _: None, watch, 2)
    assert heard
    assert all(heard)
