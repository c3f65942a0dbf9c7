"""What is known of one image on the screen: whose it is, from which study."""

from dataclasses import dataclass
from datetime import date, time

from viewer.core.image import Frame
from viewer.core.listing import Age, StudySummary
from viewer.core.records import FileRecord, InstanceRecord, SeriesRecord


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One image with its patient and study; empty or None where not known.

    Attributes
    ----------
    age : str
        At the time of the study: ``65y``.
    number : int
        Frame of the instance, counted from 1.
    """

    patient_name: str  # raw PN
    patient_id: str
    birth_date: date | None
    sex: str
    age: str
    institution: str
    study_description: str
    accession_number: str
    study_date: date | None
    study_time: time | None
    series: SeriesRecord
    instance: InstanceRecord
    number: int = 1

    @property
    def frame(self) -> Frame:
        """The frame that is shown."""
        image = self.instance.image
        return Frame() if image is None else image.frame(self.number)

    @classmethod
    def of_study(
        cls,
        study: StudySummary,
        series: SeriesRecord,
        instance: InstanceRecord,
        number: int = 1,
    ) -> "ImageFacts":
        """An image of an open study."""
        return cls(
            study.patient_name,
            study.patient_id,
            study.patient_birth_date,
            study.patient_sex,
            _age_text(study.age),
            study.institution,
            study.description,
            study.accession_number,
            study.study_date,
            study.study_time,
            series,
            instance,
            number,
        )

    @classmethod
    def of_file(cls, record: FileRecord, number: int = 1) -> "ImageFacts":
        """An image of a file, as the file states it."""
        patient, study = record.patient, record.study
        return cls(
            patient.name,
            patient.patient_id,
            patient.birth_date,
            patient.sex,
            _age_text(_parsed_age(study.patient_age)),
            study.institution,
            study.description,
            study.accession_number,
            study.study_date,
            study.study_time,
            record.series,
            record.instance,
            number,
        )


def _age_text(age: Age | None) -> str:
    return f"{age.value}{age.unit.lower()}" if age else ""


def _parsed_age(raw: str) -> Age | None:
    """VR AS, PS3.5 6.2: three digits and a unit."""
    digits, unit = raw[:-1], raw[-1:]
    return Age(int(digits), unit) if digits.isdecimal() and unit in "YMWD" else None
