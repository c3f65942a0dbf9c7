"""What `lightbox peers add` may be told: one type for each argument and option."""

from pathlib import Path
from typing import Annotated

import typer

from viewer.core.peers import Login, Way

Name = Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")]
Host = Annotated[str, typer.Option(help="Its name or address.")]
Port = Annotated[int, typer.Option(help="Where its DICOM service listens.")]
Aet = Annotated[str, typer.Option(help="Its AE title.")]
OurAet = Annotated[str, typer.Option(help="Our AE title.")]
OurPort = Annotated[int, typer.Option(help="Where our listener answers to that title.")]
Encrypt = Annotated[
    bool, typer.Option("--tls", help="Encrypt; implied by the files below.")
]
Authority = Annotated[Path | None, typer.Option(help="Who vouches for the peer (PEM).")]
Certificate = Annotated[Path | None, typer.Option(help="What we show it (PEM).")]
Key = Annotated[Path | None, typer.Option(help="Its key (PEM).")]
NoVerify = Annotated[bool, typer.Option("--no-verify", help="Take any certificate.")]
User = Annotated[str, typer.Option(help="Who we are for the peer.")]
AskPasscode = Annotated[
    bool, typer.Option("--ask-passcode", help="Ask for the user's passcode.")
]
InsecureIdentity = Annotated[
    bool, typer.Option("--insecure-identity", help="Let the passcode travel in clear.")
]
Via = Annotated[
    list[Way] | None,
    typer.Option(help="How studies are fetched; the first is preferred."),
]
Syntax = Annotated[
    list[str] | None,
    typer.Option(metavar="UID", help="Transfer syntaxes, preferred first."),
]
Charset = Annotated[str, typer.Option(metavar="TERM", help="Of queries: ISO_IR 100.")]
Web = Annotated[str, typer.Option(metavar="URL", help="Its DICOMweb, alone or beside.")]
LoginBy = Annotated[Login, typer.Option(help="How one logs in to its DICOMweb.")]
WebUser = Annotated[str, typer.Option(help="Who logs in with basic.")]
AskLogin = Annotated[
    bool, typer.Option("--ask-login", help="Ask for the password or the token.")
]
TokenUrl = Annotated[str, typer.Option(help="Where OAuth has tokens.")]
DeviceUrl = Annotated[str, typer.Option(help="Where OAuth has codes for devices.")]
AuthorizeUrl = Annotated[
    str, typer.Option(help="The page at which one logs in with OAuth.")
]
ClientId = Annotated[str, typer.Option(help="Who Lightbox is there.")]
Scope = Annotated[str, typer.Option(help="What OAuth is asked for.")]
Replace = Annotated[bool, typer.Option("--replace", help="Change a peer there is.")]
