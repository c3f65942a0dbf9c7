"""Where a DICOMweb server is: host and port, and what its paths begin with."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urljoin, urlsplit

from viewer.core.peers import Peer, Tls, WebAccess
from viewer.network.faults import Fault, PeerFault

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Site:
    """A server that is reached by HTTP.

    Attributes
    ----------
    node : Peer
        The peer with host and port of the server, and with TLS where it is encrypted.
    base : str
        What all paths begin with, without a slash at its end.
    """

    node: Peer
    base: str

    @classmethod
    def of(cls, peer: Peer) -> Self:
        """The DICOMweb of a peer.

        Raises
        ------
        PeerFault
            If it has none.
        """
        return cls.at(peer, access(peer).url)

    @classmethod
    def at(cls, peer: Peer, url: str) -> Self:
        """A server of a peer, at an address that is one."""
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        node = replace(
            peer,
            host=parts.hostname or "",
            port=port,
            aet=peer.aet or "WEB",
            tls=(peer.tls or Tls()) if parts.scheme == "https" else None,
        )
        return cls(node, parts.path.rstrip("/"))

    @property
    def host_header(self) -> str:
        """How HTTP calls the server; RFC 9110 7.2."""
        host = f"[{self.node.host}]" if ":" in self.node.host else self.node.host
        usual = _PORTS["https" if self.node.tls is not None else "http"]
        return host if self.node.port == usual else f"{host}:{self.node.port}"

    def redirected(self, path: str, location: str) -> str | None:
        """The path a redirection names; None where it leads to another server.

        What logs in here is never shown anywhere else.
        """
        scheme = "https" if self.node.tls is not None else "http"
        origin = f"{scheme}://{self.host_header}"
        parts = urlsplit(urljoin(f"{origin}{path}", location))
        try:
            port = parts.port or _PORTS.get(parts.scheme)
        except ValueError:
            return None
        here = (scheme, self.node.host.lower(), self.node.port)
        if (parts.scheme, parts.hostname, port) != here:
            return None
        return parts._replace(scheme="", netloc="", fragment="").geturl()


def access(peer: Peer) -> WebAccess:
    """How a peer's DICOMweb is reached.

    Raises
    ------
    PeerFault
        If it has none.
    """
    if peer.web is None:
        raise PeerFault(
            Fault.NO_CONTEXT,
            peer,
            sentence="No DICOMweb address of {peer.name} is known.",
            hint="Name it where the peer is described, or use another way.",
        )
    return peer.web
