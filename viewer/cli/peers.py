"""`lightbox peers`: the nodes of the network we talk to."""

from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.cli.peer_add import register_add
from viewer.cli.peer_login import register_login
from viewer.core.peers import Peer
from viewer.services.logins import Logins
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.services.signs_of_life import sign_of_life

if TYPE_CHECKING:
    import typer


def register(app: "typer.Typer") -> None:
    """Add the commands."""
    import typer  # noqa: PLC0415 - the caller has it already

    group = typer.Typer(help="Other workstations and archives.")
    app.add_typer(group, name="peers")
    register_add(group)
    register_login(group)

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
        secret = Secrets(options.data_dir).passcode(peer)
        sign = sign_of_life(peer, secret, login=Logins(options.data_dir).of(peer))
        if options.json:
            document = {"peer": peer.name, "seconds": sign.seconds}
            if peer.web is not None:
                document["web_seconds"] = sign.web_seconds
            output.answer_json(document)
        else:
            output.answer_text(f"{peer.name} answers {sign.words}.")
        return 0


_COLUMNS = (
    *("Name", "AE title", "Address", "Encrypted", "We are", "Fetched by"),
    *("DICOMweb", "Login"),
)


def _cells(peer: Peer) -> tuple[str, ...]:
    return (
        peer.name,
        peer.aet,
        f"{peer.host}:{peer.port}" if peer.has_dicom else "",
        "TLS" if peer.tls else "",
        f"{peer.our_aet}, port {peer.our_port}",
        ", ".join(peer.ways),
        peer.web.url if peer.web else "",
        peer.web.login if peer.web else "",
    )
