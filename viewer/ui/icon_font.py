"""The font of the icons, and where each of them is in it.

qtawesome brings both as files. Its own code is not asked: it loads eleven fonts where
one is painted, which is 20 MB and a fifth of a second.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

_PACKAGE: Final = "qtawesome"


def _file(pattern: str) -> Path:
    """The one file of the package's fonts with such a name; versions are in it."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(_PACKAGE)
    (file,) = (Path(found.origin).parent / "fonts").glob(pattern)
    return file


_FONT: Final = _file("phosphor-[0-9]*.ttf")
# Read on import, which a thread behind the window does.
_CODES: Final[dict[str, str]] = json.loads(
    _file("phosphor-charmap-*.json").read_text("utf-8")
)
NAMES: Final = _CODES.keys()
"""Every icon there is."""


def glyph(name: str) -> str:
    """The character of an icon by its name (``"folder-open"``)."""
    return chr(int(_CODES[name], 16))


def icon_font(pixels: int) -> QFont:
    """The font, so many screen pixels high."""
    font = QFont(_family())
    font.setPixelSize(pixels)
    return font


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_FONT))
    (family,) = QFontDatabase.applicationFontFamilies(number)
    return family
