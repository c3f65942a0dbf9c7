"""What was received is filed soon at first, and in few goes while more comes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, repeat
from pathlib import Path
from typing import Any

import pytest

from tests.services.import_files import DirectReader, write_image
from viewer.services import store
from viewer.services.filer import patience_after
from viewer.services.lasting import Disk
from viewer.services.library import Library
from viewer.services.receiving import Receiving
from viewer.services.store import Copy, Store


def test_the_first_are_to_be_seen_soon_and_the_others_wait_for_more() -> None:
    first = patience_after(1, 60.0)
    assert first <= 0.25
    flood = list(
        accumulate(repeat(100, 10), lambda t, n: patience_after(n, t), initial=first)
    )
    assert flood == sorted(flood)
    assert flood[1] > first
    assert flood[-1] == flood[-2] <= 1.0
    assert patience_after(1, flood[-1]) == first


def test_what_one_object_spoils_is_filed_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("viewer.services.filer._GATHER_S", 60)
    with Library(tmp_path / "data", DirectReader()) as library:
        file_all, spoiled = library.catalog.file_all, "1.2.3.1.5"

        def spoil(arrivals: Sequence[Any]) -> object:
            uids = [one.record.instance.sop_instance_uid for one in arrivals]
            if spoiled in uids:
                raise LookupError
            return file_all(arrivals)

        monkeypatch.setattr(library.catalog, "file_all", spoil)
        with Receiving(library) as receiving:
            taken = []
            for number in range(1, 12):
                raw = write_image(tmp_path / "a.dcm", number).read_bytes()
                with receiving.begin() as arriving:
                    arriving.write(raw)
                    taken.append(receiving.take(arriving))
        failed = [one for one in taken if one.outcome.exception(timeout=100)]
        assert [one.sop_instance_uid for one in failed] == [spoiled]
        uids = [one.sop_instance_uid for one in taken]
        assert set(uids) - library.catalog.known(uids).keys() == {spoiled}
    assert {record.message for record in caplog.records} == {"not filed"}


@pytest.mark.parametrize("journal", [True, False])
def test_few_folders_are_forced_to_disk_where_moves_have_one_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, journal: bool
) -> None:
    monkeypatch.setattr(Disk, "moves_with_source", journal)
    forced: list[Path] = []
    monkeypatch.setattr(store, "force", forced.append)
    kept = Store(tmp_path / "store")
    workspace = kept.workspace("token")
    copies: list[Copy] = []
    for number in (1, 2, 2, 3):
        waiting = workspace / f"{len(copies)}.part"
        waiting.write_bytes(b"bytes")
        copies.append(Copy(waiting, bytes([number]) * 32))
    with ThreadPoolExecutor(1) as pool:
        kept.place(copies, pool)
    places = {kept.path(copy.sha256) for copy in copies}
    assert all(path.read_bytes() == b"bytes" for path in places)
    everywhere = {path.parent for path in places} | {kept.folder}
    assert set(forced) == ({workspace} if journal else everywhere)
    assert len(set(forced)) == len(forced)
