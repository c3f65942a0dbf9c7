"""Whether a window can be shown here; Qt itself would abort the whole process."""

import os
import re
import socket
import sys
from pathlib import Path

_PATIENCE_S = 2.0
_X11_PORT = 6000


def has_display() -> bool:
    """Whether there is a screen, or something that plays one, and it answers."""
    if sys.platform in {"win32", "darwin"}:
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform and platform not in {"xcb", "wayland"}:
        return True  # offscreen, vnc, linuxfb: somebody has chosen it
    return _wayland_answers() or _x11_answers(os.environ.get("DISPLAY", ""))


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _unix_answers(str(Path(folder) / name))


def _x11_answers(display: str) -> bool:
    """Whether the X server of ``[host]:number[.screen]`` takes a connection."""
    found = re.fullmatch(r"(.*):(\d+)(\.\d+)?", display)
    if not found:
        return False
    host, number = found[1], found[2]
    if host in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X11 has it
        return _unix_answers(path) or _unix_answers(f"\0{path}")
    return _tcp_answers(host, _X11_PORT + int(number))


def _unix_answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_PATIENCE_S)
        return probe.connect_ex(path) == 0


def _tcp_answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _PATIENCE_S).close()
    except OSError:
        return False
    return True
