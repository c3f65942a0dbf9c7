"""Names for people and objects that only the holder of a project's key can trace.

Everything follows from the key: the same patient gets the same pseudonym in every run
of a project, and without the key nobody can go back, or tell that two projects had one
patient in common.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from viewer.core.folding import folded

KEY_BYTES: Final = 32
"""Length of a project's key."""

_FARTHEST_DAYS: Final = 3650  # a patient's dates move back by up to ten years
_NEAREST_DAYS: Final = 31
_ROOT: Final = "2.25."  # UIDs made of UUIDs, PS3.5 B.2
_STANDARD: Final = re.compile(r"1\.2\.840\.10008(?:\.(?:0|[1-9][0-9]{0,3})){1,10}")


@dataclass(frozen=True, slots=True)
class PatientKey:
    """What makes somebody the same patient in two files, and nobody else.

    Attributes
    ----------
    parts : tuple of str
        The first says what the others are, so that an issuer never meets an
        institution of the same name.
    """

    parts: tuple[str, ...]

    @classmethod
    def of(  # noqa: PLR0913 - what files tell a patient by
        cls,
        *,
        patient_id: str = "",
        issuer: str = "",
        institution: str = "",
        name: str = "",
        birth_date: str = "",
        study_uid: str = "",
    ) -> Self:
        """The key of the patient whom a file describes so.

        An ID counts within its issuer or, where none is stated, its institution.
        Without either, the birth date must be the same, too, or else the name: every
        hospital counts from 1. Without an ID, name and birth date together; otherwise
        a study stays alone. IDs are compared as the catalog does: trimmed, case kept.

        Parameters
        ----------
        patient_id, issuer, institution : str
            (0010,0020), (0010,0021), (0008,0080).
        name, birth_date : str
            (0010,0010) and (0010,0030), as written.
        study_uid : str
            (0020,000D).
        """
        patient_id, issuer = _trimmed(patient_id), _trimmed(issuer)
        birth_date, name = _trimmed(birth_date), folded(_trimmed(name))
        institution = folded(_trimmed(institution))
        if patient_id and issuer:
            return cls(("issuer", patient_id, issuer))
        if patient_id and institution:
            return cls(("institution", patient_id, institution))
        if patient_id and birth_date:
            return cls(("born", patient_id, birth_date))
        if patient_id:
            return cls(("named", patient_id, name))
        if name and birth_date:
            return cls(("person", name, birth_date))
        return cls(("study", _trimmed(study_uid)))


class Pseudonyms:
    """The pseudonyms of one project.

    Parameters
    ----------
    key : bytes
        The project's secret, of `KEY_BYTES` random bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a project's key has 32 bytes")
        self._key = key

    def patient(self, key: PatientKey) -> tuple[str, str]:
        """Patient ID (16 letters and digits) and name (VR PN) of a patient."""
        code = self._code("patient", *key.parts)
        return code, f"{code}^Anonymous"

    def identifier(self, kind: str, value: str) -> str:
        """The pseudonym of another identifier: 16 letters and digits, fit for VR SH.

        Parameters
        ----------
        kind : str
            What it identifies, such as ``"accession"``: equal values of two kinds
            have nothing in common.
        value : str
            Empty gives empty.
        """
        trimmed = _trimmed(value)
        return self._code("identifier", kind, trimmed) if trimmed else ""

    def uid(self, old: str) -> str:
        """The UID that stands for `old` everywhere; those of the standard stay.

        Below 1.2.840.10008 the standard's own UIDs are told by their shape: whoever put
        a date or a number of his own there is remapped like everybody else.
        """
        trimmed = _trimmed(old)
        if not trimmed or is_of_the_standard(trimmed):
            return trimmed
        number = int.from_bytes(self._digest("uid", trimmed)[:16], "big")
        number = number & ~(0xF << 76) | 0x8 << 76  # a UUID of version 8, RFC 9562
        number = number & ~(0x3 << 62) | 0x2 << 62
        return f"{_ROOT}{number}"

    def shift(self, key: PatientKey) -> timedelta:
        """How far all dates of a patient move: whole days back, never none."""
        span = _FARTHEST_DAYS - _NEAREST_DAYS + 1
        drawn = int.from_bytes(self._digest("shift", *key.parts)[:16], "big")
        return timedelta(days=-(_NEAREST_DAYS + drawn % span))

    def _code(self, *parts: str) -> str:
        return b32encode(self._digest(*parts)[:10]).decode("ascii")

    def _digest(self, *parts: str) -> bytes:
        """HMAC-SHA256 of parts that cannot be mistaken for other parts."""
        raw = [part.encode("utf-8", "surrogatepass") for part in parts]
        message = b"".join(len(part).to_bytes(4, "big") + part for part in raw)
        return hmac.digest(self._key, message, hashlib.sha256)


def is_of_the_standard(uid: str) -> bool:
    """Whether a UID is one that the standard gives away, so that it tells of nobody."""
    return _STANDARD.fullmatch(uid) is not None


def _trimmed(value: str) -> str:
    return value.strip(" \0")
