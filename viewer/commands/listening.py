"""Take what peers send while the window is open, as the user has settled it."""

from functools import partial

from viewer.commands.desk import Desk
from viewer.services.exchange import Ear, Hearing


def to_ear(desk: Desk) -> Ear:
    """How the user wants us to listen."""
    kept = desk.settings.value
    return Ear(kept.listen, kept.listen_port, kept.listen_title, kept.listen_callers)


def start_listening(desk: Desk) -> None:
    """Listen as it is settled, from now on; say so if it is not possible."""

    def tell(hearing: Hearing) -> None:
        desk.exchange.heard.disconnect(tell)
        if hearing.fault is not None:
            desk.window.failed(hearing.fault)

    desk.exchange.heard.connect(tell)
    work = partial(desk.exchange.listen, to_ear(desk))
    desk.jobs.submit(work, lambda _: None, desk.window.failed)
