"""Which services and transfer syntaxes we agree to; PS3.4 annex B, PS3.6 annex A."""

from functools import cache
from typing import Final

VERIFICATION: Final = "1.2.840.10008.1.1"
COMMITMENT: Final = "1.2.840.10008.1.20.1"
COMMITMENT_INSTANCE: Final = "1.2.840.10008.1.20.1.1"
"""The well-known SOP instance; PS3.4 J.3.5."""

FIND: Final = {
    "1.2.840.10008.5.1.4.1.2.1.1": "patient root",
    "1.2.840.10008.5.1.4.1.2.2.1": "study root",
}
MOVE: Final = {"1.2.840.10008.5.1.4.1.2.1.2", "1.2.840.10008.5.1.4.1.2.2.2"}
GET: Final = {"1.2.840.10008.5.1.4.1.2.1.3", "1.2.840.10008.5.1.4.1.2.2.3"}

IMPLICIT: Final = "1.2.840.10008.1.2"
EXPLICIT: Final = "1.2.840.10008.1.2.1"
BIG: Final = "1.2.840.10008.1.2.2"

_STANDARD: Final = "1.2.840.10008."


@cache
def storage_classes() -> frozenset[str]:
    """Every storage SOP class the standard knows or knew."""
    return frozenset(
        uid
        for uid, (name, kind) in _dictionary().items()
        if kind == "SOP Class" and "Storage" in name and "Commitment" not in name
    )


@cache
def transfer_syntaxes() -> frozenset[str]:
    """Every transfer syntax the standard knows or knew."""
    return frozenset(
        uid for uid, (_, kind) in _dictionary().items() if kind == "Transfer Syntax"
    )


def is_storage(uid: str, *, private: bool) -> bool:
    """Whether objects of this class are taken; `private` takes unknown ones too."""
    return uid in storage_classes() or (
        private and bool(uid) and not uid.startswith(_STANDARD)
    )


def syntax_of(offered: tuple[str, ...], *, private: bool) -> str:
    """The transfer syntax in which an object is to come; empty if in none of these.

    The first that was offered is most often the one the object lies in. Among the
    plain ones explicit little endian tells most.
    """
    known = [
        uid
        for uid in offered
        if uid in transfer_syntaxes()
        or (private and uid and not uid.startswith(_STANDARD))
    ]
    if not known or known[0] not in (IMPLICIT, BIG):
        return next(iter(known), "")
    return next((uid for uid in (EXPLICIT, IMPLICIT) if uid in known), known[0])


def plain_syntax_of(offered: tuple[str, ...]) -> str:
    """The transfer syntax of a query; empty if there is none for it."""
    return next((uid for uid in (EXPLICIT, IMPLICIT) if uid in offered), "")


def _dictionary() -> dict[str, tuple[str, str]]:
    from pydicom._uid_dict import (  # noqa: PLC0415 - heavy
        UID_dictionary,
    )

    return {uid: (entry[0], entry[1]) for uid, entry in UID_dictionary.items()}
