"""`lightbox send --measurements` sends a report of what was drawn, and nothing else."""

from pathlib import Path

import pytest

from tests.cli.test_transfers import Shell
from tests.dicom.measured_images import DRAWN
from tests.network.archives import Archive, archive
from tests.services.export_shop import write_study
from tests.services.import_files import DirectReader
from tests.services.test_exporting import write_key_object
from viewer.cli.program import DONE, REFUSED
from viewer.core.annotation import Annotation
from viewer.core.identity import SOPInstanceUID
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library


def measured(folder: Path, peer: Archive, said: pytest.CaptureFixture[str]) -> Shell:
    """A catalog with two studies; on an image of the first every shape is drawn."""
    study = write_study(folder / "in", 1, images=3)
    write_study(folder / "in", 2, images=1)
    write_key_object(folder / "in/key.dcm", study, [2])
    image = SOPInstanceUID(f"{study}.1.1")
    every = [
        Annotation(f"{n:032x}", image, 1, shape, points)
        for n, (shape, points) in enumerate(DRAWN.items())
    ]
    with Library(folder / "data", DirectReader()) as library:
        Importing(library, DirectReader()).run(ImportRequest((folder / "in",)))
        library.save_annotations(every)
    return Shell(folder / "data", peer.peer, said)


def test_a_report_goes_and_going_again_it_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = measured(tmp_path, peer, capsys)
        # The second study, in which nothing was measured, adds none.
        words = ("send", "archive", "1.2.40.1", "1.2.40.2", "--measurements")
        status, out = at.json(*words, "--observer", "Roe, Jane")
        assert (status, out["wanted"], out["sent"]) == (DONE, 1, 1)
        at.json(
            "send", "archive", "1.2.40.1", "--measurements", "--observer", "Roe, Jane"
        )
        (first, content), (second, _) = [(uid, raw) for uid, _, raw in peer.stored]
    assert first == second
    assert b"Roe^Jane" in content
    _, shown = at.json("show", "1.2.40.1")
    assert sorted(one["modality"] for one in shown["series"]) == ["CT", "KO", "SR"]


def test_where_nothing_was_measured_nothing_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = measured(tmp_path, peer, capsys)
        status, out = at.json("send", "archive", "1.2.40.2", "--measurements")
        assert status == REFUSED
        assert "Nothing was measured" in out["error"]
        assert peer.stored == []


def test_key_images_go_too_and_who_measured_is_who_last_did_in_the_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = measured(tmp_path, peer, capsys)
        (tmp_path / "data/settings.toml").write_text(
            'observer = "Doe, John"\n', "utf-8"
        )
        words = ("send", "archive", "1.2.40.1", "--measurements", "--key-images")
        status, out = at.json(*words)
        assert (status, out["wanted"], out["sent"]) == (DONE, 3, 3)
        sent = {uid: content for uid, _, content in peer.stored}
    assert len(sent) == 3
    assert sent.keys() > {"1.2.40.1.1.2", "1.2.41"}
    assert sum(b"Doe^John" in content for content in sent.values()) == 1
