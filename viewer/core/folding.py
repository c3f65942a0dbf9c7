"""Make text findable: without accents, case, or the many ways to write one letter."""

import unicodedata

# Letters that Unicode does not take apart, and their plain cousins.
_PLAIN = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i",
        "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ɨ": "i",
    }
)  # fmt: skip

# PN components and groups, and the comma that lists put between them.
_SEPARATORS = str.maketrans(dict.fromkeys("^=,", " "))


def folded(text: str) -> str:
    """`text` as it is searched: both sides of a comparison go through here.

    NFKD, marks off, casefold, NFC; separators of person names become blanks and runs
    of blanks one blank. Folding twice changes nothing. An empty answer means that
    nothing of the text can be searched for.
    """
    if text.isascii():
        plain = text.lower()
    else:
        # Casefolding can bring out letters that fall apart once more.
        plain = _without_marks(_without_marks(text).casefold()).translate(_PLAIN)
        plain = unicodedata.normalize("NFC", plain.casefold())
    return " ".join(_printable(plain.translate(_SEPARATORS)).split())


def words(text: str) -> tuple[str, ...]:
    """The words of a question, folded, each once, in the order they were typed."""
    return tuple(dict.fromkeys(folded(text).split()))


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def _printable(text: str) -> str:
    """Control characters are blanks; invisible format characters are nothing."""
    if text.isprintable():
        return text
    kinds = ((c, unicodedata.category(c)) for c in text)
    return "".join(
        " " if kind in ("Cc", "Zl", "Zp", "Zs") else c
        for c, kind in kinds
        if kind not in ("Cf", "Cs")
    )
