"""`lightbox peers`: the nodes of the network we talk to."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.errors import ViewerError
from viewer.core.peers import USUAL_WAYS, Peer, Tls, Way
from viewer.services.peers import Peers, sign_of_life
from viewer.services.secrets import Secrets

if TYPE_CHECKING:
    import typer


def register(app: "typer.Typer") -> None:
    """Add the commands."""
    import typer  # noqa: PLC0415 - the caller has it already

    group = typer.Typer(help="Other workstations and archives.")
    app.add_typer(group, name="peers")
    _register_add(group)

    @group.command("list")
    def list_(context: typer.Context) -> int:
        """List the peers; secrets are not shown."""
        options = options_of(context)
        every = Peers(options.data_dir).all()
        if options.json:
            output.answer_json({"items": every})
        else:
            output.answer_table(_COLUMNS, map(_cells, every))
        return 0

    @group.command()
    def remove(
        context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]
    ) -> int:
        """Forget a peer and its secrets."""
        options = options_of(context)
        peers = Peers(options.data_dir)
        peer = peers.get(name)
        Secrets(options.data_dir).forget(peer.name)
        peers.remove(peer.name)
        if options.json:
            output.answer_json({"removed": peer.name})
        return 0

    @group.command()
    def echo(
        context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]
    ) -> int:
        """Ask a peer for a sign of life, and say what is wrong if there is none."""
        options = options_of(context)
        peer = Peers(options.data_dir).get(name)
        sign = sign_of_life(peer, Secrets(options.data_dir).passcode(peer))
        if options.json:
            output.answer_json({"peer": peer.name, "seconds": sign.seconds})
        else:
            milliseconds = round(sign.seconds * 1000)
            output.answer_text(f"{peer.name} answers after {milliseconds} ms.")
        return 0


def _register_add(group: "typer.Typer") -> None:
    import typer  # noqa: PLC0415

    @group.command()
    def add(  # noqa: PLR0913 - one argument for each option
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")],
        *,
        host: Annotated[str, typer.Option(help="Its name or address.")],
        port: Annotated[int, typer.Option(help="Where its DICOM service listens.")],
        aet: Annotated[str, typer.Option(help="Its AE title.")],
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
        replace: Annotated[
            bool, typer.Option("--replace", help="Change a peer there is.")
        ] = False,
    ) -> int:
        """Add a peer."""
        encrypted = tls or no_verify or any((ca, certificate, key))
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
            ways=tuple(via or USUAL_WAYS),
            syntaxes=tuple(syntax or ()),
            charset=charset,
        )
        return _add(context, peer, ask_passcode=ask_passcode, replace=replace)


def _add(
    context: "typer.Context", peer: Peer, *, ask_passcode: bool, replace: bool
) -> int:
    options = options_of(context)
    peers = Peers(options.data_dir)
    if not replace and any(known.name == peer.name for known in peers.all()):
        raise ViewerError(
            f"There is a peer {peer.name} already.", hint="--replace changes it."
        )
    if ask_passcode:
        _refuse_in_clear(peer)
        note = Secrets(options.data_dir).keep(peer.name, _passcode())
        if note:
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


def _passcode() -> str:
    """What is typed without an echo, or one line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass("Passcode: ")
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


_COLUMNS = ("Name", "AE title", "Address", "Encrypted", "We are", "Fetched by")


def _cells(peer: Peer) -> tuple[str, ...]:
    return (
        peer.name,
        peer.aet,
        f"{peer.host}:{peer.port}",
        "TLS" if peer.tls else "",
        f"{peer.our_aet}, port {peer.our_port}",
        ", ".join(peer.ways),
    )
