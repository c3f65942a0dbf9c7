"""The colour profile that an X11 desktop keeps for a screen.

A session that manages colours leaves each screen's profile on the root window, as the
property ``_ICC_PROFILE``, with ``_1``, ``_2``, … for the further screens (ICC Profiles
in X, 0.4). libxcb is there wherever Qt has a window on X11.
"""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_void_p

_LIBRARY = "libxcb.so.1"
_LONGEST = 8 << 20
_ANY_TYPE = 0


class _Cookie(Structure):
    _fields_ = (("sequence", c_uint),)


class _Screens(Structure):
    _fields_ = (("data", POINTER(c_uint)), ("rem", c_int), ("index", c_int))


class _AtomReply(Structure):
    _fields_ = (("head", c_uint * 2), ("atom", c_uint))


def x11_profile(screen: int) -> bytes:
    """The profile of a screen, counted from 0; empty if there is none, or no X11."""
    try:
        xcb = _library()
    except OSError:
        return b""
    number = c_int()
    connection = xcb.xcb_connect(None, byref(number))
    try:
        if xcb.xcb_connection_has_error(connection):
            return b""
        root = _root(xcb, connection, number.value)
        name = f"_ICC_PROFILE_{screen}" if screen else "_ICC_PROFILE"
        return b"" if root is None else _property(xcb, connection, root, name)
    finally:
        xcb.xcb_disconnect(connection)


def _library() -> ctypes.CDLL:
    xcb = ctypes.CDLL(_LIBRARY)
    xcb.xcb_connect.argtypes = (c_char_p, POINTER(c_int))
    xcb.xcb_connect.restype = xcb.xcb_get_setup.restype = c_void_p
    for name in ("connection_has_error", "disconnect", "get_setup"):
        getattr(xcb, f"xcb_{name}").argtypes = (c_void_p,)
    xcb.xcb_setup_roots_iterator.argtypes = (c_void_p,)
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_screen_next.argtypes = (POINTER(_Screens),)
    xcb.xcb_intern_atom.argtypes = (
        c_void_p,
        ctypes.c_uint8,
        ctypes.c_uint16,
        c_char_p,
    )
    xcb.xcb_get_property.argtypes = (c_void_p, ctypes.c_uint8, *(c_uint,) * 5)
    xcb.xcb_intern_atom.restype = xcb.xcb_get_property.restype = _Cookie
    for name in ("intern_atom", "get_property"):
        reply = getattr(xcb, f"xcb_{name}_reply")
        reply.argtypes = (c_void_p, _Cookie, c_void_p)
        reply.restype = c_void_p
    for name in ("value", "value_length"):
        getattr(xcb, f"xcb_get_property_{name}").argtypes = (c_void_p,)
    xcb.xcb_get_property_value.restype = c_void_p
    return xcb


def _root(xcb: ctypes.CDLL, connection: int, number: int) -> int | None:
    """The root window of the display's screen `number`."""
    screens = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection))
    for _ in range(number):
        if screens.rem:
            xcb.xcb_screen_next(byref(screens))
    return int(screens.data[0]) if screens.rem else None


def _property(xcb: ctypes.CDLL, connection: int, root: int, name: str) -> bytes:
    free = ctypes.CDLL(None).free
    free.argtypes = (c_void_p,)
    raw = name.encode()
    cookie = xcb.xcb_intern_atom(connection, 1, len(raw), raw)
    reply = xcb.xcb_intern_atom_reply(connection, cookie, None)
    if not reply:
        return b""
    atom = _AtomReply.from_address(reply).atom
    free(reply)
    cookie = xcb.xcb_get_property(
        connection, 0, root, atom, _ANY_TYPE, 0, _LONGEST // 4
    )
    reply = xcb.xcb_get_property_reply(connection, cookie, None) if atom else None
    if not reply:
        return b""
    length = xcb.xcb_get_property_value_length(reply)
    value = ctypes.string_at(xcb.xcb_get_property_value(reply), length)
    free(reply)
    return value
