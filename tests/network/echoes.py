"""Echoes that fail, and one that does not."""

from typing import Any

import pytest

from tests.network.parrot import RELEASED, Line, message, response
from viewer.core.peers import Peer
from viewer.network.associations import Timeouts
from viewer.network.echo import echo
from viewer.network.faults import PeerFault

SHORT = Timeouts(connect=2.0, negotiate=0.4, silence=0.4)
LONG = Timeouts(30.0, 30.0, 30.0)


def fault_of(peer: Peer, timeouts: Timeouts = LONG, **more: Any) -> PeerFault:
    """Why an echo fails."""
    with pytest.raises(PeerFault) as caught:
        echo(peer, timeouts=timeouts, **more)
    assert caught.value.message
    assert caught.value.hint
    return caught.value


def polite(line: Line) -> None:
    """Answer an echo, and part in peace."""
    line.accept()
    context, _, _ = line.hear_message()
    line.say(message(context, response(0x8030, 1, 0)))
    assert line.hear()[0] == 5
    line.say(RELEASED)
