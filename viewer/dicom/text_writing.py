"""Text as bytes of a character set, for peers that understand no other.

Code extension by escape sequences as PS3.5 6.1.2.5 has it.
"""

import re
from typing import Final

from viewer.dicom.text import _ESCAPES, CharacterSet

_DELIMITERS: Final = re.compile(r"([\\^=])")
_INTO_G1: Final = {
    codec: b"\x1b" + escape
    for escape, (half, codec) in _ESCAPES.items()
    if half == "G1" and codec != "shift_jis"
}


def is_known(term: str) -> bool:
    """Whether every defined term in `term` names a character set; none at all does."""
    return CharacterSet.from_terms(term.encode("ascii", "replace")).known


def to_bytes(text: str, term: str) -> bytes | None:
    r"""`text` in the character set of a defined term; None if it does not fit.

    Parameters
    ----------
    text : str
    term : str
        As in Specific Character Set (0008,0005): ``ISO_IR 100``, or several with
        code extension, ``\ISO 2022 IR 87``.
    """
    character_set = CharacterSet.from_terms(term.encode("ascii", "replace"))
    parts = (_component(part, character_set.codecs) for part in _DELIMITERS.split(text))
    written = [part for part in parts if part is not None]
    raw = b"".join(written)
    return raw if character_set.decode(raw) == (text, "") else None


def _component(part: str, codecs: tuple[str, ...]) -> bytes | None:
    """One component in the first codec that has its letters."""
    for number, codec in enumerate(codecs):
        try:
            raw = part.encode(codec)
        except UnicodeEncodeError:
            continue
        if number == 0 or part.isascii():
            return raw
        return _INTO_G1.get(codec, b"") + raw
    return None
