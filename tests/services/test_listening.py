"""What peers send comes into the catalog, byte for byte; TLS and the list hold."""

import logging
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE

from tests.network.steady import steady
from tests.services.import_files import DirectReader, write_image, write_series
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer, Tls
from viewer.dicom.file_meta import data_set_offset
from viewer.network.echo import echo
from viewer.network.faults import PeerFault
from viewer.network.quiet import hush
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest, Received, to_allowed

hush()
steady()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


def request(**changed: object) -> ListenRequest:
    return ListenRequest(port=0, host="127.0.0.1", **changed)  # type: ignore[arg-type] # a shorthand


def sent(port: int, *paths: Path) -> list[int]:
    """The status of each C-STORE."""
    ae = AE("CALLER")
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    association = ae.associate("127.0.0.1", port, ae_title="LIGHTBOX")
    assert association.is_established
    found = [association.send_c_store(path).Status for path in paths]
    association.release()
    return found


def data_set(path: Path) -> bytes:
    raw = path.read_bytes()
    offset = data_set_offset(raw[:144])
    assert offset is not None
    return raw[offset:]


def listed(library: Library) -> int:
    return sum(study.instances for study in library.search(StudyQuery()).items)


def test_what_is_sent_is_in_the_catalog_byte_for_byte(
    library: Library, tmp_path: Path
) -> None:
    paths = sorted(write_series(tmp_path / "in", 20).iterdir())
    with Listening(library, request()) as here:
        assert sent(here.port, *paths) == [0] * 20
        here.flush()
        assert listed(library) == 20
        assert sent(here.port, *paths[:5]) == [0] * 5
    assert here.received.imported == 20
    assert here.received.duplicates == 5
    for number, path in enumerate(paths, 1):
        kept = Path(library.instance(f"1.2.3.1.{number}").path)
        assert data_set(kept) == data_set(path)
    assert library.store.workspaces() == []


def test_what_lacks_its_uids_is_refused_and_counted(
    library: Library, tmp_path: Path
) -> None:
    bad = write_image(tmp_path / "a.dcm", without="StudyInstanceUID")
    with Listening(library, request()) as here:
        assert sent(here.port, bad) == [0xC000]
    assert here.received == Received(refused=1)
    assert listed(library) == 0


def test_a_full_disk_is_said_to_the_sender(library: Library, tmp_path: Path) -> None:
    paths = sorted(write_series(tmp_path / "in", 2).iterdir())
    with Listening(library, request(reserve=1 << 60)) as here:
        assert sent(here.port, *paths) == [0xA700, 0xA700]
    assert here.received == Received(refused=2)


def test_no_value_of_an_image_is_ever_logged(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = write_image(tmp_path / "in/1.dcm")
    changed = write_image(tmp_path / "in/2.dcm", StudyDescription="Befund")
    nameless = write_image(tmp_path / "in/3.dcm", 3, without="SeriesInstanceUID")
    with caplog.at_level(logging.DEBUG), Listening(library, request()) as here:
        assert sent(here.port, good, changed, nameless) == [0, 0, 0xC000]
    assert here.received.conflicts == 1
    values = {"Muster", "P1", "1970", "Befund", "Thorax", "1.2.3.1", "CALLER"}
    assert {value for value in values if value in caplog.text} == set()


def test_two_listeners_fill_one_catalog(tmp_path: Path) -> None:
    paths = sorted(write_series(tmp_path / "in", 10).iterdir())
    with (
        Library(tmp_path / "data", DirectReader()) as one,
        Library(tmp_path / "data", DirectReader()) as other,
        Listening(one, request()) as first,
        Listening(other, request()) as second,
    ):
        assert sent(first.port, *paths[:6]) == [0] * 6
        assert sent(second.port, *paths[4:]) == [0] * 6
        first.flush()
        second.flush()
        assert listed(one) == listed(other) == 10


def test_callers_are_described_in_short() -> None:
    assert to_allowed("STORE").title == "STORE"
    local = to_allowed("STORE@localhost")
    assert "127.0.0.1" in local.addresses
    assert to_allowed("@127.0.0.1").title == ""
    with pytest.raises(ViewerError, match="cannot be an AE title"):
        to_allowed("far too long for a title")
    with pytest.raises(ViewerError, match="not known"):
        to_allowed("A@no-such-host.invalid")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, one certificate of it, and one nobody signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    for name in ("ca", "stranger"):
        subject = ["-subj", f"/CN={name}"]
        openssl(
            "req",
            "-x509",
            *new,
            *subject,
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.crt",
        )
    openssl(
        "req",
        *new[:3],
        "-subj",
        "/CN=localhost",
        "-keyout",
        "one.key",
        "-out",
        "one.csr",
    )
    openssl(
        *("x509", "-req", "-in", "one.csr", "-CA", "ca.crt", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-days", "2", "-out", "one.crt"),
    )
    return folder


def encrypted_echo(port: int, folder: Path, shown: str) -> bool:
    certificate = folder / f"{shown}.crt" if shown else None
    tls = Tls(None, certificate, folder / f"{shown}.key", verify=False)
    try:
        echo(Peer("here", "127.0.0.1", port, "LIGHTBOX", tls=tls))
    except PeerFault:
        return False
    return True


def test_with_tls_only_who_shows_a_certificate_is_heard(
    library: Library, certificates: Path
) -> None:
    tls = Tls(
        certificates / "ca.crt", certificates / "one.crt", certificates / "one.key"
    )
    with Listening(library, request(tls=tls)) as here:
        assert encrypted_echo(here.port, certificates, "one")
        assert not encrypted_echo(here.port, certificates, "stranger")
        assert not encrypted_echo(here.port, certificates, "")
        assert encrypted_echo(here.port, certificates, "one")


def test_tls_without_a_certificate_of_ours_is_refused(library: Library) -> None:
    with pytest.raises(EnvironmentFailure, match="certificate"):
        Listening(library, request(tls=Tls()))
