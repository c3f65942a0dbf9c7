"""All of a study leaves as one patient's, whatever single files do not say."""

from dataclasses import replace
from typing import Any

import pydicom

from tests.services.export_shop import (
    RESEARCH,
    SCANNED,
    Shop,
    anonymous,
    dicom_files,
    wish,
)
from tests.services.import_files import write_image


def test_an_image_that_lacks_the_institution_is_of_the_same_patient_and_day(
    shop: Shop,
) -> None:
    for number, institution in ((1, "St. Mary"), (2, ""), (3, "St. Mary")):
        study = "1.2.41.2" if number == 3 else "1.2.41.1"
        own: dict[str, Any] = {
            "StudyInstanceUID": study,
            "SeriesInstanceUID": f"{study}.{number}",
            "SOPInstanceUID": f"{study}.{number}.1",
            "InstitutionName": institution,
            "StudyDate": "20240105",
            **SCANNED,
        }
        write_image(shop.folder / f"in/{number}.dcm", number, **own)
    shop.take_in(shop.folder / "in")
    asked = anonymous(wish("1.2.41.1", "1.2.41.2", to=shop.out()))
    assert asked.anonymization is not None
    moving = replace(RESEARCH, withhold_faces=False)
    told = replace(asked.anonymization, policy=moving)
    report = shop.run(replace(asked, anonymization=told))
    assert report.exported == 3
    found = [pydicom.dcmread(path) for path in dicom_files(shop.out())]
    assert len({(ds.PatientID, str(ds.PatientName)) for ds in found}) == 1
    assert len({ds.StudyDate for ds in found}) == 1
    assert found[0].StudyDate != "20240105"
