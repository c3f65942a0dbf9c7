"""`lightbox peers add`: describe a node of the network."""

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

    @group.command()
    def add(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")],
        *,
        host: Annotated[str, typer.Option(help="Its name or address.")] = "",
        port: Annotated[int, typer.Option(help="Where its DICOM service listens.")] = 0,
        aet: Annotated[str, typer.Option(help="Its AE title.")] = "",
        our_aet: Annotated[str, typer.Option(help="Our AE title.")] = "LIGHTBOX",
        our_port: Annotated[
            int, typer.Option(help="Where our listener answers to that title.")
        ] = 11112,
        tls: Annotated[
            bool, typer.Option("--tls", help="Encrypt; implied by the files below.")
        ] = False,
        ca: Annotated[
            Path | None, typer.Option(help="Who vouches for the peer (PEM).")
        ] = None,
        certificate: Annotated[
            Path | None, typer.Option(help="What we show it (PEM).")
        ] = None,
        key: Annotated[Path | None, typer.Option(help="Its key (PEM).")] = None,
        no_verify: Annotated[
            bool, typer.Option("--no-verify", help="Take any certificate.")
        ] = False,
        user: Annotated[str, typer.Option(help="Who we are for the peer.")] = "",
        ask_passcode: Annotated[
            bool,
            typer.Option("--ask-passcode", help="Ask for the user's passcode."),
        ] = False,
        insecure_identity: Annotated[
            bool,
            typer.Option(
                "--insecure-identity", help="Let the passcode travel in clear."
            ),
        ] = False,
        via: Annotated[
            list[Way] | None,
            typer.Option(help="How studies are fetched; the first is preferred."),
        ] = None,
        syntax: Annotated[
            list[str] | None,
            typer.Option(metavar="UID", help="Transfer syntaxes, preferred first."),
        ] = None,
        charset: Annotated[
            str, typer.Option(metavar="TERM", help="Of queries: ISO_IR 100.")
        ] = "",
        web: Annotated[
            str, typer.Option(metavar="URL", help="Its DICOMweb, alone or beside.")
        ] = "",
        login: Annotated[
            Login, typer.Option(help="How one logs in to its DICOMweb.")
        ] = Login.NONE,
        web_user: Annotated[str, typer.Option(help="Who logs in with basic.")] = "",
        ask_login: Annotated[
            bool,
            typer.Option("--ask-login", help="Ask for the password or the token."),
        ] = False,
        token_url: Annotated[str, typer.Option(help="Where OAuth has tokens.")] = "",
        device_url: Annotated[
            str, typer.Option(help="Where OAuth has codes for devices.")
        ] = "",
        authorize_url: Annotated[
            str, typer.Option(help="The page at which one logs in with OAuth.")
        ] = "",
        client_id: Annotated[str, typer.Option(help="Who Lightbox is there.")] = "",
        scope: Annotated[str, typer.Option(help="What OAuth is asked for.")] = "",
        replace: Annotated[
            bool, typer.Option("--replace", help="Change a peer there is.")
        ] = False,
    ) -> int:
        """Add a peer."""
        if not web and not (host and port and aet):
            raise UsageError(
                "A peer needs --host, --port and --aet, or --web for DICOMweb alone."
            )
        encrypted = tls or no_verify or any((ca, certificate, key))
        access = (
            WebAccess(
                web,
                login,
                web_user,
                token_url,
                device_url,
                authorize_url,
                client_id,
                scope,
            )
            if web
            else None
        )
        peer = Peer(
            name=name,
            host=host,
            port=port,
            aet=aet,
            our_aet=our_aet,
            our_port=our_port,
            tls=Tls(_file(ca), _file(certificate), _file(key), not no_verify)
            if encrypted
            else None,
            user=user,
            insecure_identity=insecure_identity,
            ways=tuple(via or _usual_ways(by_dicom=bool(host), by_web=bool(web))),
            syntaxes=tuple(syntax or ()),
            charset=charset,
            web=access,
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
