"""Answers of an archive, beside their bytes off the socket and other requestors.

The archive is a scripted one in a process of its own that answers as fast as it can.
"""

import contextlib
import multiprocessing
import os
import socket
import subprocess
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE

from tests.benchmarks.peers import installed
from tests.benchmarks.race import Peer, Race
from tests.benchmarks.scale import Scale
from tests.network.parrot import (
    RELEASED,
    Line,
    identifier,
    message,
    parrot,
    response,
)
from viewer.core import peers as core
from viewer.core.listing import StudyQuery
from viewer.network.find import STUDY_ROOT
from viewer.services.querying import Answered, Asked, Event, find_studies

_EVERYTHING = StudyQuery(limit=None)
_TOGETHER = 20  # answers in one piece, as archives send them under load
_FIRST_ROUNDS = 15


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Ask for everything."""
    del folder
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(there, scale.answers)
    )
    process.start()
    try:
        archive, short, bare = here.recv()
        peer = core.Peer("Archive", "127.0.0.1", archive, "PARROT")
        first = _First(replace(peer, port=short))
        yield Race(
            "First of all answers of an archive",
            first.search,
            partial(_poured, bare, 1),
            "first bytes off the socket",
            before=first.call_off,
            rounds=_FIRST_ROUNDS,
            peers=(Peer("pynetdicom", partial(_pynetdicom, short, 1)),),
        )
        first.call_off()
        yield Race(
            "Answer of an archive, of all of them",
            partial(_all, peer, scale.answers),
            partial(_poured, bare, None),
            "its bytes off the socket",
            scale.answers,
            peers=(
                Peer("pynetdicom", partial(_pynetdicom, archive, None)),
                Peer("findscu", _findscu(archive)),
            ),
        )
    finally:
        here.send(None)
        process.join()


def _all(peer: core.Peer, number: int) -> None:
    found = 0
    for event in find_studies([Asked(peer)], _EVERYTHING):
        if not isinstance(event, Answered):
            found += len(event)
    assert found == number


class _First:
    """Searches of which only the first row is waited for."""

    def __init__(self, peer: core.Peer) -> None:
        self._peer = peer
        self._begun: list[Generator[Event, None, None]] = []

    def search(self) -> None:
        """Wait for the first row."""
        events = find_studies([Asked(self._peer)], _EVERYTHING)
        self._begun.append(events)
        assert next(events)

    def call_off(self) -> None:
        """End what was begun."""
        while self._begun:
            self._begun.pop().close()


def _poured(port: int, number: int | None) -> None:
    """Read until the server closes, or a piece."""
    buffer = bytearray(1 << 18)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while connection.recv_into(buffer) and number is None:
            pass


def _pynetdicom(port: int, number: int | None) -> None:
    entity = AE("BENCH")
    entity.add_requested_context(STUDY_ROOT, [ExplicitVRLittleEndian])
    association = entity.associate("127.0.0.1", port, ae_title="PARROT")
    question = Dataset()
    question.QueryRetrieveLevel, question.StudyInstanceUID = "STUDY", ""
    answers = association.send_c_find(question, STUDY_ROOT)
    for _, answer in islice(answers, number):
        assert answer is None or answer.PatientName
    if number is None:
        association.release()
    else:
        association.abort()  # it has no other way out of a question


def _findscu(port: int) -> partial[object] | None:
    program = installed("findscu")
    if program is None:
        return None
    return partial(
        subprocess.run,
        [program, "-q", "-S", "-aec", "PARROT", "-k", "QueryRetrieveLevel=STUDY",
         "-k", "StudyInstanceUID", "127.0.0.1", str(port)],
        env={**os.environ, "TCP_NODELAY": "1"},
        check=True,
        capture_output=True,
    )  # fmt: skip


def _serve(there: Connection, number: int) -> None:
    pieces = [_answer(n) for n in range(number)]
    blobs = [
        b"".join(pieces[at : at + _TOGETHER]) for at in range(0, number, _TOGETHER)
    ]

    def answer(line: Line) -> None:
        line.accept()
        line.hear_message()
        for blob in blobs:
            line.say(blob)
        line.say(message(1, response(0x8020, 1, 0)))
        line.hear_and_say(RELEASED)

    def begin(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(blobs[0])
        line.hear_and_say(message(1, response(0x8020, 1, 0xFE00)))  # C-CANCEL
        line.hear_and_say(RELEASED)

    def pour(line: Line) -> None:
        for blob in blobs:
            line.say(blob)

    with parrot(answer) as archive, parrot(begin) as short, parrot(pour) as bare:
        there.send((archive.port, short.port, bare.port))
        with contextlib.suppress(EOFError):
            there.recv()


def _answer(number: int) -> bytes:
    data = identifier(
        SpecificCharacterSet="ISO_IR 192",
        StudyDate="20240305",
        StudyTime="101112",
        AccessionNumber=f"A{number}",
        QueryRetrieveLevel="STUDY",
        RetrieveAETitle="PARROT",
        ModalitiesInStudy=["CT", "SR"],
        InstitutionName="Clinic",
        StudyDescription="CT Thorax",
        PatientName=f"Müller^Anna{number}",
        PatientID=f"P{number}",
        PatientBirthDate="19700102",
        PatientSex="F",
        StudyInstanceUID=f"2.25.{number}",
        NumberOfStudyRelatedSeries=3,
        NumberOfStudyRelatedInstances=300,
    )
    return message(1, response(0x8020, 1, 0xFF00), data)
