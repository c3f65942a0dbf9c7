"""What peers send is safe before they are told, and filed a moment later."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.import_files import DirectReader, write_image
from viewer.catalog.filing import Outcome
from viewer.core.errors import (
    EnvironmentFailure,
    MismatchError,
    NotDicomError,
    UnreadableError,
)
from viewer.core.listing import StudyQuery
from viewer.dicom.file_meta import data_set_offset, file_meta
from viewer.services.importing import Importing, ImportRequest
from viewer.services.leases import lease
from viewer.services.library import Library
from viewer.services.receiving import Claim, Receiving, Taken
from viewer.services.recovery import RECEIVE

CT = "1.2.840.10008.5.1.4.1.1.2"
UNSAID = Claim()
EXPLICIT = "1.2.840.10008.1.2.1"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


def bring(
    receiving: Receiving, raw: bytes, claim: Claim = UNSAID, piece: int = 1000
) -> Taken:
    with receiving.begin() as arriving:
        for at in range(0, len(raw), piece):
            arriving.write(raw[at : at + piece])
        return receiving.take(arriving, claim)


def outcome(taken: Taken) -> Outcome:
    return taken.outcome.result(timeout=200)


def listed(library: Library) -> int:
    return sum(study.instances for study in library.search(StudyQuery()).items)


def stored(library: Library) -> dict[bytes, Path]:
    return dict(library.store.all())


def spooled(library: Library) -> list[Path]:
    return sorted((library.store.folder / "incoming").rglob("*.received"))


def test_what_was_taken_has_a_lasting_name_at_once_and_its_row_soon(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    monkeypatch.setattr("viewer.services.filer._GATHER_S", 60)
    with Receiving(library) as receiving:
        taken = bring(receiving, raw, Claim(CT, "1.2.3.1.1"))
        (path,) = spooled(library)
        assert path.read_bytes() == raw
    assert outcome(taken) is Outcome.IMPORTED
    ((sha256, place),) = stored(library).items()
    assert sha256 == hashlib.sha256(raw).digest()
    assert place.read_bytes() == raw
    assert place.stat().st_mode & 0o077 == 0
    assert library.instance("1.2.3.1.1").path == str(place)
    assert library.catalog.jobs.all() == ()
    assert library.store.workspaces() == []


def test_many_objects_are_filed_in_the_order_they_came(
    library: Library, tmp_path: Path
) -> None:
    told: list[bool] = []
    library.changed.connect(lambda: told.append(True))
    with Receiving(library) as receiving:
        taken = [
            bring(receiving, write_image(tmp_path / "a.dcm", number).read_bytes())
            for number in range(1, 151)
        ]
    assert {outcome(one) for one in taken} == {Outcome.IMPORTED}
    assert listed(library) == len(stored(library)) == 150
    assert told


def test_what_comes_twice_is_kept_once(library: Library, tmp_path: Path) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    with Receiving(library) as receiving:
        both = [bring(receiving, raw), bring(receiving, raw)]
        receiving.flush()
        (path,) = stored(library).values()
        number = path.stat().st_ino
        later = bring(receiving, raw)
        assert path.stat().st_ino == number  # untouched: somebody may be reading it
    assert [outcome(one) for one in (*both, later)] == [
        Outcome.IMPORTED,
        Outcome.DUPLICATE,
        Outcome.DUPLICATE,
    ]
    assert listed(library) == 1


def with_our_meta(raw: bytes) -> bytes:
    offset = data_set_offset(raw[:144])
    assert offset is not None
    return file_meta(CT, "1.2.3.1.1", EXPLICIT) + raw[offset:]


def test_an_object_imported_from_a_disc_is_known_when_a_peer_sends_it(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "a.dcm")
    Importing(library).run(ImportRequest((source,)))
    sent = with_our_meta(source.read_bytes())
    assert sent != source.read_bytes()
    with Receiving(library) as receiving:
        taken = bring(receiving, sent)
    assert outcome(taken) is Outcome.DUPLICATE
    assert len(stored(library)) == 1
    assert Path(library.instance("1.2.3.1.1").path).read_bytes() == source.read_bytes()


def test_other_pixels_under_one_uid_are_both_kept(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "a.dcm")
    Importing(library).run(ImportRequest((source,)))
    changed = write_image(tmp_path / "b.dcm", PixelData=os.urandom(512))
    with Receiving(library) as receiving:
        taken = bring(receiving, with_our_meta(changed.read_bytes()))
    assert outcome(taken) is Outcome.OTHER_BYTES
    (conflict,) = library.conflicts()
    assert Path(conflict.path).read_bytes() == with_our_meta(changed.read_bytes())


def test_the_same_bytes_under_another_transfer_syntax_are_a_conflict(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "a.dcm")
    Importing(library).run(ImportRequest((source,)))
    raw = source.read_bytes()
    offset = data_set_offset(raw[:144])
    lying = file_meta(CT, "1.2.3.1.1", "1.2.840.10008.1.2") + raw[offset:]
    with Receiving(library) as receiving:
        taken = bring(receiving, lying)
    assert outcome(taken) is Outcome.OTHER_BYTES


def test_a_referenced_file_that_is_gone_is_replaced_by_what_comes(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "a.dcm")
    raw = source.read_bytes()
    Importing(library).run(ImportRequest((source,), reference=True))
    source.unlink()
    with Receiving(library) as receiving:
        taken = bring(receiving, raw)
    assert outcome(taken) is Outcome.DUPLICATE
    assert Path(library.instance("1.2.3.1.1").path).read_bytes() == raw


@pytest.mark.parametrize(
    ("claim", "raised"),
    [
        (Claim(CT, "1.2.3.1.2"), MismatchError),
        (Claim("1.2.840.10008.5.1.4.1.1.4", "1.2.3.1.1"), MismatchError),
    ],
)
def test_nothing_is_kept_of_what_is_not_what_was_announced(
    library: Library, tmp_path: Path, claim: Claim, raised: type[UnreadableError]
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    with Receiving(library) as receiving:
        with pytest.raises(raised):
            bring(receiving, raw, claim)
        (workspace,) = (library.store.folder / "incoming").iterdir()
        assert list(workspace.iterdir()) == []
    assert stored(library) == {}
    assert listed(library) == 0


@pytest.mark.parametrize("size", [0, 100, 400, 800])
def test_nothing_is_kept_of_what_is_cut_off(
    library: Library, tmp_path: Path, size: int
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()[:size]
    with (
        Receiving(library) as receiving,
        pytest.raises((UnreadableError, NotDicomError)),
    ):
        bring(receiving, raw)
    assert stored(library) == {}


@pytest.mark.parametrize(
    "missing", ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]
)
def test_nothing_is_kept_of_what_does_not_say_where_it_belongs(
    library: Library, tmp_path: Path, missing: str
) -> None:
    raw = write_image(tmp_path / "a.dcm", without=missing).read_bytes()
    with Receiving(library) as receiving, pytest.raises(UnreadableError):
        bring(receiving, raw)
    assert stored(library) == {}


def test_a_disk_with_too_little_room_takes_nothing(
    library: Library, tmp_path: Path
) -> None:
    with (
        Receiving(library, reserve=1 << 60) as receiving,
        pytest.raises(EnvironmentFailure, match="too little room"),
    ):
        bring(receiving, write_image(tmp_path / "a.dcm").read_bytes())


def test_what_the_catalog_refuses_for_a_while_is_filed_afterwards(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_all = library.catalog.file_all

    def refuse(_: object) -> None:
        raise EnvironmentFailure("The catalog is busy with other work.")

    monkeypatch.setattr("viewer.services.filer._RETRY_S", 0.01)
    monkeypatch.setattr(library.catalog, "file_all", refuse)
    with Receiving(library) as receiving:
        taken = bring(receiving, write_image(tmp_path / "a.dcm").read_bytes())
        with pytest.raises(EnvironmentFailure, match="busy"):
            receiving.flush()
        monkeypatch.setattr(library.catalog, "file_all", file_all)
        assert outcome(taken) is Outcome.IMPORTED
    assert library.catalog.jobs.all() == ()


def test_whoever_fails_to_hear_of_new_objects_stops_no_filing(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise LookupError

    library.changed.connect(fail)
    with Receiving(library) as receiving:
        for number in (1, 2):
            bring(receiving, write_image(tmp_path / "a.dcm", number).read_bytes())
            receiving.flush()
    assert listed(library) == 2
    assert {record.message for record in caplog.records} == {"told of new objects"}


def test_what_never_got_its_row_is_found_by_the_next_receiver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    with Library(tmp_path / "data", DirectReader()) as library:

        def refuse(_: object) -> None:
            raise EnvironmentFailure("The disk is full.")

        monkeypatch.setattr(library.catalog, "file_all", refuse)
        with Receiving(library) as receiving:
            bring(receiving, raw)
        (left,) = library.catalog.jobs.all()
        library.catalog.jobs.remove(left.token)
        no_process = 2**22 + 1  # Linux numbers them below
        library.catalog.jobs.add(replace(left, process=no_process))
    with Library(tmp_path / "data", DirectReader()) as library:
        assert listed(library) == 0
        with Receiving(library):
            assert listed(library) == 1
        assert library.catalog.jobs.all() == ()


def test_a_living_receivers_unfinished_files_are_left_alone(
    library: Library, tmp_path: Path
) -> None:
    with Receiving(library) as receiving, receiving.begin() as arriving:
        arriving.write(b"half")
        Importing(library).run(ImportRequest((write_image(tmp_path / "a.dcm"),)))
        assert arriving.path.read_bytes() == b"half"
        with lease(library.catalog.jobs, RECEIVE):
            pass
