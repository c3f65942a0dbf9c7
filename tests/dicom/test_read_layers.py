"""Whatever a file says of overlays and shutters, reading it gives an image."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dicom.written_files import Value, image_file
from viewer.core.errors import ViewerError
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file
from viewer.services.frame_parts import part_refs, to_parts
from viewer.services.frame_ref import FrameRef
from viewer.services.rendering import Wish, render

WORD = st.integers(0, 0xFFFF)
NUMBER = st.integers(-(10**6), 10**6)
ELEMENTS: dict[int, tuple[str, st.SearchStrategy[Any]]] = {
    0x60000010: ("US", WORD),
    0x60000011: ("US", WORD),
    0x60000015: ("IS", NUMBER.map(str)),
    0x60000050: ("SS", st.tuples(st.integers(-0x8000, 0x7FFF), st.integers(-9, 9))),
    0x60000051: ("US", WORD),
    0x60000100: ("US", WORD),
    0x60000102: ("US", st.integers(0, 17)),
    0x60003000: ("OW", st.integers(0, 8).map(lambda n: b"\xa5\x5a" * n)),
    0x00181600: (
        "CS",
        st.sampled_from(["RECTANGULAR", "CIRCULAR\\POLYGONAL", "BITMAP"]),
    ),
    0x00181602: ("IS", NUMBER.map(str)),
    0x00181604: ("IS", NUMBER.map(str)),
    0x00181606: ("IS", NUMBER.map(str)),
    0x00181608: ("IS", NUMBER.map(str)),
    0x00181610: ("IS", st.tuples(NUMBER, NUMBER).map(lambda p: f"{p[0]}\\{p[1]}")),
    0x00181612: ("IS", NUMBER.map(str)),
    0x00181620: (
        "IS",
        st.lists(NUMBER, max_size=9).map(lambda v: "\\".join(map(str, v))),
    ),
    0x00181622: ("US", WORD),
    0x00181623: ("US", st.sampled_from([0x6000, 0x6002, 1])),
    0x00280101: ("US", st.integers(1, 16)),
    0x00280102: ("US", st.integers(0, 15)),
}


@st.composite
def stated(draw: st.DrawFn) -> list[tuple[int, str, Value]]:
    chosen = draw(st.sets(st.sampled_from(sorted(ELEMENTS))))
    return [(tag, ELEMENTS[tag][0], draw(ELEMENTS[tag][1])) for tag in sorted(chosen)]


@pytest.mark.filterwarnings("error")
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stated())
def test_a_picture_comes_of_any_layers(
    tmp_path: Path, elements: list[tuple[int, str, Value]]
) -> None:
    path = image_file(tmp_path, elements, pixels=bytes(range(8)))
    record = read_file(path)
    image = record.instance.image
    assert image is not None
    ref = FrameRef(str(path), image, 1)
    brought = {}
    for name, part in part_refs(ref).items():
        try:
            brought[name] = read_frame(part.path, part.image, part.number)
        except ViewerError:
            continue
    parts = to_parts(ref, brought)
    stored = read_frame(path, image, 1)
    assert render(record, 1, stored, Wish(), parts).pixels.shape == (2, 2)
    assert len(parts.missing) + len(parts.overlays) == len(image.overlays)
