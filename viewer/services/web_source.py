"""One peer asked by QIDO-RS."""

from collections.abc import Generator, Mapping

from viewer.core.peers import Peer
from viewer.core.questions import Question
from viewer.core.remote import Level
from viewer.dicom.identifier_reading import RemoteRow, answered_in_json
from viewer.dicom.identifier_writing import to_range
from viewer.dicom.query_tags import RETURNED
from viewer.network.web.qido import Searching


class WebSource:
    """Answers of one peer over HTTP."""

    def __init__(self, peer: Peer, searching: Searching) -> None:
        self._peer, self._searching = peer, searching

    def answers(self, question: Question) -> Generator[RemoteRow, None, None]:
        """See `asker.Source`."""
        level = question.level
        fields = tuple(f"{tag:08X}" for tag in RETURNED[level])
        for row in self._searching.rows(_path(question), _keys(question), fields):
            found = answered_in_json(level, row, self._peer.name)
            if found is not None:
                yield found


def _path(question: Question) -> str:
    """Where the answers lie; PS3.18 table 10.6.1-1."""
    path = "/studies"
    if question.level is not Level.STUDY:
        path += f"/{question.study_uid}/series"
    if question.level is Level.INSTANCE:
        path += f"/{question.series_uid}/instances"
    return path


def _keys(question: Question) -> Mapping[str, str]:
    """What must match, by keyword; PS3.18 table 10.6.1-5."""
    if question.level is Level.STUDY:
        return {
            "StudyInstanceUID": question.study_uid or "",
            "PatientName": question.patient_name,
            "PatientID": question.patient_id,
            "AccessionNumber": question.accession,
            "StudyDescription": question.description,
            "StudyDate": to_range(question.date_from, question.date_to),
            "ModalitiesInStudy": question.modality,
        }
    series = question.series_uid or "" if question.level is Level.SERIES else ""
    return {"SeriesInstanceUID": series, "Modality": question.modality}
