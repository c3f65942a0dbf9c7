"""A colour profile keeps its colours and loses whoever made it."""

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import ImageCms

from viewer.dicom.deidentification.icc_profiles import cleaned

SECRET = b"GARFUNKEL^ARTHUR"


def made(kind: str) -> bytes:
    return bytes(imagecodecs.cms_profile(kind))


def of_a_palette() -> bytes:
    """A profile of version 2 with curves of a thousand points, as vendors write it."""
    folder = Path(pydicom.__file__).parent / "data" / "palettes"
    return bytes(pydicom.dcmread(folder / "spring.dcm").ICCProfile)


PROFILES: dict[str, Callable[[], bytes]] = {
    "sRGB": lambda: ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "Adobe RGB": lambda: made("adobergb"),
    "of a palette": of_a_palette,
}


def with_secrets(profile: bytes) -> bytes:
    """A tag of text, a creator and a device more, and bytes behind the end."""
    (count,) = struct.unpack_from(">I", profile, 128)
    table, rest = profile[132 : 132 + 12 * count], profile[132 + 12 * count :]
    moved = b""
    for number in range(count):
        name, start, length = struct.unpack_from(">4sII", table, 12 * number)
        moved += struct.pack(">4sII", name, start + 12, length)
    text = b"text" + bytes(4) + SECRET
    at = 132 + len(moved) + 12 + len(rest)
    moved += struct.pack(">4sII", b"dmnd", at, len(text))
    header = bytearray(profile[:128])
    header[0:4] = struct.pack(">I", at + len(text))
    header[48:56] = header[80:84] * 2
    header[4:8] = header[80:84] = SECRET[:4]
    header[100:116] = SECRET
    count_bytes = struct.pack(">I", count + 1)
    return bytes(header) + count_bytes + moved + rest + text + SECRET


def shown(profile: bytes, intent: int) -> Any:
    """Random colours of the profile in sRGB, by littleCMS."""
    pixels = np.random.default_rng(3).integers(0, 256, (32, 32, 3), np.uint8)
    return np.asarray(
        ImageCms.profileToProfile(
            Picture.fromarray(pixels),
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent(intent),
        )
    )


@pytest.mark.parametrize("kind", PROFILES)
def test_a_profile_shows_the_same_colours_and_tells_of_nobody(kind: str) -> None:
    profile = PROFILES[kind]()
    after = cleaned(with_secrets(profile))
    assert after is not None
    assert b"GARF" not in after
    assert after == cleaned(profile)
    assert cleaned(after) == after
    for intent in (0, 1):
        assert np.array_equal(shown(after, intent), shown(profile, intent))
    opened = ImageCms.ImageCmsProfile(BytesIO(after))
    assert ImageCms.getProfileDescription(opened).strip() == "Colour profile"


def test_texts_in_the_place_of_numbers_are_refused() -> None:
    profile = PROFILES["sRGB"]()
    at = profile.index(b"curv") if b"curv" in profile else profile.index(b"para")
    spoiled = profile[:at] + b"text" + profile[at + 4 :]
    assert cleaned(spoiled) is None


@given(st.binary(max_size=300), st.integers(0, 460))
def test_any_bytes_give_a_clean_profile_or_none(junk: bytes, place: int) -> None:
    profile = PROFILES["sRGB"]()
    for spoiled in (junk, profile[:place] + junk + profile[place + len(junk) :]):
        once = cleaned(spoiled)
        assert once is None or cleaned(once) == once
