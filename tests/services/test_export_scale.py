"""Of many instances none is lost on the way out.

``LIGHTBOX_EXPORTED`` says how many; `make many` exports 30,000, the suite some.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pydicom

from tests.services.export_shop import Shop, anonymous, dicom_files, wish, write_study
from viewer.core.export import Packing
from viewer.core.pseudonyms import Pseudonyms
from viewer.services.projects import Projects
from viewer.services.workers import Workers

EXPORTED = int(os.environ.get("LIGHTBOX_EXPORTED", "600"))
_STUDIES = 6
_HIDDEN = 10  # of each study, which nobody has looked at
_UID = 0x00080018


def test_of_many_instances_each_left_or_was_withheld(tmp_path: Path) -> None:
    each = EXPORTED // _STUDIES
    studies = [
        write_study(tmp_path / "in", n, each - _HIDDEN, PatientID=f"P{n // 2}")
        for n in range(_STUDIES)
    ]
    for study in range(_STUDIES):
        write_hidden(tmp_path / "in", study)
    with Workers(3) as workers:
        shop = Shop(tmp_path, workers)
        shop.take_in(tmp_path / "in")
        asked = anonymous(wish(*studies, to=shop.out(), packing=Packing.DISC))
        report = shop.run(asked)
        projects = Projects(shop.data_dir)
        pseudonyms = projects.pseudonyms(projects.get("study of livers"))
        shop.library.close()
    wanted = each * _STUDIES
    assert report.wanted == wanted
    assert report.exported == wanted - _STUDIES * _HIDDEN
    assert Counter(one.reason for one in report.withheld) == {
        "not-reviewed": _STUDIES * _HIDDEN
    }
    assert report.failed == ()
    assert written_uids(shop.out()) == expected(studies, each - _HIDDEN, pseudonyms)
    account = json.loads((shop.out() / "export.json").read_text())
    assert len(account["files"]) == report.exported == account["exported"]


def write_hidden(folder: Path, study: int) -> None:
    """Screen captures in a series of their own."""
    write_study(
        folder,
        100 + study,
        _HIDDEN,
        StudyInstanceUID=f"1.2.40.{study}",
        PatientID=f"P{study // 2}",
        SeriesNumber=99,
        Modality="OT",
        SOPClassUID="1.2.840.10008.5.1.4.1.1.7",
    )


def written_uids(folder: Path) -> list[str]:
    """SOP Instance UIDs of all files, sorted: none may come twice."""
    return sorted(
        str(pydicom.dcmread(path, specific_tags=[_UID]).SOPInstanceUID)
        for path in dicom_files(folder)
    )


def expected(studies: list[str], images: int, pseudonyms: Pseudonyms) -> list[str]:
    """What the scans are called in the export."""
    old = (f"{study}.1.{image}" for study in studies for image in range(1, images + 1))
    return sorted(map(pseudonyms.uid, old))
