"""Addresses of servers, as far as we trust them with anything."""

from typing import Final
from urllib.parse import urlsplit

_THIS_COMPUTER: Final = ("localhost", "127.0.0.1", "::1")


def is_address(text: str) -> bool:
    """Whether `text` can be the address of a server: no user, no query in it."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    odd = any(c.isspace() or not c.isprintable() for c in text) or not text.isascii()
    secret = parts.username is not None or "?" in text or "#" in text
    return named and parts.scheme in ("http", "https") and not odd and not secret


def is_discreet_address(text: str) -> bool:
    """Whether nobody on the network can read what goes to an address."""
    if not is_address(text.partition("?")[0]) or "#" in text:
        return False
    parts = urlsplit(text)
    return parts.scheme == "https" or parts.hostname in _THIS_COMPUTER
