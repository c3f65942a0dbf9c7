"""What is to be done today: the modality worklist as a peer answers it."""

from dataclasses import dataclass
from datetime import date, time

from viewer.core.identity import StudyUID


@dataclass(frozen=True, slots=True)
class WorklistQuery:
    """What to list. Empty fields ask for everything.

    Attributes
    ----------
    patient, patient_id, accession : str
        Part of the name; part of the ID; part of the accession number.
    modality : str
        One.
    station : str
        AE title of the modality the step is planned at.
    date_from, date_to : date or None
        When the step is planned, both inclusive.
    limit : int or None
    """

    patient: str = ""
    patient_id: str = ""
    accession: str = ""
    modality: str = ""
    station: str = ""
    date_from: date | None = None
    date_to: date | None = None
    limit: int | None = 500


@dataclass(frozen=True, slots=True)
class WorklistItem:
    """One planned procedure step; PS3.4 K.6.1.2.2.

    Attributes
    ----------
    peer : str
        Name of the peer.
    patient_name : str
        Raw PN.
    scheduled_date, scheduled_time : date, time or None
    stations : tuple of str
        AE titles it may be done at.
    step_id, step_description, location : str
    performing_physician, requesting_physician : str
        Raw PN.
    procedure_id, procedure_description, priority : str
    alerts, allergies : str
        What who examines the patient must know.
    """

    peer: str
    study_uid: StudyUID | None
    patient_name: str = ""
    patient_id: str = ""
    issuer: str = ""
    patient_birth_date: date | None = None
    patient_sex: str = ""
    accession_number: str = ""
    modality: str = ""
    scheduled_date: date | None = None
    scheduled_time: time | None = None
    stations: tuple[str, ...] = ()
    step_id: str = ""
    step_description: str = ""
    location: str = ""
    performing_physician: str = ""
    requesting_physician: str = ""
    procedure_id: str = ""
    procedure_description: str = ""
    priority: str = ""
    alerts: str = ""
    allergies: str = ""
