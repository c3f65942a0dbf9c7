"""What other workstations may find here and have brought to them."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.asked import Asked, Row, Rung, literal
from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.listing import SeriesSummary, StudyQuery, StudySummary
from viewer.core.peers import Peer
from viewer.dicom.answer_sets import read_asked, written_answer, written_failures
from viewer.dicom.outgoing import PLAIN, as_it_lies, rewritten
from viewer.network.contexts import to_send
from viewer.network.listener.reading import Piece, Send
from viewer.network.store import Storing, open_store
from viewer.services.frame_ref import FrameRef, check_unchanged
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.dicom.frames import Samples
    from viewer.services.library import Library
    from viewer.services.sending import Decode

_PAGE = 200
_MOST_ANSWERS = 10_000
_MOST_BROUGHT = 100_000


class Shelf:
    """The library as others read it; fulfils `listener.reading.Shelf`.

    Parameters
    ----------
    library : Library
    title : str
        Ours, from which what is found can be retrieved.
    decode : callable
        Decodes frames for those who take nothing compressed.
    """

    def __init__(self, library: "Library", title: str, decode: "Decode") -> None:
        self._library = library
        self._title = title
        self._decode = decode

    def answers(self, raw: bytes, syntax_uid: str) -> Iterator[bytes]:
        """The answers to a question, each as an identifier."""
        asked = read_asked(raw, syntax_uid)
        for number, row in enumerate(self._rows(asked)):
            if number == _MOST_ANSWERS:
                raise ViewerError("The question has too many answers.")
            yield written_answer(asked, row, self._title, syntax_uid)

    def wanted(self, raw: bytes, syntax_uid: str) -> Sequence[Piece]:
        """The objects a request means, in the order of their series."""
        asked = read_asked(raw, syntax_uid)
        names = ("patient_id", "study_uid", "series_uid", "sop_instance_uid")
        keys = {name: asked.key(name) for name in names if asked.key(name)}
        if not keys:
            raise UnreadableError("The request does not say what is wanted.")
        every = Asked(Rung.IMAGE, keys)
        return [
            _Object(filed, self._decode)
            for study in self._studies(every)
            for _, filed in self._instances(every, study)
        ][:_MOST_BROUGHT]

    def failures(self, uids: Sequence[str], syntax_uid: str) -> bytes:
        """The data set that says what was not brought."""
        return written_failures(list(uids), syntax_uid)

    def destination(
        self, title: str, pieces: Sequence[Piece]
    ) -> AbstractContextManager[Send] | None:
        """A way to the peer of that title; None if we know none."""
        data_dir = self._library.data_dir
        peers = [peer for peer in Peers(data_dir).all() if peer.aet == title]
        if not peers:
            return None
        return _sending(peers[0], Secrets(data_dir).passcode(peers[0]), pieces)

    def _rows(self, asked: Asked) -> Iterator[Row]:
        told: set[tuple[str, ...]] = set()
        for study in self._studies(asked):
            row = _study_row(study)
            if asked.rung is Rung.PATIENT:
                key = (row["patient_id"], row["issuer"], row["patient_name"])
                if key not in told:
                    told.add(key)
                    yield row
            elif asked.rung is Rung.STUDY:
                yield row
            elif asked.rung is Rung.SERIES:
                yield from self._series(asked, row)
            else:
                yield from (told_ for told_, _ in self._instances(asked, study))

    def _studies(self, asked: Asked) -> Iterator[StudySummary]:
        """The studies that agree with the keys of patient and study."""
        uids = asked.listed("study_uid")
        if uids:
            found: Iterable[StudySummary] = (
                one
                for uid in uids
                for one in self._library.studies_of_patient(uid)  # not in the trash
                if one.study_uid == uid
            )
        else:
            found = self._searched(asked)
        for study in found:
            if asked.is_meant(_study_row(study)):
                yield study

    def _searched(self, asked: Asked) -> Iterator[StudySummary]:
        """Candidates; whoever is missed here is missed for good, so be generous."""
        begin, _, end = asked.key("study_date").partition("-")
        first = _to_date(begin)
        last = _to_date(end) if "-" in asked.key("study_date") else first
        offset = 0
        while True:
            page = self._library.search(
                StudyQuery(
                    patient_id=literal(asked.key("patient_id")),
                    accession=literal(asked.key("accession_number")),
                    patient=literal(asked.key("patient_name")),
                    date_from=first,
                    date_to=last,
                    limit=_PAGE,
                    offset=offset,
                )
            )
            yield from page.items
            offset += _PAGE
            if len(page.items) < _PAGE:
                return

    def _series(self, asked: Asked, study: Row) -> Iterator[Row]:
        for series in self._library.series(study["study_uid"]):
            row = {**study, **_series_row(series)}
            if asked.is_meant(row):
                yield row

    def _instances(
        self, asked: Asked, study: StudySummary
    ) -> "Iterator[tuple[Row, FiledInstance]]":
        of_study = _study_row(study)
        for series, members in self._library.catalog.filed_series(study.study_uid):
            of_series = {
                **of_study,
                "series_uid": str(series.series_uid),
                "modality": series.modality,
                "series_number": _number(series.number),
            }
            if not asked.is_meant(of_series):
                continue
            for filed in sorted(members, key=_image_number):
                if filed.record is None:
                    continue  # indexed anew when its study is opened
                row = {**of_series, **_instance_row(filed)}
                if asked.is_meant(row):
                    yield row, filed


@dataclass(frozen=True, slots=True)
class _Object:
    """One instance on its way out; fulfils `listener.reading.Piece`."""

    filed: "FiledInstance"
    decode: "Decode"

    @property
    def sop_class_uid(self) -> str:
        """Its class."""
        return self.filed.record.sop_class_uid if self.filed.record else ""

    @property
    def sop_instance_uid(self) -> str:
        """Its UID."""
        return self.filed.sop_instance_uid

    @property
    def lies_in(self) -> str:
        """The transfer syntax of its file."""
        return self.filed.record.transfer_syntax_uid if self.filed.record else ""

    def syntax_for(self, accepted: Sequence[str]) -> str | None:
        """As it lies, or plainly written."""
        return next((uid for uid in (self.lies_in, *PLAIN) if uid in accepted), None)

    def data(self, syntax_uid: str) -> Iterable[bytes]:
        """Its data set in pieces."""
        record, path = self.filed.record, Path(self.filed.path)
        check_unchanged(str(path), self.filed.stamp)
        if record is None or syntax_uid == self.lies_in:
            return as_it_lies(path)
        return rewritten(path, self.lies_in, record.image, syntax_uid, self._frame)

    def _frame(self, number: int) -> "Samples":
        record = self.filed.record
        if record is None or record.image is None:
            raise LookupError("an object without pixels has no frames")
        filed = self.filed
        return self.decode(FrameRef(filed.path, record.image, number, filed.stamp))


@contextlib.contextmanager
def _sending(peer: Peer, secret: str, pieces: Sequence[Piece]) -> Iterator[Send]:
    """Associations to a peer, as many as the classes of the pieces take."""
    kinds = sorted(
        {(one.sop_class_uid, one.lies_in) for one in pieces if isinstance(one, _Object)}
    )
    with contextlib.ExitStack() as own:
        ways: list[tuple[set[str], Storing]] = []
        for contexts in to_send(kinds):
            storing = own.enter_context(open_store(peer, contexts, secret=secret))
            ways.append(({one.abstract for one in contexts}, storing))

        def send(piece: Piece) -> int:
            storing = next(
                way for classes, way in ways if piece.sop_class_uid in classes
            )
            lies_in = piece.lies_in if isinstance(piece, _Object) else ""
            syntax = storing.syntax_for(piece.sop_class_uid, lies_in)
            if syntax is None:
                raise ViewerError("The peer does not take objects of this kind.")
            uid = piece.sop_instance_uid
            return storing.send(
                piece.sop_class_uid, uid, syntax, piece.data(syntax)
            ).status

        yield send


def _study_row(study: StudySummary) -> dict[str, str]:
    return {
        "patient_name": study.patient_name,
        "patient_id": study.patient_id,
        "issuer": study.issuer,
        "patient_birth_date": _day(study.patient_birth_date),
        "patient_sex": study.patient_sex,
        "study_uid": str(study.study_uid),
        "study_date": _day(study.study_date),
        "study_time": _moment(study.study_time),
        "accession_number": study.accession_number,
        "description": study.description,
        "modalities": "\\".join(study.modalities),
        "institution": study.institution,
        "referring_physician": study.referring_physician,
        "series": str(study.series),
        "instances": str(study.instances),
    }


def _series_row(series: SeriesSummary) -> dict[str, str]:
    return {
        "series_uid": str(series.series_uid),
        "modality": series.modality,
        "series_number": _number(series.number),
        "series_description": series.description,
        "body_part": series.body_part,
        "laterality": series.laterality,
        "series_instances": str(series.instances),
    }


def _instance_row(filed: "FiledInstance") -> dict[str, str]:
    record = filed.record
    if record is None:
        return {}
    frames = record.image.pixels.frames if record.image is not None else None
    return {
        "sop_instance_uid": str(filed.sop_instance_uid),
        "sop_class_uid": record.sop_class_uid,
        "number": _number(record.number),
        "frames": _number(frames),
    }


def _image_number(filed: "FiledInstance") -> int:
    return (filed.record.number if filed.record else None) or 0


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%Y%m%d}"


def _moment(at: time | None) -> str:
    return "" if at is None else f"{at:%H%M%S}"


def _to_date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
