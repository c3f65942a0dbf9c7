"""What `lightbox listen` may be told: one type for each option."""

from pathlib import Path
from typing import Annotated

import typer

Port = Annotated[int, typer.Option(min=0, max=65535)]
Titles = Annotated[
    list[str] | None,
    typer.Option(
        help="Our AE title; several may be given. By default LIGHTBOX and what "
        "peers that send to this port were told."
    ),
]
Host = Annotated[str, typer.Option(help="Our address to listen at, if not at all.")]
Allow = Annotated[
    list[str] | None,
    typer.Option(metavar="TITLE[@HOST]", help="Who may call; without it everybody."),
]
Private = Annotated[
    bool, typer.Option("--private", help="Take objects of private classes too.")
]
Queries = Annotated[
    bool,
    typer.Option(
        "--qr",
        help="Let programs on this machine, our peers and whoever is allowed "
        "query and retrieve what is here.",
    ),
]
Certificate = Annotated[
    Path | None,
    typer.Option(
        "--certificate",
        "--tls-certificate",
        help="Our certificate (PEM); turns TLS on.",
    ),
]
Key = Annotated[
    Path | None, typer.Option("--key", "--tls-key", help="Its key, if in another file.")
]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--ca", "--tls-ca", help="Callers must show a certificate of this CA."
    ),
]
ReserveMb = Annotated[
    int, typer.Option(min=0, help="Room on the disk that stays free.")
]
