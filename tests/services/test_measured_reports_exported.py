"""A report of measurements leaves anonymous like any other object."""

from dataclasses import replace
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset

from tests.dicom.measured_images import DRAWN, groups
from tests.services.export_shop import (
    RESEARCH,
    Shop,
    anonymous,
    dicom_files,
    wish,
    write_study,
)
from viewer.core.annotation import Annotation, Shape
from viewer.core.export import Anonymization
from viewer.core.identity import SOPInstanceUID, StudyUID
from viewer.core.measured_report import tracking_uid
from viewer.core.remote import RemoteKey
from viewer.core.withholding import Reason
from viewer.services.sending_measurements import keys_of_measurements
from viewer.services.station import station_uid

DRAWING = "0123456789abcdef0123456789abcdef"
SECRETS = (b"Roe", b"Jane", b"Muster", b"P1", b"19700517", b"1.2.40.1")


def exported(shop: Shop) -> tuple[Path, list[Dataset]]:
    """The report of a study that was exported with it, and the images."""
    study = StudyUID(write_study(shop.folder / "in", 1, images=1))
    shop.take_in(shop.folder / "in")
    image = SOPInstanceUID(f"{study}.1.1")
    ellipse = Annotation(DRAWING, image, 1, Shape.ELLIPSE, DRAWN[Shape.ELLIPSE])
    shop.library.save_annotations([ellipse])
    keys_of_measurements(shop.library, shop.workers, [RemoteKey(study)], "Roe, Jane")
    asked = wish(study, to=shop.out())
    strict = shop.run(replace(anonymous(asked), target=shop.out("strict")))
    assert [one.reason for one in strict.withheld] == [Reason.STRUCTURED]
    research = Anonymization("study of lungs", RESEARCH)
    report = shop.run(replace(asked, anonymization=research))
    assert report.withheld == ()
    found = {path: pydicom.dcmread(path) for path in dicom_files(shop.out())}
    ((path, _),) = ((p, ds) for p, ds in found.items() if ds.Modality == "SR")
    return path, [ds for ds in found.values() if ds.Modality != "SR"]


def test_an_anonymous_report_names_nobody_and_follows_its_images(shop: Shop) -> None:
    path, images = exported(shop)
    content = path.read_bytes()
    station = station_uid(shop.data_dir).encode()
    for secret in (*SECRETS, station, tracking_uid(DRAWING).encode()):
        assert secret not in content
    (group,) = groups(content).values()
    (source,) = group.roi.ContentSequence
    assert [source.referenced_sop_instance_uid] == [ds.SOPInstanceUID for ds in images]
    assert group.roi.value.tolist() == [[6.5, 2.5], [6.5, 13.5], [4, 8], [9, 8]]
    area = [
        one.value for one in group.get_measurements() if one.name.value == "42798000"
    ]
    assert len(area) == 1
