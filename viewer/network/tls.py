"""Encryption of an association; PS3.15 B.

Certificates and keys are files that the user names; they are read when a connection
is opened, so that a renewed one is in force at once.
"""

import ssl
from typing import Final

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer, Tls
from viewer.network.faults import Fault, PeerFault

_OUR_FAULT: Final = (
    "CERTIFICATE_REQUIRED",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNKNOWN_CA",
    "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_REVOKED",
    "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_ACCESS_DENIED",
    "ALERT_DECRYPT_ERROR",
)
"""Ends of the reasons OpenSSL gives when the other side turns our certificate down."""

_NO_TLS: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")
_HOST_MISMATCH, _IP_MISMATCH, _EXPIRED = 62, 64, 10


def client_context(tls: Tls) -> ssl.SSLContext:
    """What encrypts associations we open.

    Raises
    ------
    EnvironmentFailure
        If a file of certificates or keys cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        if tls.ca is not None:
            context.load_verify_locations(tls.ca)
        elif tls.verify:
            context.load_default_certs()
    except OSError as cause:
        raise EnvironmentFailure(
            "The certificates (CA) for TLS cannot be used.",
            hint=f"Is {tls.ca} a PEM file that you may read?",
        ) from cause
    show_certificate(context, tls)
    return context


def show_certificate(context: ssl.SSLContext, tls: Tls) -> None:
    """Have `context` show our certificate, if there is one.

    Raises
    ------
    EnvironmentFailure
        If its file or that of its key cannot be used.
    """
    if tls.certificate is None:
        return
    try:
        context.load_cert_chain(tls.certificate, tls.key, password=_no_password)
    except (OSError, ValueError) as cause:
        raise EnvironmentFailure(
            "Our certificate for TLS cannot be used.",
            hint=f"Are {tls.certificate} and its key PEM files that belong together, "
            "the key without a password?",
        ) from cause


def handshake_fault(error: OSError, peer: Peer) -> PeerFault:
    """Why no encryption came about, from what OpenSSL says."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _distrust(error, peer)
    reason = (getattr(error, "reason", "") or "").upper()
    if reason.endswith(_OUR_FAULT):
        return PeerFault(Fault.OUR_CERTIFICATE, peer)
    if reason.endswith(_NO_TLS):
        return PeerFault(Fault.TLS_UNWANTED, peer)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return PeerFault(Fault.TLS, peer)
    return PeerFault(
        Fault.TLS_UNWANTED,
        peer,
        sentence="{peer.name} closed the connection instead of encrypting it.",
        hint="It may not speak TLS at port {peer.port}, or ask for a certificate.",
    )


def early_end(error: OSError | None, peer: Peer) -> PeerFault:
    """Why an encrypted connection ended before the peer said anything.

    With TLS 1.3 a certificate is turned down after the handshake, and the alert that
    says so is often lost in the reset that follows it.
    """
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return handshake_fault(error, peer)
    ended = PeerFault(
        Fault.OUR_CERTIFICATE,
        peer,
        sentence="{peer.name} closed the encrypted connection without a word.",
        hint="It may not accept the certificate we show (or want one), or not know "
        "this computer's address.",
    )
    ended.passing = True  # or it is just being stopped
    return ended


def _distrust(error: ssl.SSLCertVerificationError, peer: Peer) -> PeerFault:
    sentence, hint = "", ""
    if error.verify_code in (_HOST_MISMATCH, _IP_MISMATCH):
        sentence = "The certificate of {peer.name} is not for the host {peer.host}."
        hint = "Call the host as its certificate does."
    elif error.verify_code == _EXPIRED:
        sentence = "The certificate of {peer.name} has expired."
        hint = "Its administrator must renew it; is this computer's clock right?"
    return PeerFault(Fault.PEER_CERTIFICATE, peer, sentence=sentence, hint=hint)


def _no_password() -> str:
    raise ValueError("a key with a password would have to ask for it")
