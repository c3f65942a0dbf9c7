"""An export as a disc, as a ZIP and at a peer holds what the folder would hold."""

import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest
import pyzipper
from pydicom.fileset import FileSet

from tests.benchmarks.peers import installed
from tests.network.archives import archive
from tests.services.export_shop import (
    Shop,
    anonymous,
    dicom_files,
    sums,
    uids,
    wish,
    write_study,
)
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.export import ExportWish, Packing
from viewer.core.peers import Peer
from viewer.dicom.file_meta import data_set_offset
from viewer.services.peers import Peers

NAME = "山田^太郎"


@contextmanager
def index_of(folder: Path) -> Iterator[FileSet]:
    """What pydicom reads in a DICOMDIR; its folder for changes goes at once."""
    index = FileSet(folder / "DICOMDIR")
    try:
        yield index
    finally:
        index._stage["t"].cleanup()


def test_a_disc_lists_each_file_once_with_names_that_every_disc_can_hold(
    shop: Shop,
) -> None:
    study = write_study(shop.folder / "in", 1, images=3, series=2)
    named: dict[str, Any] = {"PatientName": NAME, "SpecificCharacterSet": "ISO_IR 192"}
    other = write_study(shop.folder / "in", 2, images=2, PatientID="P2", **named)
    shop.take_in(shop.folder / "in")
    shop.run(wish(study, other, to=shop.out(), packing=Packing.DISC))
    paths = dicom_files(shop.out())
    for path in paths:
        for part in path.relative_to(shop.out()).parts:
            assert len(part) <= 8
            assert set(part) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    with index_of(shop.out()) as index:
        assert {Path(one.path) for one in index} == set(paths)
        assert {str(one.SOPInstanceUID) for one in index} == uids(paths)
        assert len(index.find(SeriesInstanceUID=f"{study}.2")) == 3
        (second,) = {str(one.PatientName) for one in index.find(PatientID="P2")}
    assert second == NAME


def test_other_programs_find_nothing_wrong_with_the_index(shop: Shop) -> None:
    judge = installed("dciodvfy")
    if judge is None:
        pytest.skip("dciodvfy is not installed")
    studies = [write_study(shop.folder / "in", n, images=2, series=2) for n in (1, 2)]
    shop.take_in(shop.folder / "in")
    shop.run(anonymous(wish(*studies, to=shop.out(), packing=Packing.DISC)))
    said = subprocess.run(
        [judge, shop.out() / "DICOMDIR"], capture_output=True, text=True, check=False
    )
    assert "BasicDirectory" in said.stderr
    assert "Error" not in said.stderr


def test_the_index_of_an_anonymous_disc_names_nobody(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2, AccessionNumber="ACC-471108")
    shop.take_in(shop.folder / "in")
    shop.run(anonymous(wish(study, to=shop.out(), packing=Packing.DISC)))
    raw = (shop.out() / "DICOMDIR").read_bytes()
    for secret in (b"Muster", b"1.2.40.1", b"Thorax", b"20240301", b"ACC-471108"):
        assert secret not in raw
    with index_of(shop.out()) as index:
        listed = {str(one.SOPInstanceUID) for one in index}
    assert listed == uids(dicom_files(shop.out()))


@pytest.mark.parametrize("password", ["", "correct horse Ä"])
def test_a_zip_holds_what_the_folder_would_and_opens_with_its_password_only(
    shop: Shop, password: str
) -> None:
    study = write_study(shop.folder / "in", 1, images=3)
    shop.take_in(shop.folder / "in")
    shop.run(wish(study, to=shop.out("folder")))
    asked = wish(study, to=shop.out("out.zip"), packing=Packing.ZIP)
    report = shop.run(replace(asked, password=password))
    assert report.files == 1
    assert report.bytes == shop.out("out.zip").stat().st_size
    with pyzipper.AESZipFile(shop.out("out.zip")) as packed:
        if password:
            with pytest.raises(RuntimeError):
                packed.testzip()
            packed.setpassword(password.encode())
        assert packed.testzip() is None
        packed.extractall(shop.out("unpacked"))
        dates = {one.date_time for one in packed.infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert sums(shop.out("unpacked")) == sums(shop.out("folder"))


def test_a_zip_of_a_disc_has_the_index_in_it(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2)
    shop.take_in(shop.folder / "in")
    shop.run(wish(study, to=shop.out("o.zip"), packing=Packing.DISC_ZIP))
    with zipfile.ZipFile(shop.out("o.zip")) as packed:
        packed.extractall(shop.out("unpacked"))
    with index_of(shop.out("unpacked")) as index:
        listed = {Path(one.path) for one in index}
    assert listed == set(dicom_files(shop.out("unpacked")))


def test_a_password_is_not_shown_with_the_wish(tmp_path: Path) -> None:
    asked = ExportWish(("1.2",), tmp_path, Packing.ZIP, password="geheim")  # noqa: S106
    assert "geheim" not in repr(asked)


def to_peer(shop: Shop, peer: Peer, study: str) -> ExportWish:
    Peers(shop.data_dir).keep(peer)
    return ExportWish((study,), None, Packing.PEER, peer=peer.name)


def test_a_peer_gets_what_is_anonymous_and_nothing_of_it_stays(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=3)
    shop.take_in(shop.folder / "in")
    with archive() as peer:
        asked = to_peer(shop, peer.peer, study)
        report = shop.run(anonymous(asked))
        assert (report.wanted, report.exported, report.to) == (3, 3, "archive")
        assert len(peer.stored) == 3
        for uid, _, raw in peer.stored:
            assert not uid.startswith(study)
            assert b"Muster" not in raw
            assert study.encode() not in raw
    assert list((shop.data_dir / "outgoing").iterdir()) == []


def test_a_peer_gets_what_leaves_as_it_is(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=3)
    shop.take_in(shop.folder / "in")
    with archive() as peer:
        peer.answers = {f"{study}.1.2": 0xA900}
        report = shop.run(to_peer(shop, peer.peer, study))
    assert (report.wanted, report.exported) == (3, 2)
    assert [one.sop_instance_uid for one in report.failed] == [f"{study}.1.2"]


def test_a_peer_that_is_not_there_gets_nothing_and_nothing_stays(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=2)
    shop.take_in(shop.folder / "in")
    with archive() as peer:
        gone = peer.peer
    with pytest.raises(EnvironmentFailure):
        shop.run(anonymous(to_peer(shop, gone, study)))
    assert list((shop.data_dir / "outgoing").iterdir()) == []
    with pytest.raises(ViewerError):
        shop.run(replace(to_peer(shop, gone, study), peer="nobody"))


def test_a_file_without_a_beginning_gets_one(shop: Shop) -> None:
    study = write_study(shop.folder / "in", 1, images=1)
    path = shop.folder / "in/1/1/0001.dcm"
    ds, raw = pydicom.dcmread(path), path.read_bytes()
    path.write_bytes(raw[data_set_offset(raw[:144]) :])
    shop.take_in(shop.folder / "in")
    shop.run(wish(study, to=shop.out()))
    (written,) = dicom_files(shop.out())
    again = pydicom.dcmread(written)
    assert again.SOPInstanceUID == f"{study}.1.1"
    assert again.pixel_array.tobytes() == ds.pixel_array.tobytes()
