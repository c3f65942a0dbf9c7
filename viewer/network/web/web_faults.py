"""What goes wrong with a web server, as a sentence with a hint."""

from http import HTTPStatus
from typing import Final

from viewer.core.peers import Login, Peer
from viewer.network.faults import Fault, PeerFault

_UNREACHED: Final = {
    Fault.REFUSED: "Does it run, and is {peer.port} the port of its DICOMweb?",
    Fault.SILENT: "Something listens at {peer.host}, port {peer.port}, but says "
    "nothing: is it busy, or does it expect https?",
    Fault.TLS_UNWANTED: "Try its address with http://, or the port it has for https.",
}
_WHO: Final = {
    Login.NONE: "Choose how to log in where the peer is described.",
    Login.BASIC: "Check user and password.",
    Login.BEARER: "Its token may have ended: ask for a new one.",
    Login.OAUTH: "Log in anew: lightbox peers login, or Log in… in the window.",
}
_PATHS: Final = (
    "Check the path of its address: it often ends in /dicom-web, /dicomweb or /rs."
)
_NOT_OFFERED: Final = {
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.NOT_IMPLEMENTED,
}
BUSY: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
"""Statuses after which the same request may go better a moment later."""


def unreached(fault: PeerFault, node: Peer) -> PeerFault:
    """The same misfortune of a connection, in words that fit a web server."""
    if fault.fault in _UNREACHED:
        return PeerFault(fault.fault, node, hint=_UNREACHED[fault.fault])
    return fault


def refusal(node: Peer, status: int) -> PeerFault:
    """What an HTTP status that is no success stands for; PS3.18 8.5."""
    fault = _refused(node, status)
    fault.status = status
    return fault


def _refused(node: Peer, status: int) -> PeerFault:
    if status == HTTPStatus.UNAUTHORIZED:
        login = node.web.login if node.web is not None else Login.NONE
        return PeerFault(Fault.LOGIN, node, hint=_WHO[login])
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED):
        return PeerFault(
            Fault.LOGIN,
            node,
            sentence="{peer.name} does not allow us this.",
            hint="Its administrator must allow it for the user who logs in.",
        )
    if status == HTTPStatus.NOT_FOUND:
        return PeerFault(
            Fault.NO_CONTEXT,
            node,
            sentence="There is no DICOMweb at this address of {peer.name}.",
            hint=_PATHS,
        )
    if status in _NOT_OFFERED:
        return PeerFault(
            Fault.NO_CONTEXT, node, hint=f"Its log may tell why; HTTP status {status}."
        )
    if status in BUSY:
        return PeerFault(
            Fault.BUSY, node, sentence="{peer.name} has no time for us now."
        )
    return _said_no(node, status)


def _said_no(node: Peer, status: int) -> PeerFault:
    sentence = "{peer.name} finds the request wrong."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        sentence = "{peer.name} failed while it worked on the request."
    elif status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        sentence = "{peer.name} takes nothing as large as this."
    elif status == HTTPStatus.INSUFFICIENT_STORAGE:
        sentence = "{peer.name} has not the means for it now (disk, memory)."
    elif status in (HTTPStatus.GONE, HTTPStatus.CONFLICT):
        sentence = "{peer.name} cannot do it with this object."
    elif status < HTTPStatus.BAD_REQUEST:
        sentence = "{peer.name} sends us to another server."
    hint = f"Its log may tell why; HTTP status {status}."
    fault = PeerFault(Fault.STATUS, node, sentence=sentence, hint=hint)
    fault.passing = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return fault


def ill_mannered(node: Peer, what: str) -> PeerFault:
    """The server answers with something that is no answer.

    Parameters
    ----------
    what : str
        What was expected: *a list in JSON*.
    """
    return PeerFault(
        Fault.MANNERS,
        node,
        sentence=f"{{peer.name}} answers with something else than {what}.",
        hint=_PATHS,
    )
