"""Which fault is met at which service, and that a test is there for each of them.

A service alone ends in time and says what was wrong; where it says *queue* the transfer
completes once the fault has ended, and where we receive nothing acknowledged is lost.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

ERRAND = "tests.network.test_faults"
EVERY = "test_every_errand_ends_at_every_bad_manner_with_its_sentence"
COMING = "test_what_a_broken_line_kept_from_coming_comes_when_it_holds"
GOING = "test_what_a_broken_line_kept_from_going_goes_when_it_holds"
LINES, WADO = "tests.services.test_broken_lines", "tests.services.test_web_retrieving"
TAKEN = "tests.services.test_receive_faults"
KEPT = "test_what_was_acknowledged_is_kept_whatever_comes_then"
DEATHS = "tests.peers.test_peers_that_die"
LIVES = "test_what_a_dead_archive_kept_from_coming_comes_when_it_lives_again"

SERVICES = ("echo", "find", "get", "move", "store")
MANNER = {
    "wrong title": ("wrong title", "our title not known"),
    "no room for us": ("no room",),
    "reset at connect": ("reset at connect",),
    "reset after the proposals": ("reset after the proposals",),
    "reset at the request": ("reset at the request",),
    "reset in the middle": ("reset in the middle",),
    "reset at release": ("reset at release",),
    "closed at the request": ("closed at the request",),
    "closed in the middle": ("closed in the middle",),
    "stalled from the start": ("silent from the start",),
    "stalled at the request": ("silent at the request",),
    "stalled in the middle": ("silent in the middle",),
    "stalled at release": ("silent at release",),
    "half open": ("half open",),
    "1 kB/s": ("a kilobyte a second",),
    "duplicate": ("said twice",),
    "out of order": ("an answer of another kind",),
}
"""Bad manners on every errand, by the names of their cases."""

Row = tuple[str, str, str, str, str]
"""Fault, service, module, test, and what its parameters begin with."""

BROKEN = (
    ("C-GET, queue", LINES, COMING, "to us"),
    ("WADO-RS, queue", WADO, COMING, "to us"),
    ("C-STORE, queue", LINES, GOING, "to the peer"),
)
BREAKS = {
    "reset at connect": "RESET 0 bytes",
    "reset in the middle": "RESET",
    "closed in the middle": "CLOSED",
    "stalled in the middle": "STUCK",
}
ACKNOWLEDGED = {
    "reset after an object": "reset after an object",
    "reset at the request": "reset in a command",
    "reset in the middle": "reset in an object",
    "half open": "half open",
    "duplicate": "sent twice",
    "out of order": "out of order",
    "4 GiB announced": "four gigabytes announced",
}
"""What callers do to our listener, by the names of their cases."""

ALONE = {
    "tests.services.test_web_sending": {
        GOING: ("reset in the middle", "STOW-RS, queue"),
        "test_a_server_without_room_is_tried_again_later": (
            "no room at the peer",
            "STOW-RS, queue",
        ),
    },
    "tests.services.test_sending": {
        "test_what_was_acknowledged_is_not_sent_again": (
            "no room at the peer",
            "C-STORE, queue",
        ),
    },
    "tests.services.test_transfer_queue": {
        "test_a_fault_that_passes_is_tried_again_by_itself": ("refused", "queue"),
        "test_what_a_killed_program_had_begun_is_finished_by_the_next": (
            "we are killed",
            "C-GET, queue",
        ),
    },
    "tests.services.test_sending_kills": {
        "test_what_a_killed_program_had_still_to_send_is_sent_by_the_next": (
            "we are killed",
            "C-STORE, queue",
        ),
    },
    "tests.services.test_moving": {
        "test_an_archive_that_falls_silent_is_left_and_asked_for_the_rest_later": (
            "stalled in the middle",
            "C-MOVE, queue",
        ),
    },
    "tests.services.test_retrieving": {
        "test_a_full_disk_keeps_the_wish_and_what_there_is": (
            "disk full",
            "C-GET, queue",
        ),
    },
    "tests.services.test_no_room": {
        "test_what_a_full_disk_kept_from_coming_by_wado_comes_later": (
            "disk full",
            "WADO-RS, queue",
        ),
        "test_what_a_full_disk_kept_from_coming_by_c_move_comes_later": (
            "disk full",
            "C-MOVE, queue",
        ),
    },
    "tests.network.test_listener_manners": {
        "test_who_says_nothing_is_hung_up_on_in_time": ("stalled", "receive"),
        "test_a_byte_now_and_then_does_not_hold_a_hello_open": ("1 kB/s", "receive"),
    },
    "tests.network.test_listener": {
        "test_a_caller_must_use_our_title_and_be_on_the_list": (
            "wrong title",
            "receive",
        ),
    },
    "tests.services.test_listening": {
        "test_a_full_disk_is_said_to_the_sender": ("disk full", "receive"),
    },
    "tests.services.test_receiving_kills": {
        "test_nothing_that_was_acknowledged_is_lost_by_a_kill": (
            "we are killed",
            "receive",
        ),
    },
}
"""Tests of one combination each."""

DEAD = ("orthanc-get", "orthanc-move", "orthanc-web", "dcmqr-get", "dcmqr-move")


def rows() -> Iterator[Row]:
    """All of the table."""
    for service in SERVICES:
        nobody = "test_every_errand_says_that_nobody_listens"
        yield "refused", service, ERRAND, nobody, service
        for fault, cases in MANNER.items():
            for case in cases:
                yield fault, service, ERRAND, EVERY, f"{case}, {service}"
    for service, module, test, way in BROKEN:
        for fault, words in BREAKS.items():
            told = f"{words} {way}" if words.endswith("bytes") else words
            yield fault, service, module, test, told
    for fault, case in ACKNOWLEDGED.items():
        yield fault, "receive", TAKEN, KEPT, case
    for module, tests in ALONE.items():
        for test, (fault, service) in tests.items():
            yield fault, service, module, test, ""
    for name in DEAD:
        yield "peer killed", name, DEATHS, LIVES, ""


def names_of(test: Any) -> list[str]:
    """What the parameters of a test are called; one empty name where it has none."""
    marks = getattr(test, "pytestmark", ())
    for mark in (one for one in marks if one.name == "parametrize"):
        names, values = mark.kwargs.get("ids"), list(mark.args[1])
        if callable(names):
            return [names(value) for value in values]
        return list(names or (str(getattr(value, "id", value)) for value in values))
    return [""]


@pytest.mark.parametrize("row", list(rows()), ids=" · ".join)
def test_a_fault_is_met_where_the_table_says(row: Row) -> None:
    *_, module, name, words = row
    test = getattr(import_module(module), name)
    assert any(one.startswith(words) for one in names_of(test))


def test_the_combinations_are_many() -> None:
    assert len({(fault, service) for fault, service, *_ in rows()}) >= 120
