"""`lightbox send --key-images` sends what somebody has marked, and nothing else."""

from pathlib import Path

import pytest

from tests.cli.test_transfers import Shell
from tests.network.archives import Archive, archive
from tests.services.export_shop import write_study
from tests.services.import_files import DirectReader
from tests.services.test_exporting import write_key_object
from viewer.cli.program import DONE, REFUSED
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library

IMAGES = 5


def marked(folder: Path, peer: Archive, said: pytest.CaptureFixture[str]) -> Shell:
    """A catalog with two studies of two series; images 2 and 4 of one are marked."""
    study = write_study(folder / "in", 1, images=IMAGES, series=2)
    write_study(folder / "in", 2, images=1)
    write_key_object(folder / "in/key.dcm", study, [2, 4])
    with Library(folder / "data", DirectReader()) as library:
        Importing(library, DirectReader()).run(ImportRequest((folder / "in",)))
    return Shell(folder / "data", peer.peer, said)


def test_the_key_images_go_with_the_document_that_marks_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = marked(tmp_path, peer, capsys)
        # The second study, without key images, adds none, and is no mistake.
        status, out = at.json("send", "archive", "1.2.40.1", "1.2.40.2", "--key-images")
        assert (status, out["wanted"], out["sent"]) == (DONE, 3, 3)
        assert {uid for uid, _, _ in peer.stored} == {
            "1.2.40.1.1.2",
            "1.2.40.1.1.4",
            "1.2.41",
        }
        told = at.text("send", "archive", "1.2.40.1", "--key-images")
        assert told == "3 images of 3 sent.\n"
        assert len(peer.stored) == 6


def test_key_images_of_a_series_are_those_within_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = marked(tmp_path, peer, capsys)
        _, out = at.json(
            "send", "archive", "1.2.40.1.1", "1.2.40.1.1.4", "--key-images"
        )
        assert out["sent"] == 2
        assert [uid for uid, _, _ in peer.stored] == ["1.2.40.1.1.2", "1.2.40.1.1.4"]


@pytest.mark.parametrize("uid", ["1.2.40.2", "1.2.40.1.2"])
def test_where_no_key_image_is_marked_nothing_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], uid: str
) -> None:
    with archive() as peer:
        at = marked(tmp_path, peer, capsys)
        status, out = at.json("send", "archive", uid, "--key-images")
        assert status == REFUSED
        assert "No key images" in out["error"]
        assert peer.stored == []


def test_what_a_peer_refuses_is_told_once_for_each_image(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {"1.2.40.1.1.2": 0xC000, "1.2.40.1.1.4": 0xC000}
    with archive(answers=refused) as peer:
        at = marked(tmp_path, peer, capsys)
        told = at.text("send", "archive", "1.2.40.1", "--key-images").splitlines()
    assert told[0] == "1 image of 3 sent."
    assert [line for line in told if "not sent" in line] == [
        f"  not sent  {uid}" for uid in refused
    ]
