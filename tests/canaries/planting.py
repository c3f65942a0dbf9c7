"""Identifiers that occur nowhere else, so that whatever survives is known by name."""

import datetime as dt
import hashlib
import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from viewer.core.deidentification import Option

_DAYS_APART = 3_653  # farther than any shift of dates, so that none becomes another
_FIRST_DAY = dt.date(21, 2, 3).toordinal()
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_DIGITS = re.compile(rb"[0-9.]+")
_TOUCHING = 2  # bytes of a tag or a length that look like digits


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a canary under an option; under all others it dies.

    Attributes
    ----------
    kept_by : frozenset of Option
        The options that retain it: under each of them it must survive.
    maybe_by : frozenset of Option
        The options under which both is right, for a reason `reason` tells.
    reason : str
    """

    kept_by: frozenset[Option] = frozenset()
    maybe_by: frozenset[Option] = frozenset()
    reason: str = ""


DIES = Fate()


@dataclass(frozen=True)
class Canary:
    """One planted identifier.

    Attributes
    ----------
    family : str
        What kind of place it lies in.
    place : str
        Where exactly.
    forms : tuple of bytes
        What to look for; one of them found is a survivor.
    fate : Fate
    """

    family: str
    place: str
    forms: tuple[bytes, ...]
    fate: Fate = DIES

    def survives_in(self, content: bytes) -> bool:
        """Whether `content` holds it; not by chance within longer digits."""
        return any(self._holds(content, form) for form in self.forms)

    def _holds(self, content: bytes, form: bytes) -> bool:
        if form not in content:
            return False
        if not _DIGITS.fullmatch(form):
            return True
        runs = re.finditer(rb"[0-9]*" + re.escape(form) + rb"[0-9]*", content)
        return any(len(run[0]) <= len(form) + _TOUCHING for run in runs)

    @cached_property
    def beginnings(self) -> frozenset[bytes]:
        """The first six bytes of each form."""
        return frozenset(form[:6] for form in self.forms)


@dataclass(frozen=True, slots=True)
class Planted:
    """A file with canaries.

    Attributes
    ----------
    name : str
        Of the file, folders included; it may hold canaries, too.
    content : bytes
    leaves : bool or None
        Whether the default export writes it; None where both is right.
    """

    name: str
    content: bytes
    leaves: bool | None = True


@dataclass
class Planting:
    """Makes canaries, and keeps account of them."""

    canaries: list[Canary] = field(default_factory=list)
    files: list[Planted] = field(default_factory=list)
    _days: int = 0

    def text(self, family: str, place: str, fate: Fate = DIES) -> str:
        """Twelve letters and digits, looked for in every Unicode encoding."""
        found = self.letters(12)
        forms = [found.encode(name) for name in _ENCODINGS]
        self.note(family, place, forms, fate)
        return found

    def value(self, vr: str, family: str, place: str, fate: Fate = DIES) -> str | bytes:
        """A value that is right for its VR; six bytes at least."""
        number = len(self.canaries)
        made: str | bytes
        if vr == "UI":
            made = f"1.2.826.0.1.3680043.10.{77_000_000 + number}.{self._digits(9)}"
        elif vr == "DA":
            made = self._day()
        elif vr == "TM":
            made = self._time(number)
        elif vr == "DT":
            made = self._day() + self._time(number)
        elif vr == "IS":
            made = f"{1_000_000_00 + number}"
        elif vr == "DS":
            made = f"{number + 1_000}.{self._digits(6)}1"
        elif vr == "AS":
            made = f"{number % 900 + 100}Y\\{number // 900 + 100}W"
        elif vr in ("US", "UN", "OB", "OW"):
            made = self.letters(12).encode()
        else:
            return self.text(family, place, fate)
        form = made if isinstance(made, bytes) else made.encode()
        self.note(family, place, [form], fate)
        return made

    def note(
        self, family: str, place: str, forms: Iterable[bytes], fate: Fate = DIES
    ) -> None:
        """Account for a canary that was made elsewhere."""
        every = tuple(dict.fromkeys(forms))
        self.canaries.append(Canary(family, place, every, fate))

    def file(self, name: str, content: bytes, *, leaves: bool | None = True) -> None:
        """Keep a file."""
        self.files.append(Planted(name, content, leaves))

    def letters(self, count: int) -> str:
        """So many letters and digits, of which no account is kept yet."""
        digest = hashlib.sha256(f"canary {len(self.canaries)}".encode()).digest()
        return f"Q{b32encode(digest).decode()[: count - 1]}"

    def _digits(self, count: int) -> str:
        digest = hashlib.sha256(f"digits {len(self.canaries)}".encode()).digest()
        return f"{int.from_bytes(digest[:8], 'big') % 10**count:0{count}d}"

    def _day(self) -> str:
        self._days += 1
        day = dt.date.fromordinal(_FIRST_DAY + self._days * _DAYS_APART)
        return f"{day.year:04d}{day.month:02d}{day.day:02d}"

    def _time(self, number: int) -> str:
        return f"{number % 24:02d}{number % 60:02d}{number % 59:02d}.{number:06d}"
