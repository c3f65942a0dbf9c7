"""Orthanc takes a report of what was measured, and gives it back as it is."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom
import pytest

from tests.dicom.measured_images import DRAWN, groups
from tests.peers.conftest import Peers as RealPeers
from tests.services.import_files import DirectReader, write_image
from viewer.core.annotation import Annotation
from viewer.core.identity import SOPInstanceUID, StudyUID
from viewer.core.measured_report import tracking_uid
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.services.importing import Importing, ImportRequest
from viewer.services.jobs import Silent
from viewer.services.library import Library
from viewer.services.peers import Peers
from viewer.services.sending_measurements import keys_of_measurements
from viewer.services.transfers import open_transfers, work_off
from viewer.services.workers import Workers


@pytest.fixture
def image(peers: RealPeers, tmp_path: Path) -> Iterator[Path]:
    """A slice of a study that Orthanc does not have."""
    study = str(pydicom.uid.generate_uid())
    yield write_image(
        tmp_path / "in/image.dcm",
        SOPInstanceUID=pydicom.uid.generate_uid(),
        SeriesInstanceUID=pydicom.uid.generate_uid(),
        StudyInstanceUID=study,
        PatientName="Παπαδόπουλος^Γιώργος",
        SpecificCharacterSet="ISO_IR 192",
    )
    peers.rest.delete_study(study)


def test_orthanc_takes_a_report_and_gives_it_back(
    peers: RealPeers, image: Path, tmp_path: Path
) -> None:
    ds = pydicom.dcmread(image)
    uid = SOPInstanceUID(str(ds.SOPInstanceUID))
    drawn = [
        Annotation(f"{number:032x}", uid, 1, shape, points)
        for number, (shape, points) in enumerate(DRAWN.items(), 1)
    ]
    with Workers() as workers, Library(tmp_path / "data", DirectReader()) as library:
        Importing(library, DirectReader()).run(ImportRequest((image,)))
        library.save_annotations(drawn)
        study = RemoteKey(StudyUID(str(ds.StudyInstanceUID)))
        (key,) = keys_of_measurements(library, workers, [study], "Σωκράτης, Άννα")
        Peers(library.data_dir).keep(peers.orthanc)
        with open_transfers(library, workers, [Direction.SEND]) as queue:
            added = queue.add(Direction.SEND, peers.orthanc.name, [key])
            (ending,) = work_off(queue, [one.id for one in added], Silent())
        assert (ending.state, ending.done) == (TransferState.DONE, 1)
        ours = Path(library.instance(key.sop_instance_uid).path).read_bytes()
    (name,) = peers.rest.find("Instance", SOPInstanceUID=key.sop_instance_uid)
    theirs = peers.rest.file(name)
    assert pydicom.dcmread(BytesIO(theirs)) == pydicom.dcmread(BytesIO(ours))
    assert set(groups(theirs)) == {tracking_uid(one.uid) for one in drawn}
