"""A probe on a frame that nobody can decode once said that it lies outside."""

from pathlib import Path

from tests.services.test_measuring import ALL, Room
from viewer.core.annotation import Annotation, Shape
from viewer.core.measurement_text import label_lines, value_text


def test_a_probe_on_an_unreadable_frame_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path)
    try:
        for file in tmp_path.iterdir():
            file.unlink()
        probe = Annotation("p", ALL.sop_instance_uid, 1, Shape.PROBE, ((3, 3),))
        found = room.until_complete(probe)
        assert label_lines(found) == ("unreadable",)
        assert value_text(found) == "unreadable"
        assert found.because[-1].about == "Values"
    finally:
        room.close()
