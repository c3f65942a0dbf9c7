"""After 500 studies of an archive that does not say modalities others were left out."""

from collections.abc import Generator
from itertools import islice

from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.questions import Question
from viewer.core.remote import Level, RemoteSeries, RemoteStudy
from viewer.dicom.identifier_reading import RemoteRow
from viewer.services.asker import Asker

STUDIES = 700


class Reticent:
    """Every study, whatever is asked for; every other is MR, as its series say."""

    def __init__(self) -> None:
        self.looked_into = 0

    def answers(self, question: Question) -> Generator[RemoteRow, None, None]:
        """See `asker.Source`."""
        if question.level is Level.STUDY:
            for number in range(STUDIES):
                yield RemoteStudy("Archive", StudyUID(f"1.2.{number}"))
        elif question.study_uid is not None:
            self.looked_into += 1
            odd = int(question.study_uid.rpartition(".")[2]) % 2
            series = SeriesUID(f"{question.study_uid}.1")
            yield RemoteSeries(
                "Archive", question.study_uid, series, "MR" if odd else "CT"
            )


def test_every_study_of_the_modality_is_found() -> None:
    found = list(Asker(Reticent()).studies(StudyQuery(modalities=("MR",))))
    assert len(found) == STUDIES // 2
    assert {study.modalities for study in found} == {("MR",)}


def test_no_more_is_looked_into_than_is_listed() -> None:
    source = Reticent()
    studies = Asker(source).studies(StudyQuery(modalities=("MR",)))
    assert len(list(islice(studies, 10))) == 10
    assert source.looked_into == 20
