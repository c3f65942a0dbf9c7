"""A peer while somebody describes it: texts as typed, and what is wrong with each."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.peers import USUAL_WAYS, Peer, Tls, Way, is_title
from viewer.services.web_drafts import NO_WEB, WebDraft

if TYPE_CHECKING:
    from viewer.network.web.oauth import Tokens

UNCOMPRESSED: Final = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")
SMALL: Final = (
    "1.2.840.10008.1.2.4.201",  # HTJ2K, lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000, lossless
    "1.2.840.10008.1.2.4.80",  # JPEG-LS, lossless
    "1.2.840.10008.1.2.4.70",  # JPEG Lossless
    "1.2.840.10008.1.2.5",  # RLE
    *UNCOMPRESSED,
)
"""Transfer syntaxes without loss, those first that take the least room."""

_LAST_PORT: Final = 65535
_USUAL_PORT: Final = "104"


@dataclass(frozen=True, slots=True)
class PeerDraft:
    """What stands in the fields; see `core.peers.Peer`.

    Attributes
    ----------
    before : Peer or None
        The peer as it is kept; None for a new one.
    passcode : str or None
        None leaves the one that is kept.
    encrypted : bool
        Whether associations go through TLS.
    web : WebDraft
        Its DICOMweb.
    web_secret : str or None
        The password or token that logs in there; None leaves the one that is kept.
    tokens : Tokens or None
        What a login with OAuth gave since; None leaves what is kept.
    """

    name: str = ""
    host: str = ""
    port: str = _USUAL_PORT
    aet: str = ""
    our_aet: str = "LIGHTBOX"
    our_port: str = "11112"
    encrypted: bool = False
    ca: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True
    user: str = ""
    passcode: str | None = None
    insecure_identity: bool = False
    ways: tuple[Way, ...] = USUAL_WAYS
    syntaxes: tuple[str, ...] = ()
    charset: str = ""
    web: WebDraft = NO_WEB
    web_secret: str | None = None
    tokens: "Tokens | None" = None
    before: Peer | None = None

    @classmethod
    def of(cls, peer: Peer) -> "PeerDraft":
        """The fields of a peer that is kept."""
        tls = peer.tls or Tls()
        return cls(
            peer.name,
            peer.host,
            str(peer.port) if peer.has_dicom else _USUAL_PORT,
            peer.aet,
            peer.our_aet,
            str(peer.our_port),
            peer.tls is not None,
            str(tls.ca or ""),
            str(tls.certificate or ""),
            str(tls.key or ""),
            verify=tls.verify,
            user=peer.user,
            insecure_identity=peer.insecure_identity,
            ways=peer.ways,
            syntaxes=peer.syntaxes,
            charset=peer.charset,
            web=WebDraft.of(peer.web),
            before=peer,
        )

    def copied(self, name: str) -> "PeerDraft":
        """The same as a new peer."""
        return replace(self, name=name, before=None)

    def faults(self, others: "tuple[PeerDraft, ...]" = ()) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        found: dict[str, str] = {}
        name = " ".join(self.name.split())
        if not name or not name.isprintable():
            found["name"] = "It needs a name."
        elif name.casefold() in {one.name.strip().casefold() for one in others}:
            found["name"] = "Another peer has this name."
        host = self.host.strip()
        if self.has_dicom and (not host or any(c.isspace() for c in host)):
            found["host"] = "The name or address of its host."
        for field in ("port",) * self.has_dicom + ("our_port",):
            if _port(getattr(self, field)) is None:
                found[field] = f"A number from 1 to {_LAST_PORT}."
        for field in ("aet",) * self.has_dicom + ("our_aet",):
            if not is_title(getattr(self, field).strip()):
                found[field] = "1 to 16 characters: letters, digits, - and _."
        found |= self.web.faults()
        files = ("ca", "certificate", "key") if self.encrypted else ()
        absent = {field for field in files if not _is_there(getattr(self, field))}
        return found | dict.fromkeys(absent, "There is no such file.")

    @property
    def has_dicom(self) -> bool:
        """Whether a DICOM service is described; who has no DICOMweb needs one."""
        said = bool(self.host.strip() or self.aet.strip())
        return said or not self.web.is_described

    @property
    def in_clear(self) -> bool:
        """Whether a passcode would travel so that anybody can read it."""
        return bool(self.user.strip()) and not self.encrypted

    def to_peer(self) -> Peer:
        """The peer.

        Raises
        ------
        ViewerError
            If a field is wrong.
        """
        tls = Tls(_path(self.ca), _path(self.certificate), _path(self.key), self.verify)
        web = self.web.to_access()
        known = self.has_dicom
        unsafe = self.in_clear or self.web.in_clear
        return Peer(
            name=" ".join(self.name.split()),
            host=self.host.strip(),
            port=(_port(self.port) or 0) if known else 0,
            aet=self.aet.strip(),
            our_aet=self.our_aet.strip(),
            our_port=_port(self.our_port) or 0,
            tls=tls if self.encrypted else None,
            user=self.user.strip(),
            insecure_identity=self.insecure_identity and unsafe,
            ways=self._ways() if known else (Way.WEB,),
            syntaxes=self.syntaxes,
            charset=self.charset.strip(),
            web=web,
        )

    def _ways(self) -> tuple[Way, ...]:
        """The ways that there are."""
        if self.web.is_described:
            return self.ways
        return tuple(way for way in self.ways if way is not Way.WEB) or USUAL_WAYS


def _port(text: str) -> int | None:
    text = text.strip()
    if not text.isascii() or not text.isdigit():
        return None
    number = int(text[:6])
    return number if 0 < number <= _LAST_PORT else None


def _is_there(text: str) -> bool:
    return not text.strip() or Path(text.strip()).is_file()


def _path(text: str) -> Path | None:
    return Path(text.strip()).absolute() if text.strip() else None
