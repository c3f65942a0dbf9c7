"""Laws of the engine, over data sets nobody would think of."""

import struct
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom._dicom_dict import DicomDictionary

from tests.dicom.deidentification.cleaning import (
    BASE,
    Cleaned,
    Plain,
    cleaned,
    object_bytes,
    options,
    sequence,
)
from tests.dicom.written_files import EXPLICIT, IMPLICIT, element, meta
from viewer.core.deidentification import Option, Policy, Withheld
from viewer.dicom.deidentification.markers import markers

CANARY = "Zrqwyxelda"
ID = "QX7741902"
PIXEL_GROUP = 0x7FE0

_VRS = (
    *("AE", "AS", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OF"),
    *("OW", "PN", "SH", "SS", "ST", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT"),
)
_KNOWN = sorted(
    tag
    for tag, (vr, *_) in DicomDictionary.items()
    if 0x0008 <= tag >> 16 < PIXEL_GROUP and tag not in BASE and "SQ" not in vr
)
_SEQUENCES = sorted(
    tag
    for tag, (vr, *_) in DicomDictionary.items()
    if vr == "SQ" and 0x0008 <= tag >> 16 < PIXEL_GROUP and tag >> 16 != 0x0040
)

tags = (
    st.sampled_from(_KNOWN)
    | st.integers(0x00090010, 0x0009FFFF)  # private
    | st.integers(0x00280000, 0x0028FFFF)  # most of them unknown
    | st.integers(0x60000000, 0x601EFFFF).map(lambda tag: tag & 0xFFFEFFFF)
)
planted = st.sampled_from(
    [
        CANARY,
        CANARY.upper(),
        f"{CANARY}^Ute",
        f"by {CANARY.lower()}, today",
        f"a\\{CANARY}\\b",
        f"  {CANARY}  ",
        ID,
        f"no. {ID}",
    ]
)
leaves = st.tuples(tags, st.sampled_from(_VRS), planted)
nested = st.recursive(
    st.lists(leaves, min_size=1, max_size=6),
    lambda inner: st.lists(
        leaves
        | st.builds(
            lambda tag, items: sequence(tag, *items),
            st.sampled_from(_SEQUENCES),
            st.lists(inner, min_size=1, max_size=2),
        ),
        min_size=1,
        max_size=5,
    ),
    max_leaves=20,
)
policies = st.sets(
    st.sampled_from([one for one in Option if one is not Option.CLEAN_PIXELS])
).map(lambda chosen: options(*chosen))


def made(content: bytes, policy: Policy) -> Cleaned:
    """What the engine makes of it, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return cleaned(Path(folder), content, policy)


@settings(max_examples=100)
@given(nested, policies)
def test_a_name_and_an_id_survive_nowhere_under_any_options(
    stated: list[Plain], policy: Policy
) -> None:
    known: list[Plain] = [(0x00100010, "PN", f"{CANARY}^Ute"), (0x00100020, "LO", ID)]
    by_tag = {one[0]: one for one in [*stated, *known]}
    found = made(object_bytes(*by_tag.values()), policy)
    lower = found.content.lower()
    assert CANARY.lower().encode() not in lower
    assert ID.lower().encode() not in lower


_KEPT: dict[int, tuple[str, st.SearchStrategy[bytes]]] = {
    0x00180060: ("DS", st.integers(20, 150).map(lambda n: f"{n}".encode())),
    0x00180050: ("DS", st.floats(0, 9, width=16).map(lambda n: f"{n:.4f}".encode())),
    0x00181210: ("SH", st.sampled_from([b"B30f", b"STANDARD", b"I31f\\2"])),
    0x00185100: ("CS", st.sampled_from([b"HFS ", b"FFP "])),
    0x00189087: ("FD", st.floats(0, 1e5, width=32).map(lambda n: struct.pack("<d", n))),
    0x00200013: ("IS", st.integers(0, 99999).map(lambda n: f"{n}".encode())),
    0x00280010: ("US", st.binary(min_size=2, max_size=2)),
    0x00280106: ("US", st.binary(min_size=2, max_size=2)),
}


@settings(max_examples=25)
@given(st.fixed_dictionaries({tag: value for tag, (_, value) in _KEPT.items()}))
def test_what_tells_of_nobody_is_kept_to_the_byte(values: dict[int, bytes]) -> None:
    even = {tag: value + b" " * (len(value) % 2) for tag, value in values.items()}
    content = object_bytes(*((tag, _KEPT[tag][0], raw) for tag, raw in even.items()))
    with tempfile.TemporaryDirectory() as folder:
        found = cleaned(Path(folder), content)
        assert {tag: found.value(tag) for tag in even} == even


@settings(max_examples=40)
@given(st.binary(max_size=400), st.sampled_from([EXPLICIT, IMPLICIT]))
def test_any_bytes_are_written_clean_or_stay(tail: bytes, syntax: str) -> None:
    implicit = syntax == IMPLICIT
    start = meta(syntax, "1.2.840.10008.5.1.4.1.1.66") + b"".join(
        element(tag, vr, value, implicit=implicit)
        for tag, (vr, value) in sorted(BASE.items())
    )
    answer = made(start + tail, options()).outcome
    assert isinstance(answer, Withheld) or answer.size > 0


@settings(max_examples=20)
@given(policies)
def test_cleaned_twice_an_object_says_the_same_of_its_cleaning(policy: Policy) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as two:
        once = cleaned(Path(folder), object_bytes(), policy)
        stated = {tag: once.value(tag) for tag in _marker_tags(policy)}
        twice = cleaned(Path(two), once.content, policy)
        assert {tag: twice.value(tag) for tag in stated} == stated


def _marker_tags(policy: Policy) -> list[int]:
    return sorted(markers(policy, burned_in="", shows_face=False))
