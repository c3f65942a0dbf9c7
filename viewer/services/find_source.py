"""One peer asked by C-FIND, over one association."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace

from viewer.core.errors import UnreadableError
from viewer.core.peers import Peer
from viewer.core.questions import Question
from viewer.core.remote import Level, RemoteStudy
from viewer.dicom.identifier_reading import RemoteRow, answered, answered_patient_id
from viewer.dicom.identifier_writing import written_patient_question, written_question
from viewer.network.associations import Association
from viewer.network.faults import Fault, PeerFault
from viewer.network.find import PATIENT_ROOT, STUDY_ROOT, Found, find
from viewer.network.negotiation import Accepted


class FindSource:
    """Answers of one peer, in the study root or in the patient's where that is all."""

    def __init__(self, peer: Peer, association: Association) -> None:
        self._peer = peer
        self._association = association
        self._context, self._patient_root = self._root()
        self._patients: dict[str, str] = {}  # study UID: patient ID

    def answers(self, question: Question) -> Generator[RemoteRow, None, None]:
        """See `asker.Source`."""
        if question.level is not Level.STUDY:
            yield from self._rows(self._of_known_patient(question))
            return
        for asked in self._of_patients(question):
            for row in self._rows(asked):
                if isinstance(row, RemoteStudy):
                    patient_id = row.patient_id or self._patient_of(asked)
                    self._patients[row.study_uid] = patient_id
                    yield replace(row, patient_id=patient_id)

    def _of_known_patient(self, question: Question) -> Question:
        """The patient root asks for the patient below it, too."""
        if not self._patient_root:
            return question
        patient = self._patients.get(question.study_uid or "", "")
        return replace(question, patient_id=patient)

    def _of_patients(self, question: Question) -> Iterator[Question]:
        """The question as it is, or in the patient root one for each patient."""
        if not self._patient_root:
            yield question
            return
        ids = [
            answered_patient_id(found.raw, found.syntax)
            for found in self._found(
                lambda syntax: written_patient_question(
                    question, syntax, self._peer.charset
                )
            )
        ]
        for patient_id in dict.fromkeys(filter(None, ids)):
            yield replace(question, patient_id=patient_id, patient_name="")

    def _patient_of(self, asked: Question) -> str:
        """Whom the patient root was asked about, in full."""
        return asked.patient_id if self._patient_root else ""

    def _rows(self, question: Question) -> Iterator[RemoteRow]:
        found = self._found(
            lambda syntax: written_question(question, syntax, self._peer.charset)
        )
        with closing(found):
            for one in found:
                row = self._read(question.level, one)
                if row is not None:
                    yield row

    def _read(self, level: Level, found: Found) -> RemoteRow | None:
        try:
            return answered(level, found.raw, found.syntax, self._peer.name)
        except UnreadableError as cause:
            sentence = "{peer.name} sent an answer that cannot be read."
            raise PeerFault(Fault.MANNERS, self._peer, sentence=sentence) from cause

    def _found(self, write: Callable[[str], bytes]) -> Generator[Found, None, None]:
        return find(self._association, self._context, write)

    def _root(self) -> tuple[Accepted, bool]:
        """The context of the study root, or of the patient root where that is all."""
        try:
            return self._association.context(STUDY_ROOT), False
        except PeerFault as fault:
            if fault.fault is not Fault.NO_CONTEXT:
                raise
            return self._association.context(PATIENT_ROOT), True
