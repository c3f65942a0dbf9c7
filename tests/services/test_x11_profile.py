"""A profile that the desktop keeps on an X server is found there."""

import ctypes
import os
import select
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.golden import profiles
from viewer.services import x11_profile
from viewer.services.screen_profile import ScreenWish, conversions_for

PROFILE = profiles.profile(profiles.WIDE, 2.2, "THIS SCREEN")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X server of our own, on a display that was free."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed")
    reads, writes = os.pipe()
    arguments = ["-displayfd", str(writes), "-screen", "0", "64x64x24", "-noreset"]
    process = subprocess.Popen(
        [program, *arguments, "-nolisten", "tcp"],
        pass_fds=(writes,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writes)
    try:
        ready, _, _ = select.select([reads], [], [], 60)
        number = os.read(reads, 16).decode().strip() if ready else ""
        if not number:
            pytest.skip("Xvfb does not start here")
        monkeypatch.setenv("DISPLAY", f":{number}")
        yield
    finally:
        os.close(reads)
        process.terminate()
        process.wait()


def keep_on_root(name: str, value: bytes) -> None:
    """Do what a session that manages colours does."""
    xcb = x11_profile._library()
    screen = ctypes.c_int()
    connection = xcb.xcb_connect(None, ctypes.byref(screen))
    root = x11_profile._root(xcb, connection, screen.value)
    raw = name.encode()
    cookie = xcb.xcb_intern_atom(connection, 0, len(raw), raw)
    reply = xcb.xcb_intern_atom_reply(connection, cookie, None)
    atom = ctypes.cast(reply, ctypes.POINTER(ctypes.c_uint))[2]
    cardinal, replace, bits = 6, 0, 8
    xcb.xcb_change_property.argtypes = (
        ctypes.c_void_p, ctypes.c_uint8, *(ctypes.c_uint,) * 3, ctypes.c_uint8,
        ctypes.c_uint, ctypes.c_char_p,
    )  # fmt: skip
    xcb.xcb_change_property(
        connection, replace, root, atom, cardinal, bits, len(value), value
    )
    xcb.xcb_flush.argtypes = (ctypes.c_void_p,)
    xcb.xcb_flush(connection)
    cookie = xcb.xcb_intern_atom(connection, 1, len(raw), raw)
    xcb.xcb_intern_atom_reply(connection, cookie, None)  # all before it is done
    xcb.xcb_disconnect(connection)


@pytest.mark.usefixtures("server")
def test_each_screen_has_its_own_profile() -> None:
    assert conversions_for(ScreenWish(on_x11=True)).screen.name == ""
    keep_on_root("_ICC_PROFILE_1", PROFILE)
    assert x11_profile.x11_profile(0) == b""
    assert x11_profile.x11_profile(1) == PROFILE
    told = conversions_for(ScreenWish(on_x11=True, screen=1))
    assert told.screen.name == "THIS SCREEN"
    assert told.screen.profile == PROFILE


@pytest.mark.usefixtures("server")
def test_what_is_no_profile_is_not_believed() -> None:
    keep_on_root("_ICC_PROFILE", b"anything")
    assert x11_profile.x11_profile(0) == b"anything"
    assert conversions_for(ScreenWish(on_x11=True)).screen.name == ""


def test_without_a_server_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    assert x11_profile.x11_profile(0) == b""
