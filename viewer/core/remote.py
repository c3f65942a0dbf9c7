"""What peers say they have, as far as they say it: None is not told."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID

_ANY_SERIES: Final = SeriesUID("")
_ANY_INSTANCE: Final = SOPInstanceUID("")


class Level(StrEnum):
    """What is asked for; PS3.4 C.6."""

    STUDY = "study"
    SERIES = "series"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """A study, one of its series or one of their instances: what can be fetched.

    Empty UIDs below the level that is meant.
    """

    study_uid: StudyUID
    series_uid: SeriesUID = _ANY_SERIES
    sop_instance_uid: SOPInstanceUID = _ANY_INSTANCE

    @property
    def level(self) -> Level:
        """The level the key is of."""
        if self.sop_instance_uid:
            return Level.INSTANCE
        return Level.SERIES if self.series_uid else Level.STUDY


@dataclass(frozen=True, slots=True)
class RemoteStudy:
    """A study as a peer answers it.

    Attributes
    ----------
    peer : str
        Name of the peer.
    patient_name : str
        Raw PN.
    series, instances : int or None
        How many the peer has.
    retrieve_aet : str
        Titles it can be fetched from, as the peer wrote them.
    availability : str
        ``ONLINE``, ``NEARLINE``, ``OFFLINE``, ``UNAVAILABLE`` or empty.
    local : int
        How many of its instances are here already.
    """

    peer: str
    study_uid: StudyUID
    patient_name: str = ""
    patient_id: str = ""
    issuer: str = ""
    patient_birth_date: date | None = None
    patient_sex: str = ""
    study_date: date | None = None
    study_time: time | None = None
    accession_number: str = ""
    description: str = ""
    modalities: tuple[str, ...] = ()
    series: int | None = None
    instances: int | None = None
    institution: str = ""
    referring_physician: str = ""
    retrieve_aet: str = ""
    availability: str = ""
    local: int = 0

    @property
    def key(self) -> RemoteKey:
        """What fetches it."""
        return RemoteKey(self.study_uid)


@dataclass(frozen=True, slots=True)
class RemoteSeries:
    """A series as a peer answers it; see `RemoteStudy`."""

    peer: str
    study_uid: StudyUID
    series_uid: SeriesUID
    modality: str = ""
    number: int | None = None
    description: str = ""
    body_part: str = ""
    laterality: str = ""
    series_date: date | None = None
    instances: int | None = None
    retrieve_aet: str = ""
    availability: str = ""
    local: int = 0

    @property
    def key(self) -> RemoteKey:
        """What fetches it."""
        return RemoteKey(self.study_uid, self.series_uid)


@dataclass(frozen=True, slots=True)
class RemoteInstance:
    """An instance as a peer answers it; see `RemoteStudy`."""

    peer: str
    study_uid: StudyUID
    series_uid: SeriesUID
    sop_instance_uid: SOPInstanceUID
    sop_class_uid: str = ""
    number: int | None = None
    frames: int | None = None
    retrieve_aet: str = ""
    availability: str = ""
    local: int = 0

    @property
    def key(self) -> RemoteKey:
        """What fetches it."""
        return RemoteKey(self.study_uid, self.series_uid, self.sop_instance_uid)
