"""A peer: another workstation or archive that we talk to, without its secrets."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from viewer.core.errors import ViewerError
from viewer.core.web_address import is_address, is_discreet_address

TITLE_LENGTH: Final = 16
"""Characters of an AE title; PS3.5 6.2, VR AE."""


class Way(StrEnum):
    """How studies are fetched from a peer."""

    GET = "get"  # C-GET: they come on the association that asks
    MOVE = "move"  # C-MOVE: the peer sends them to our listener
    WEB = "web"  # WADO-RS


USUAL_WAYS: Final = (Way.GET, Way.MOVE)


class Login(StrEnum):
    """How one shows a DICOMweb server who one is."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"
    OAUTH = "oauth"


@dataclass(frozen=True, slots=True)
class Tls:
    """How an association is encrypted.

    Attributes
    ----------
    ca : Path or None
        Certificates (PEM) of who may vouch for the peer; None trusts the system's.
    certificate, key : Path or None
        What we show the peer (PEM); None shows nothing. A file that holds both is
        named as certificate.
    verify : bool
        Whether the peer must prove that it is the host we called.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    verify: bool = True


@dataclass(frozen=True, slots=True)
class WebAccess:
    """Where a peer's DICOMweb is, and how one logs in.

    Attributes
    ----------
    url : str
        Below it lie ``/studies`` and the others; PS3.18 8.2.
    login : Login
    user : str
        With `Login.BASIC`.
    token_url, client_id, scope : str
        With `Login.OAUTH`: where tokens come from, who we are, and what for.
    device_url, authorize_url : str
        Where a device asks for the code that the user types elsewhere (RFC 8628), or
        the page at which the user logs in (RFC 8252); one of them is enough.

    Raises
    ------
    ViewerError
        If an address is none, or something is missing that the login needs.
    """

    url: str
    login: Login = Login.NONE
    user: str = ""
    token_url: str = ""
    device_url: str = ""
    authorize_url: str = ""
    client_id: str = ""
    scope: str = ""

    def __post_init__(self) -> None:
        if not is_address(self.url):
            raise ViewerError(
                "A DICOMweb address looks like https://host:port/path.",
                hint="Without a user, a ? or a # in it.",
            )
        if self.login is Login.BASIC and not self.user:
            raise ViewerError("A login with a password needs a user.")
        if self.login is not Login.OAUTH:
            return
        pages = tuple(filter(None, (self.device_url, self.authorize_url)))
        if not self.client_id or not self.token_url or not pages:
            raise ViewerError(
                "OAuth needs a client ID, the address of tokens, and that of a login "
                "page or of codes for devices.",
                hint="The server's administrator knows them.",
            )
        if not all(is_discreet_address(one) for one in (self.token_url, *pages)):
            raise ViewerError(
                "Tokens come from an address that begins with https://.",
                hint="Whoever reads a token on its way can use it.",
            )


@dataclass(frozen=True, slots=True)
class Peer:
    """One node of the network, as the user described it.

    Attributes
    ----------
    name : str
        What the user calls it; unique.
    host, port, aet
        Where its DICOM service listens, and its AE title; nothing for a peer that has
        DICOMweb alone.
    our_aet, our_port
        The title we call with, and the port at which our listener waits for what the
        peer sends to that title.
    tls : Tls or None
        None talks in clear.
    user : str
        Who we are (user identity negotiation, PS3.7 D.3.3.7); empty says nothing.
    insecure_identity : bool
        Whether a passcode may travel in clear where there is no TLS, and whatever
        logs in to DICOMweb.
    ways : tuple of Way
        How studies are fetched, the preferred one first.
    syntaxes : tuple of str
        UIDs of transfer syntaxes, the preferred one first; empty takes what comes.
    charset : str
        The defined term (``ISO_IR 100``) queries are written in; empty is UTF-8 where
        ASCII is not enough.
    web : WebAccess or None

    Raises
    ------
    ViewerError
        If a name, title or port cannot be one.
    """

    name: str
    host: str = ""
    port: int = 0
    aet: str = ""
    our_aet: str = "LIGHTBOX"
    our_port: int = 11112
    tls: Tls | None = None
    user: str = ""
    insecure_identity: bool = False
    ways: tuple[Way, ...] = USUAL_WAYS
    syntaxes: tuple[str, ...] = ()
    charset: str = ""
    web: WebAccess | None = None

    def __post_init__(self) -> None:
        if not self.name or not self.name.isprintable() or self.name != _plain(self):
            raise ViewerError("A peer needs a name of one line.")
        self._check_ways()
        ports, titles = [self.our_port], [self.our_aet]
        if self.has_dicom or self.web is None:
            ports, titles = [self.port, *ports], [self.aet, *titles]
            if not self.host or any(c.isspace() for c in self.host):
                raise ViewerError("A peer needs the name or address of its host.")
        if not all(0 < port < 65536 for port in ports):
            raise ViewerError("A port is a number from 1 to 65535.")
        if not all(re.fullmatch(r"[0-9.]{1,64}", uid) for uid in self.syntaxes):
            raise ViewerError(
                "A transfer syntax is named by its UID: 1.2.840.10008.1.2."
            )
        if not all(map(is_title, titles)):
            raise ViewerError(
                "An AE title has 1 to 16 characters of ASCII.",
                hint="Letters, digits, - and _ are understood everywhere.",
            )

    @property
    def has_dicom(self) -> bool:
        """Whether it has a DICOM service, beside or without DICOMweb."""
        return bool(self.host or self.port or self.aet)

    @property
    def prefers_web(self) -> bool:
        """Whether it is asked, fetched from and sent to by DICOMweb first."""
        return self.web is not None and self.ways[:1] == (Way.WEB,)

    @property
    def web_in_clear(self) -> bool:
        """Whether what logs in would travel so that it must not be sent."""
        return (
            self.web is not None
            and self.web.login is not Login.NONE
            and not self.web.url.startswith("https://")
            and not self.insecure_identity
        )

    def _check_ways(self) -> None:
        if Way.WEB in self.ways and self.web is None:
            raise ViewerError("DICOMweb needs the address of the server.")
        if not self.has_dicom and self.web is not None and set(self.ways) != {Way.WEB}:
            raise ViewerError(
                "A peer without a DICOM service is fetched from by DICOMweb alone.",
                hint='Its ways are ["web"].',
            )


def is_title(text: str) -> bool:
    """Whether `text` can be an AE title: VR AE without leading or trailing spaces."""
    return (
        0 < len(text) <= TITLE_LENGTH
        and text.isascii()
        and text.isprintable()
        and "\\" not in text
        and text == text.strip()
    )


def _plain(peer: Peer) -> str:
    return " ".join(peer.name.split())
