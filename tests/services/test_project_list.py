"""The list of projects says whose key is here."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from viewer.core.deidentification import PROFILES
from viewer.core.errors import ViewerError
from viewer.services.project_list import (
    ProjectRow,
    exporting_key,
    importing_key,
    listed,
    removing,
)
from viewer.services.projects import Projects


@pytest.fixture(autouse=True)
def no_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # theirs
    yield
    keyring.set_keyring(before)


def test_what_is_done_to_projects_is_told_with_what_there_is_then(
    tmp_path: Path,
) -> None:
    data, file = tmp_path / "data", tmp_path / "p.key"
    assert listed(data).rows == ()
    Projects(data).make("P", PROFILES[1])
    here = ProjectRow("P", "Teaching file", has_key=True)
    assert listed(data, exporting_key("P", file)).rows == (here,)
    (data / "secrets.json").unlink()
    assert listed(data).rows == (ProjectRow("P", "Teaching file", has_key=False),)
    brought = listed(data, importing_key(file))
    assert brought.rows == (here,)
    assert "only you can read" in brought.said
    assert listed(data, removing("P")).rows == ()
    with pytest.raises(ViewerError, match="no project"):
        listed(data, removing("P"))
