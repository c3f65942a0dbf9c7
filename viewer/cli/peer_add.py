"""`lightbox peers add`: describe a node of the network."""

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.errors import ViewerError
from viewer.core.peers import USUAL_WAYS, Login, Peer, Tls, Way, WebAccess
from viewer.services.logins import forget_login, kind_of
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets

if TYPE_CHECKING:
    import typer


def register_add(group: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415

    from viewer.cli import peer_options as typed  # noqa: PLC0415 - loads typer

    @group.command()
    def add(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        name: typed.Name,
        *,
        host: typed.Host = "",
        port: typed.Port = 0,
        aet: typed.Aet = "",
        our_aet: typed.OurAet = "LIGHTBOX",
        our_port: typed.OurPort = 11112,
        tls: typed.Encrypt = False,
        ca: typed.Authority = None,
        certificate: typed.Certificate = None,
        key: typed.Key = None,
        no_verify: typed.NoVerify = False,
        user: typed.User = "",
        ask_passcode: typed.AskPasscode = False,
        insecure_identity: typed.InsecureIdentity = False,
        via: typed.Via = None,
        syntax: typed.Syntax = None,
        charset: typed.Charset = "",
        web: typed.Web = "",
        login: typed.LoginBy = Login.NONE,
        web_user: typed.WebUser = "",
        ask_login: typed.AskLogin = False,
        token_url: typed.TokenUrl = "",
        device_url: typed.DeviceUrl = "",
        authorize_url: typed.AuthorizeUrl = "",
        client_id: typed.ClientId = "",
        scope: typed.Scope = "",
        replace: typed.Replace = False,
    ) -> int:
        """Add a peer."""
        if not web and not (host and port and aet):
            raise UsageError(
                "A peer needs --host, --port and --aet, or --web for DICOMweb alone."
            )
        encrypted = tls or no_verify or any((ca, certificate, key))
        oauth = (token_url, device_url, authorize_url, client_id, scope)
        peer = Peer(
            *(name, host, port, aet, our_aet, our_port),
            tls=_tls(ca, certificate, key, verify=not no_verify) if encrypted else None,
            user=user,
            insecure_identity=insecure_identity,
            ways=tuple(via or _usual_ways(by_dicom=bool(host), by_web=bool(web))),
            syntaxes=tuple(syntax or ()),
            charset=charset,
            web=WebAccess(web, login, web_user, *oauth) if web else None,
        )
        asked = _Asked(passcode=ask_passcode, login=ask_login)
        return _add(context, peer, asked, replace=replace)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which secrets the user is asked for."""

    passcode: bool
    login: bool


def _usual_ways(*, by_dicom: bool, by_web: bool) -> tuple[Way, ...]:
    return (*USUAL_WAYS * by_dicom, *(Way.WEB,) * by_web)


def _add(context: "typer.Context", peer: Peer, asked: _Asked, *, replace: bool) -> int:
    options = options_of(context)
    peers, secrets = Peers(options.data_dir), Secrets(options.data_dir)
    before = next((one for one in peers.all() if one.name == peer.name), None)
    if before is not None and not replace:
        raise ViewerError(
            f"There is a peer {peer.name} already.", hint="--replace changes it."
        )
    if before is not None and before.web != peer.web:
        forget_login(peer.name, secrets)  # it is no business of another server
    notes = []
    if asked.passcode:
        _refuse_in_clear(peer)
        notes.append(secrets.keep(peer.name, _typed("Passcode: ")))
    if asked.login:
        kind = _kind_to_ask(peer)
        notes.append(secrets.keep(peer.name, _typed("Password or token: "), kind))
    for note in dict.fromkeys(filter(None, notes)):
        output.tell(note)
    peers.keep(peer)
    if options.json:
        output.answer_json(peer)
    return 0


def _refuse_in_clear(peer: Peer) -> None:
    if not peer.user:
        raise UsageError("A passcode belongs to a user.", hint="--user NAME")
    if peer.tls is None and not peer.insecure_identity:
        raise UsageError(
            "Without TLS the passcode would travel in clear.",
            hint="--tls encrypts it; --insecure-identity lets it travel all the same.",
        )


def _kind_to_ask(peer: Peer) -> str:
    """The kind of secret that logs in to the peer's DICOMweb."""
    kind = kind_of(peer.web.login) if peer.web is not None else ""
    if not kind:
        raise UsageError(
            "Only --login basic and --login bearer ask for a secret.",
            hint="lightbox peers login NAME logs in with OAuth.",
        )
    if peer.web_in_clear:
        raise UsageError(
            "Without https:// what logs in would travel in clear.",
            hint="--insecure-identity lets it travel all the same.",
        )
    return kind


def _typed(words: str) -> str:
    """What is typed without an echo, or one line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(words)
    return sys.stdin.readline().rstrip("\r\n")


def _tls(
    ca: Path | None, certificate: Path | None, key: Path | None, *, verify: bool
) -> Tls:
    return Tls(_file(ca), _file(certificate), _file(key), verify)


def _file(path: Path | None) -> Path | None:
    """The path from anywhere.

    Raises
    ------
    ViewerError
        If there is no file.
    """
    if path is None:
        return None
    if not path.is_file():
        raise ViewerError(f"There is no file {path}.", hint="Check the path.")
    return path.absolute()
