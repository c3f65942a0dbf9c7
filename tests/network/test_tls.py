"""Encryption holds, or says whose certificate is wrong."""

import ssl

import pytest

from tests.network.certificates import Certificates
from tests.network.parrot import RELEASED, Line, message, parrot, response
from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Tls
from viewer.network.associations import Timeouts
from viewer.network.echo import echo
from viewer.network.faults import Fault, PeerFault

LONG = Timeouts(30.0, 30.0, 30.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    them = Certificates(tmp_path_factory.mktemp("certificates"))
    them.issue("here", "localhost")
    them.issue("elsewhere", "elsewhere.example")
    them.issue("old", "localhost", days=-1)
    them.issue("forged", "localhost", by="stranger")
    return them


def encrypted(line: Line, context: ssl.SSLContext) -> None:
    """Encrypt, then answer an echo."""
    line.connection = context.wrap_socket(line.connection, server_side=True)
    line.accept()
    number, _, _ = line.hear_message()
    line.say(message(number, response(0x8030, 1, 0)))
    line.hear_and_say(RELEASED)


def told(made: Certificates, shows: str, ours: Tls, *, mutual: bool = False) -> Fault:
    """What an echo to a peer that shows a certificate ends with."""
    context = made.server(shows, mutual=mutual)
    with parrot(lambda line: encrypted(line, context)) as bird:
        with pytest.raises(PeerFault) as caught:
            echo(bird.peer(host="localhost", tls=ours), timeouts=LONG)
        assert caught.value.hint
    return caught.value.fault


def test_both_sides_may_prove_who_they_are(made: Certificates) -> None:
    context = made.server("here", mutual=True)
    ours = Tls(made.path("authority"), made.path("here"), made.key("here"))
    with parrot(lambda line: encrypted(line, context)) as bird:
        peer = bird.peer(host="localhost", tls=ours)
        assert echo(peer, timeouts=LONG).seconds < 30


@pytest.mark.parametrize("shows", ["elsewhere", "old", "forged"])
def test_a_certificate_that_proves_nothing_is_refused(
    made: Certificates, shows: str
) -> None:
    trusting = Tls(made.path("authority"))
    assert told(made, shows, trusting) is Fault.PEER_CERTIFICATE
    context = made.server(shows)
    with parrot(lambda line: encrypted(line, context)) as bird:
        peer = bird.peer(host="localhost", tls=Tls(verify=False))
        assert echo(peer, timeouts=LONG).seconds < 30


@pytest.mark.parametrize(
    ("shows", "sentence"),
    [("elsewhere", "is not for the host"), ("old", "expired"), ("forged", "trusted")],
)
def test_what_is_wrong_with_a_certificate_is_said(
    made: Certificates, shows: str, sentence: str
) -> None:
    context, ours = made.server(shows), Tls(made.path("authority"))
    with (
        parrot(lambda line: encrypted(line, context)) as bird,
        pytest.raises(PeerFault, match=sentence),
    ):
        echo(bird.peer(host="localhost", tls=ours), timeouts=LONG)


def test_a_peer_that_wants_our_certificate_is_told_apart(made: Certificates) -> None:
    nothing = Tls(made.path("authority"))
    assert told(made, "here", nothing, mutual=True) is Fault.OUR_CERTIFICATE
    forged = Tls(made.path("authority"), made.path("forged"), made.key("forged"))
    assert told(made, "here", forged, mutual=True) is Fault.OUR_CERTIFICATE


def test_a_key_that_does_not_belong_to_its_certificate_is_told(
    made: Certificates,
) -> None:
    mixed = Tls(made.path("authority"), made.path("here"), made.key("old"))
    with parrot(Line.stay_silent) as bird:
        with pytest.raises(EnvironmentFailure, match="Our certificate") as caught:
            echo(bird.peer(tls=mixed), timeouts=LONG)
        assert bird.callers == 0
    assert not isinstance(caught.value, PeerFault)
