"""Terms the standard gives a meaning: HEAD is a part of the body, even Mr Head's."""

import json
import re
from functools import lru_cache
from typing import Final

from viewer.core.resources import resource
from viewer.dicom.deidentification.words import is_everybodys

_WORD: Final = re.compile(r"[^\W_]+")
_NOBODY: Final = frozenset[str]()


def uncommon(text: str) -> str:
    """A code string, or a code's meaning, without the words that are everybody's."""
    values = (one.strip() for one in text.split("\\"))
    left = (one for one in values if one not in _body_parts())
    words = _WORD.findall(" ".join(left))
    return " ".join(one for one in words if not is_everybodys(one, _NOBODY))


def is_body_part(word: str) -> bool:
    """Whether a word, in any case, is a part of the body by the standard's name."""
    return word.upper() in _body_parts()


@lru_cache(maxsize=1)
def _body_parts() -> frozenset[str]:
    """Defined terms of Body Part Examined (0018,0015); PS3.16 Table L-1."""
    path = resource("deidentification/body_parts.json")
    return frozenset(json.loads(path.read_text("utf-8"))["terms"])
