"""Questions to one peer over one association, and what its answers are worth.

Peers answer more than they are asked, the same twice, or without what was asked for;
what comes out here is each thing once, and what was meant.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final

from viewer.core.errors import UnreadableError
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.core.questions import (
    Question,
    Ways,
    is_meant,
    other_ways_are_alike,
    questions,
)
from viewer.core.remote import (
    Level,
    RemoteInstance,
    RemoteKey,
    RemoteSeries,
    RemoteStudy,
)
from viewer.dicom.identifier_reading import RemoteRow, answered, answered_patient_id
from viewer.dicom.identifier_writing import written_patient_question, written_question
from viewer.network.associations import Association
from viewer.network.faults import Fault, PeerFault
from viewer.network.find import PATIENT_ROOT, STUDY_ROOT, Found, find
from viewer.network.negotiation import Accepted

_LOOKED_INTO: Final = 500
"""Studies of which a peer does not say the modalities, asked one by one."""


class Asker:
    """Questions to one peer over one association, one after the other."""

    def __init__(self, peer: Peer, association: Association) -> None:
        self._peer = peer
        self._association = association
        self._context, self._patient_root = self._root()
        self._patients: dict[str, str] = {}  # study UID: patient ID

    def studies(self, query: StudyQuery) -> Generator[RemoteStudy, None, None]:
        """The studies a query means, each once, as they come."""
        seen: set[str] = set()
        unsaid: list[RemoteStudy] = []
        for ways in questions(query):
            for study in self._in_every_way(ways):
                if study.study_uid in seen or not is_meant(query, study):
                    continue
                seen.add(study.study_uid)
                if query.modalities and not study.modalities:
                    unsaid.append(study)
                else:
                    yield study
        for study in unsaid[:_LOOKED_INTO]:
            modalities = self._modalities(study)
            if not modalities.isdisjoint(query.modalities):
                yield replace(study, modalities=tuple(sorted(modalities)))

    def answers_to(self, question: Question) -> Generator[RemoteStudy, None, None]:
        """What the peer answers to one question, each study once, as it comes."""
        seen: set[str] = set()
        for study in self._studies(question):
            if study.study_uid not in seen:
                seen.add(study.study_uid)
                yield study

    def series(self, key: RemoteKey) -> Iterator[RemoteSeries]:
        """The series of a study, or the one that is named, each once."""
        asked = self._below(Level.SERIES, key)
        seen: set[str] = set()
        for series in self._answers(asked):
            if isinstance(series, RemoteSeries) and series.series_uid not in seen:
                if key.series_uid and series.series_uid != key.series_uid:
                    continue
                seen.add(series.series_uid)
                yield replace(series, study_uid=key.study_uid)

    def instances(self, key: RemoteKey) -> Iterator[RemoteInstance]:
        """The instances of a study, a series, or the one that is named, each once."""
        if key.series_uid:
            found = [key.series_uid]
        else:
            found = [series.series_uid for series in self.series(key)]
        for series_uid in found:
            yield from self._instances_of(key.study_uid, series_uid, key)

    def _instances_of(
        self, study_uid: StudyUID, series_uid: SeriesUID, key: RemoteKey
    ) -> Iterator[RemoteInstance]:
        asked = self._below(Level.INSTANCE, RemoteKey(study_uid, series_uid))
        seen: set[str] = set()
        for row in self._answers(asked):
            if not isinstance(row, RemoteInstance) or row.sop_instance_uid in seen:
                continue
            if key.sop_instance_uid and row.sop_instance_uid != key.sop_instance_uid:
                continue
            seen.add(row.sop_instance_uid)
            yield replace(row, study_uid=study_uid, series_uid=series_uid)

    def _in_every_way(self, ways: Ways) -> Iterator[RemoteStudy]:
        """Answers to one question, asked anew in other letters if these may matter."""
        for question in ways:
            alike = False
            for study in self._studies(question):
                alike = alike or other_ways_are_alike(question, study)
                yield study
            if alike:
                return

    def _studies(self, question: Question) -> Iterator[RemoteStudy]:
        for asked in self._of_patients(question):
            for row in self._answers(asked):
                if isinstance(row, RemoteStudy):
                    patient_id = row.patient_id or self._patient_of(asked)
                    self._patients[row.study_uid] = patient_id
                    yield replace(row, patient_id=patient_id)

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

    def _below(self, level: Level, key: RemoteKey) -> Question:
        patient = self._patients.get(key.study_uid, "") if self._patient_root else ""
        return Question(
            level,
            patient_id=patient,
            study_uid=key.study_uid,
            series_uid=key.series_uid or None,
        )

    def _modalities(self, study: RemoteStudy) -> set[str]:
        return {series.modality for series in self.series(study.key)} - {""}

    def _answers(self, question: Question) -> Iterator[RemoteRow]:
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
