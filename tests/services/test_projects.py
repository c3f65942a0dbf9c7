"""A project keeps its key: same patients, same names, on every computer that has it."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from viewer.core.deidentification import PROFILES, Option
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.pseudonyms import PatientKey
from viewer.services.project_keys import export_key, import_key
from viewer.services.projects import Projects

RESEARCH, *_, EVERYTHING = PROFILES
JANE = PatientKey.of(patient_id="7", issuer="North")

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


@pytest.fixture(autouse=True)
def no_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # theirs
    yield
    keyring.set_keyring(before)


@pytest.fixture
def projects(tmp_path: Path) -> Projects:
    return Projects(tmp_path / "data")


def test_a_project_is_made_once_and_names_patients_alike_ever_after(
    projects: Projects, tmp_path: Path
) -> None:
    made, note = projects.make("Lung nodules", RESEARCH)
    assert "only you can read" in note
    secrets = (tmp_path / "data" / "secrets.json").read_bytes()
    again, note = projects.make("LUNG nodules", RESEARCH)
    assert note == ""
    assert (tmp_path / "data" / "secrets.json").read_bytes() == secrets
    later = Projects(tmp_path / "data")
    assert made == again == later.get("lung nodules") == later.all()[0]
    assert projects.pseudonyms(made).patient(JANE) == later.pseudonyms(again).patient(
        JANE
    )


def test_two_projects_have_nothing_in_common(projects: Projects) -> None:
    one, _ = projects.make("One", RESEARCH)
    two, _ = projects.make("Two", RESEARCH)
    names = {projects.pseudonyms(p).patient(JANE) for p in (one, two)}
    assert len(names) == 2
    assert [project.name for project in projects.all()] == ["One", "Two"]


def test_what_a_project_leaves_is_kept_and_can_be_changed(projects: Projects) -> None:
    policy = replace(
        EVERYTHING,
        options=frozenset({Option.RETAIN_UIDS, Option.CLEAN_PIXELS}),
        keep_video=True,
    )
    made, _ = projects.make("P", policy)
    assert projects.get("P").policy == policy
    with pytest.raises(ViewerError, match="leaves other things out"):
        projects.make("p", RESEARCH)
    changed = projects.change("P", RESEARCH)
    assert projects.get("P") == changed == replace(made, policy=RESEARCH)
    assert projects.key(changed) == projects.key(made)


def test_its_file_says_everything_but_the_key(
    projects: Projects, tmp_path: Path
) -> None:
    made, _ = projects.make("P", RESEARCH)
    (file,) = (tmp_path / "data" / "projects").iterdir()
    text = file.read_text()
    assert 'profile = "research"' in text
    assert "retain-modified-dates" in text
    key = projects.key(made)
    assert key.hex() not in text
    assert "key" not in text.replace("fingerprint", "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_removed_project_is_gone_with_its_key(
    projects: Projects, tmp_path: Path
) -> None:
    made, _ = projects.make("P", RESEARCH)
    projects.make("Q", RESEARCH)
    projects.remove("p")
    with pytest.raises(ViewerError, match="no project") as failure:
        projects.get("P")
    assert failure.value.hint == "There are: Q."
    assert made.fingerprint not in (tmp_path / "data" / "secrets.json").read_text()


def test_without_its_key_a_project_names_nobody(
    projects: Projects, tmp_path: Path
) -> None:
    made, _ = projects.make("P", RESEARCH)
    secrets = tmp_path / "data" / "secrets.json"
    for spoilt in ("{}", secrets.read_text().replace("=", "")):
        secrets.write_text(spoilt)
        with pytest.raises(EnvironmentFailure, match="key of this project"):
            projects.pseudonyms(made)


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "x" * 65])
def test_a_project_needs_a_name_of_one_line(projects: Projects, name: str) -> None:
    with pytest.raises(ViewerError, match="needs a name"):
        projects.make(name, RESEARCH)
    assert projects.all() == ()


def test_names_of_any_script_make_files(projects: Projects) -> None:
    for name in ("肺 / 研究", "../../etc", "a" * 64, "CON"):
        made, _ = projects.make(name, RESEARCH)
        assert projects.get(name) == made


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:40],
        lambda text: text.replace("research", "no profile"),
        lambda text: text.replace("retain-modified-dates", "retain-names"),
        lambda text: text.replace("keep_video = false", 'keep_video = "no"'),
    ],
)
def test_a_damaged_project_is_told_and_left_alone(
    projects: Projects,
    tmp_path: Path,
    spoil: Callable[[str], str],
) -> None:
    projects.make("P", RESEARCH)
    (file,) = (tmp_path / "data" / "projects").iterdir()
    file.write_text(spoil(file.read_text()))
    before = file.read_text()
    for ask in (projects.all, lambda: projects.make("P", RESEARCH)):
        with pytest.raises(EnvironmentFailure, match="not understood"):
            ask()
    assert file.read_text() == before


def _made_elsewhere(data_dir: str) -> str:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # theirs
    projects = Projects(Path(data_dir))
    made, _ = projects.make("Race", RESEARCH)
    return projects.get("Race").fingerprint + made.fingerprint


def _made_alone(data_dir: str, number: int) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # theirs
    Projects(Path(data_dir)).make(f"P{number}", RESEARCH)


def test_processes_that_make_it_at_once_get_one_project(tmp_path: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        prints = pool.map(_made_elsewhere, [str(tmp_path / "data")] * 9, chunksize=1)
    assert len(set(prints)) == 1
    assert prints[0][:16] == prints[0][16:]
    projects = Projects(tmp_path / "data")
    (only,) = projects.all()
    assert only.fingerprint == prints[0][:16]
    assert len(projects.key(only)) == 32


def test_no_key_is_lost_to_a_process_that_keeps_another_one(tmp_path: Path) -> None:
    data_dir = str(tmp_path / "data")
    with get_context("spawn").Pool(3) as pool:
        pool.starmap(_made_alone, [(data_dir, n) for n in range(30)], chunksize=1)
    projects = Projects(tmp_path / "data")
    assert len({projects.key(project) for project in projects.all()}) == 30


def test_a_colleague_who_imports_the_key_gives_the_same_names(
    projects: Projects, tmp_path: Path
) -> None:
    made, _ = projects.make("P", RESEARCH)
    export_key(projects, "P", tmp_path / "p.key")
    theirs = Projects(tmp_path / "theirs")
    taken, note = import_key(theirs, tmp_path / "p.key")
    assert "only you can read" in note
    assert taken == made
    assert theirs.key(taken) == projects.key(made)


def test_importing_brings_a_lost_key_back_and_keeps_what_is_settled(
    projects: Projects, tmp_path: Path
) -> None:
    made, _ = projects.make("P", RESEARCH)
    key = projects.key(made)
    export_key(projects, "P", tmp_path / "p.key")
    projects.change("P", EVERYTHING)
    (tmp_path / "data" / "secrets.json").unlink()
    taken, _ = import_key(projects, tmp_path / "p.key")
    assert taken.policy == EVERYTHING
    assert projects.key(taken) == key


def test_a_key_never_takes_the_place_of_another_projects(
    projects: Projects, tmp_path: Path
) -> None:
    projects.make("P", RESEARCH)
    other = Projects(tmp_path / "other")
    other.make("P", RESEARCH)
    export_key(other, "P", tmp_path / "p.key")
    with pytest.raises(ViewerError, match="Another project"):
        import_key(projects, tmp_path / "p.key")


def test_a_key_is_never_written_over_a_file(projects: Projects, tmp_path: Path) -> None:
    projects.make("P", RESEARCH)
    file = tmp_path / "thesis"
    file.write_text("mine")
    with pytest.raises(ViewerError, match="never written over"):
        export_key(projects, "P", file)
    assert file.read_text() == "mine"
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        export_key(projects, "P", tmp_path / "nowhere" / "p.key")


@pytest.mark.parametrize("text", [b"", b"\xff", b'key = "AAAA"', b"[[["])
def test_what_is_no_key_is_refused(
    projects: Projects, tmp_path: Path, text: bytes
) -> None:
    (tmp_path / "p.key").write_bytes(text)
    with pytest.raises(ViewerError, match="holds no key"):
        import_key(projects, tmp_path / "p.key")
    with pytest.raises(EnvironmentFailure, match="cannot be read"):
        import_key(projects, tmp_path / "other.key")


def test_a_key_that_is_not_that_of_its_project_is_refused(
    projects: Projects, tmp_path: Path
) -> None:
    made, _ = projects.make("P", RESEARCH)
    export_key(projects, "P", tmp_path / "p.key")
    text = (tmp_path / "p.key").read_text()
    (tmp_path / "q.key").write_text(text.replace(made.fingerprint, "0" * 16))
    with pytest.raises(ViewerError, match="holds no key"):
        import_key(projects, tmp_path / "q.key")


@posix
def test_no_other_user_can_read_key_or_projects() -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    base = Path(tempfile.mkdtemp(prefix="lightbox-"))
    try:
        base.chmod(0o755)
        projects = Projects(base / "data")
        projects.make("P", RESEARCH)
        export_key(projects, "P", base / "p.key")
        (base / "open").write_text("anybody")
        secret = [base / "p.key", base / "data" / "secrets.json"]
        secret += (base / "data" / "projects").iterdir()
        assert _read_as_nobody(base / "open") == b"anybody"
        assert [_read_as_nobody(file) for file in secret] == [b""] * 3
    finally:
        shutil.rmtree(base)


def _read_as_nobody(file: Path) -> bytes:
    command = ["cat", str(file)]
    found = subprocess.run(
        command, capture_output=True, check=False, user=65534, group=65534
    )
    return found.stdout
