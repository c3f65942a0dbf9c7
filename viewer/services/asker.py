"""Questions to one peer, and what its answers are worth.

Peers answer more than they are asked, the same twice, or without what was asked for;
what comes out here is each thing once, and what was meant.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import StudyQuery
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
from viewer.dicom.identifier_reading import RemoteRow


class Source(Protocol):
    """A connection over which one peer is asked."""

    def answers(self, question: Question) -> Generator[RemoteRow, None, None]:
        """What the peer answers to a question, as it comes.

        Raises
        ------
        PeerFault, Cancelled, EnvironmentFailure
        """


class Asker:
    """Questions to one peer, one after the other."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def studies(self, query: StudyQuery) -> Generator[RemoteStudy, None, None]:
        """The studies a query means, each once, as they come.

        Where a peer does not say the modalities of a study and modalities are asked
        for, its series are looked into; no study is left out for being one of many.
        """
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
        for study in unsaid:
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
        asked = _below(Level.SERIES, key)
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
        asked = _below(Level.INSTANCE, RemoteKey(study_uid, series_uid))
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
        for row in self._answers(question):
            if isinstance(row, RemoteStudy):
                yield row

    def _modalities(self, study: RemoteStudy) -> set[str]:
        return {series.modality for series in self.series(study.key)} - {""}

    def _answers(self, question: Question) -> Iterator[RemoteRow]:
        with closing(self._source.answers(question)) as answers:
            yield from answers


def _below(level: Level, key: RemoteKey) -> Question:
    return Question(level, study_uid=key.study_uid, series_uid=key.series_uid or None)
