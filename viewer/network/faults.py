"""What goes wrong with a peer, as a sentence with a hint.

The sentences hold the peer's name and address, which the user typed, and never a
value of a query, an answer or an object.
"""

from enum import Enum, auto
from typing import Final, NamedTuple

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer


class Fault(Enum):
    """What went wrong."""

    UNKNOWN_HOST = auto()
    REFUSED = auto()
    UNREACHABLE = auto()
    SILENT = auto()
    LOST = auto()
    TLS_WANTED = auto()
    TLS_UNWANTED = auto()
    PEER_CERTIFICATE = auto()
    OUR_CERTIFICATE = auto()
    TLS = auto()
    CALLED_TITLE = auto()
    CALLING_TITLE = auto()
    REJECTED = auto()
    BUSY = auto()
    NO_CONTEXT = auto()
    ABORTED = auto()
    MANNERS = auto()
    IDENTITY = auto()
    LOGIN = auto()
    NO_DICOM = auto()
    STATUS = auto()


class _Words(NamedTuple):
    sentence: str
    hint: str
    passing: bool = False


_WORDS: Final = {
    Fault.UNKNOWN_HOST: _Words(
        "The host {peer.host} of {peer.name} is not known.",
        "Check its name; is this computer on the hospital's network?",
        passing=True,
    ),
    Fault.REFUSED: _Words(
        "{peer.name} refuses connections at {peer.host}, port {peer.port}.",
        "Does it run, and is {peer.port} the port of its DICOM service?",
        passing=True,
    ),
    Fault.UNREACHABLE: _Words(
        "{peer.name} cannot be reached at {peer.host}, port {peer.port}.",
        "Check the network, and a firewall or VPN on the way.",
        passing=True,
    ),
    Fault.SILENT: _Words(
        "{peer.name} does not answer.",
        "Something listens at {peer.host}, port {peer.port}, but says nothing: is it "
        "busy, is it another service, or does it expect TLS?",
        passing=True,
    ),
    Fault.LOST: _Words(
        "{peer.name} closed the connection.",
        "Try again; its log may tell why.",
        passing=True,
    ),
    Fault.TLS_WANTED: _Words(
        "{peer.name} closed the connection before it said anything.",
        "It may expect TLS, or not know this computer's address or the title "
        "{peer.our_aet}.",
        passing=True,  # or it is just being started
    ),
    Fault.TLS_UNWANTED: _Words(
        "{peer.name} does not speak TLS at port {peer.port}.",
        "Use its port for TLS, or turn TLS off for this peer.",
    ),
    Fault.PEER_CERTIFICATE: _Words(
        "The certificate of {peer.name} is not trusted.",
        "Name the file of the authority that signed it (CA), and call the host as the "
        "certificate does.",
    ),
    Fault.OUR_CERTIFICATE: _Words(
        "{peer.name} does not accept the certificate we show.",
        "Ask its administrator for a client certificate and name its files.",
    ),
    Fault.TLS: _Words(
        "No encrypted connection to {peer.name} came about.",
        "Check the TLS settings on both sides; both need TLS 1.2 or later.",
    ),
    Fault.CALLED_TITLE: _Words(
        "{peer.name} does not go by the AE title {peer.aet}.",
        "Check its title; small and capital letters count.",
    ),
    Fault.CALLING_TITLE: _Words(
        "{peer.name} does not know our AE title {peer.our_aet}.",
        "Its administrator must add {peer.our_aet} with this computer's address.",
    ),
    Fault.REJECTED: _Words(
        "{peer.name} rejects our association.",
        "Its log may tell why.",
    ),
    Fault.BUSY: _Words(
        "{peer.name} has no room for another association now.",
        "Try again later.",
        passing=True,
    ),
    Fault.NO_CONTEXT: _Words(
        "{peer.name} does not offer this service to us.",
        "Its administrator may have to allow it for {peer.our_aet}.",
    ),
    Fault.ABORTED: _Words(
        "{peer.name} broke off.",
        "Try again; its log may tell why.",
        passing=True,
    ),
    Fault.MANNERS: _Words(
        "{peer.name} does not keep to the DICOM protocol.",
        "Is port {peer.port} its DICOM service?",
    ),
    Fault.IDENTITY: _Words(
        "The passcode for {peer.name} would travel in clear.",
        "Turn on TLS for this peer, or allow it explicitly.",
    ),
    Fault.LOGIN: _Words(
        "{peer.name} wants to know who we are.",
        "Log in where the peer is described.",
    ),
    Fault.NO_DICOM: _Words(
        "{peer.name} is known to us by DICOMweb alone.",
        "Describe its DICOM service (host, port, AE title) for this.",
    ),
    Fault.STATUS: _Words(
        "{peer.name} could not do it.",
        "Its log may tell why.",
    ),
}


class PeerFault(EnvironmentFailure):
    """A peer did not do what was asked of it.

    Attributes
    ----------
    fault : Fault
    passing : bool
        Whether trying again later may help by itself.
    status : int
        The failure's DIMSE status with `Fault.STATUS`, or that of HTTP; else 0.
    """

    def __init__(
        self, fault: Fault, peer: Peer, *, sentence: str = "", hint: str = ""
    ) -> None:
        words = _WORDS[fault]
        super().__init__(
            (sentence or words.sentence).format(peer=peer),
            hint=(hint or words.hint).format(peer=peer),
        )
        self.fault = fault
        self.passing = words.passing
        self.status = 0


_OUT_OF_RESOURCES: Final = range(0xA700, 0xA800)
_STATUS_SENTENCES: Final = {
    0x0110: "{peer.name} failed while it worked on the request.",
    0x0122: "{peer.name} does not support this kind of request.",
    0x0124: "{peer.name} does not allow us this request.",
    0x0211: "{peer.name} does not know this kind of request.",
    0xA801: "{peer.name} does not know where our title {peer.our_aet} is.",
    0xA900: "{peer.name} finds the request wrong for this service.",
}
_STATUS_HINTS: Final = {
    0xA801: "Its administrator must add {peer.our_aet} with this computer's address "
    "and port {peer.our_port}.",
    0x0124: "Its administrator must allow it for {peer.our_aet}.",
}


def status_fault(peer: Peer, status: int) -> PeerFault:
    """The failure a response's status stands for; PS3.7 annex C, PS3.4 C.4."""
    sentence = _STATUS_SENTENCES.get(status, "")
    if status in _OUT_OF_RESOURCES:
        sentence = "{peer.name} has not the means for it now (disk, memory)."
    elif status >> 12 == 0xC and not sentence:
        sentence = "{peer.name} cannot process the request."
    hint = _STATUS_HINTS.get(status, f"Its log may tell why; status {status:04X}.")
    fault = PeerFault(Fault.STATUS, peer, sentence=sentence, hint=hint)
    fault.status = status
    fault.passing = status in _OUT_OF_RESOURCES or status == 0x0110
    return fault
