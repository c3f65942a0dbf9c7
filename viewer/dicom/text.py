"""Text of a data set in any character set, and in those it should have been in.

Tables of PS3.3 C.12.1.1.2; code extension by escape sequences of PS3.5 6.1.2.5.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_BY_NUMBER: Final = {
    "6": "ascii",
    "13": "shift_jis",
    "58": "gb2312",
    "87": "iso2022_jp",
    "100": "latin_1",
    "101": "iso8859_2",
    "109": "iso8859_3",
    "110": "iso8859_4",
    "126": "iso8859_7",
    "127": "iso8859_6",
    "138": "iso8859_8",
    "144": "iso8859_5",
    "148": "iso8859_9",
    "149": "euc_kr",
    "159": "iso2022_jp_2",
    "166": "tis_620",
    "192": "utf_8",
    "203": "iso8859_15",
}
"""Python's codec for the number of each ISO register entry."""

_BY_NAME: Final = {
    "": "ascii",
    "GB18030": "gb18030",
    "GBK": "gbk",
    "ISO 2022 GBK": "gbk",
    "UTF-8": "utf_8",
    "UTF8": "utf_8",
}

_ESCAPES: Final = {
    b"(B": ("G0", "ascii"),
    b"(J": ("G0", "ascii"),  # ISO-IR 14: read its yen sign as the backslash it replaces
    b"$B": ("G0", "iso2022_jp"),
    b"$@": ("G0", "iso2022_jp"),
    b"$(D": ("G0", "iso2022_jp_2"),
    b")I": ("G1", "shift_jis"),
    b"-A": ("G1", "latin_1"),
    b"-B": ("G1", "iso8859_2"),
    b"-C": ("G1", "iso8859_3"),
    b"-D": ("G1", "iso8859_4"),
    b"-F": ("G1", "iso8859_7"),
    b"-G": ("G1", "iso8859_6"),
    b"-H": ("G1", "iso8859_8"),
    b"-L": ("G1", "iso8859_5"),
    b"-M": ("G1", "iso8859_9"),
    b"-T": ("G1", "tis_620"),
    b"-b": ("G1", "iso8859_15"),
    b"$)C": ("G1", "euc_kr"),
    b"$)A": ("G1", "gb2312"),
}
"""What each escape sequence designates; Tables C.12-3 and C.12-4."""

_TWO_BYTE_G0: Final = {"iso2022_jp": b"\x1b$B", "iso2022_jp_2": b"\x1b$(D"}
_ESCAPE: Final = re.compile(rb"\x1b(\$\([A-Z]|\$\)[A-Z]|\$[@-B]|[(),\-.][@-~])")
_DELIMITERS: Final = re.compile(rb"([\\^=\r\n\t\f]+)")
_TERM: Final = re.compile(r"ISO[ _-]*(?:2022[ _-]*)?(?:IR)?[ _-]*(\d+)")

UNKNOWN: Final = "unknown character set"
MISFIT: Final = "text that does not fit its character set"
UNDECLARED: Final = "text beyond ASCII without a character set"


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """What Specific Character Set (0008,0005) says of the text after it.

    Attributes
    ----------
    codecs : tuple of str
        Python's codecs, the first is the default; later ones need an escape.
    known : bool
        Whether every term was understood.
    declared : bool
        Whether there was one at all.
    """

    codecs: tuple[str, ...] = ("ascii",)
    known: bool = True
    declared: bool = False

    @staticmethod
    @lru_cache(maxsize=256)
    def from_terms(raw: bytes) -> "CharacterSet":
        """Understand the attribute's value, misspelt terms included."""
        terms = raw.decode("latin_1").strip(" \0").upper().split("\\")
        codecs = [_codec(term.strip(" \0")) for term in terms]
        known = tuple(codec for codec in codecs if codec)
        declared = any(terms)
        return CharacterSet(known or ("ascii",), None not in codecs, declared=declared)

    def decode(self, raw: bytes) -> tuple[str, str]:
        """Text of `raw`, and what had to be tolerated for it (or nothing).

        Text that does not fit is tried as UTF-8 and then taken as Latin-1, so that
        no byte is lost.
        """
        if raw.isascii() and b"\x1b" not in raw:
            return raw.decode("ascii"), ""
        try:
            return self._decode_declared(raw), "" if self.known else UNKNOWN
        except UnicodeDecodeError:
            tolerance = MISFIT if self.declared and self.known else UNKNOWN
            return _guess(raw), tolerance if self.declared else UNDECLARED

    def _decode_declared(self, raw: bytes) -> str:
        """Decode by the declaration; UnicodeDecodeError where it does not hold."""
        if b"\x1b" in raw or self.codecs[0] in _TWO_BYTE_G0:
            return _decode_extended(raw, self.codecs[0])
        return raw.decode(self.codecs[0])


def _codec(term: str) -> str | None:
    if term in _BY_NAME:
        return _BY_NAME[term]
    number = _TERM.fullmatch(term)
    return _BY_NUMBER.get(number[1]) if number else None


def _guess(raw: bytes) -> str:
    try:
        return raw.decode("utf_8")
    except UnicodeDecodeError:
        return _ESCAPE.sub(b"", raw).decode("latin_1")


def _decode_extended(raw: bytes, default: str) -> str:
    """Decode text with escape sequences.

    A delimiter brings back the default character set, as the standard has it; where
    the default has no upper half, the last designated one stays, as many forget to
    designate it again after a ``^``.
    """
    upper = "ascii" if default in _TWO_BYTE_G0 else default
    g0, g1 = "ascii", upper
    parts = []
    for index, part in enumerate(_ESCAPE.split(raw)):
        if index % 2:
            half, codec = _ESCAPES.get(part, ("", ""))
            if not half:
                raise UnicodeDecodeError("iso2022", part, 0, 1, "unknown escape")
            g0, g1 = (codec, g1) if half == "G0" else (g0, codec)
        elif g0 in _TWO_BYTE_G0:
            parts.append((_TWO_BYTE_G0[g0] + part).decode(g0))
        else:
            for number, text in enumerate(_DELIMITERS.split(part)):
                if number % 2 and upper != "ascii":
                    g1 = upper
                parts.append(text.decode(g1))
    return "".join(parts)
