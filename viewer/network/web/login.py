"""How we show a server who we are; RFC 9110 11.6.2."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final, Protocol


class WebLogin(Protocol):
    """Knows what stands in the header Authorization. Several threads may ask."""

    def authorization(self) -> str:
        """The header's value; empty shows nothing.

        Raises
        ------
        PeerFault
            If nobody is logged in, or it cannot be had now.
        """

    def renewed(self, refused: str) -> str:
        """Another value after the server refused one; empty if there is none."""


@dataclass(frozen=True, slots=True, repr=False)
class FixedLogin:
    """Shows the same each time.

    Attributes
    ----------
    value : str
    """

    value: str = ""

    def authorization(self) -> str:
        """See `WebLogin`."""
        return self.value

    def renewed(self, refused: str) -> str:
        """There is no other."""
        del refused
        return ""


NOBODY: Final = FixedLogin()


def basic(user: str, password: str) -> FixedLogin:
    """User and password; RFC 7617."""
    return FixedLogin("Basic " + b64encode(f"{user}:{password}".encode()).decode())


def bearer(token: str) -> FixedLogin:
    """A token; RFC 6750."""
    return FixedLogin(f"Bearer {token}")
