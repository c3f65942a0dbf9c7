"""`lightbox peers`, `find` and `worklist` against archives in the test's process."""

import io
import json
import sys
from pathlib import Path

import pytest
from pydicom import Dataset
from pydicom.data import get_testdata_file

from tests.cli.shell import Shell
from tests.network.query_archive import Archive, archive, row
from viewer.cli.program import DONE, MISUSED, NO_ENVIRONMENT, REFUSED
from viewer.services.secrets import Secrets


class Peering(Shell):
    """A shell that knows how archives are added."""

    def know(self, name: str, kept: Archive) -> None:
        """Add an archive."""
        assert self.add(name, kept.port) == DONE

    def add(self, name: str, port: int, *more: str) -> int:
        """Add a peer; the status that ends with."""
        return self.run(
            *("peers", "add", name, "--host", "127.0.0.1", "--aet", "ARCHIVE"),
            *("--port", str(port), *more),
        )


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Peering:
    return Peering(tmp_path / "data", capsys)


def studies() -> list[Dataset]:
    return [
        row(1, 1, 1, PatientName="Schmidt^Anna", PatientBirthDate="19700102"),
        row(1, 1, 2, PatientName="Schmidt^Anna", PatientBirthDate="19700102"),
        row(2, 1, 1, PatientName="Müller^Carl", StudyDate="20240203"),
    ]


def test_peers_are_added_listed_changed_and_removed(shell: Peering) -> None:
    assert shell.add("Archive", 104, "--via", "move", "--via", "get") == DONE
    assert shell.add("Archive", 105) == REFUSED
    (peer,) = shell.json("peers", "list")["items"]
    assert (peer["name"], peer["port"], peer["ways"]) == (
        *("Archive", 104, ["move", "get"]),
    )
    assert shell.add("Archive", 105, "--replace") == DONE
    assert shell.json("peers", "list")["items"][0]["port"] == 105
    assert shell.run("peers", "remove", "archive") == DONE
    assert shell.json("peers", "list")["items"] == []
    assert shell.run("peers", "remove", "archive") == REFUSED


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (("--our-aet", "SEVENTEENLETTERS!"), REFUSED),
        (("--ca", "/no/such/file"), REFUSED),
        (("--via", "fax"), MISUSED),
        (("--port", "x"), MISUSED),
        (("--ask-passcode",), MISUSED),
        (("--user", "me", "--ask-passcode"), MISUSED),
    ],
)
def test_what_cannot_be_a_peer_is_not_added(
    shell: Peering, more: tuple[str, ...], status: int
) -> None:
    assert shell.add("Archive", 104, *more) == status
    assert shell.json("peers", "list")["items"] == []


def test_a_passcode_is_asked_for_and_never_shown(
    shell: Peering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("open sesame\n"))
    asked = ("--user", "me", "--ask-passcode", "--tls")
    answer = json.dumps(
        shell.json(
            *("peers", "add", "A", "--host", "h", "--port", "1", "--aet", "A", *asked)
        )
    )
    answer += json.dumps(shell.json("peers", "list"))
    assert "sesame" not in answer
    assert "sesame" not in (shell.folder / "peers.toml").read_text("utf-8")
    assert Secrets(shell.folder).read("A") == "open sesame"
    assert shell.run("peers", "remove", "A") == DONE
    assert Secrets(shell.folder).read("A") == ""


def test_an_echo_answers_or_says_what_is_wrong(shell: Peering) -> None:
    with archive([], roots=("1.2.840.10008.1.1",)) as kept:
        shell.know("Archive", kept)
        assert shell.json("peers", "echo", "archive")["seconds"] > 0
    answer = shell.json("peers", "echo", "archive", status=NO_ENVIRONMENT)
    assert "refuses" in answer["error"]
    assert answer["hint"]


def test_find_lists_studies_as_the_catalog_does(shell: Peering) -> None:
    file = get_testdata_file("CT_small.dcm", download=False)
    assert shell.run("import", str(file)) == DONE
    (here,) = shell.json("studies")["items"]
    with archive(studies()) as kept:
        shell.know("Archive", kept)
        answer = shell.json("find", "Archive", "--patient", "anna schmidt")
    (found,) = answer["items"]
    assert answer["total"] == 1
    unknown_to_peers = {"tags", "body_parts", "conflicts", "missing"}
    assert set(here) - unknown_to_peers <= set(found)
    assert found["peer"] == "Archive"
    assert found["patient_name"] == "Schmidt^Anna"
    assert found["patient_birth_date"] == "1970-01-02"
    assert found["study_date"] is None
    assert (found["instances"], found["local"]) == (None, 0)


def test_find_marks_what_is_here(shell: Peering) -> None:
    file = get_testdata_file("CT_small.dcm", download=False)
    assert shell.run("import", str(file)) == DONE
    (here,) = shell.json("studies")["items"]
    series = shell.json("show", here["study_uid"])["series"][0]["series_uid"]
    known = row(1, StudyInstanceUID=here["study_uid"], SeriesInstanceUID=series)
    with archive([known, row(2)]) as kept:
        shell.know("Archive", kept)
        local = {
            item["study_uid"]: item["local"]
            for item in shell.json("find", "Archive")["items"]
        }
        below = ("find", "Archive", "--study", here["study_uid"], "--level")
        of_series = shell.json(*below, "series")["items"]
        of_instances = shell.json(*below, "instance")["items"]
        elsewhere = shell.json(
            *("find", "Archive", "--study", "2.25.2", "--level", "instance")
        )
    assert local == {here["study_uid"]: 1, "2.25.2": 0}
    assert [one["local"] for one in of_series] == [1]
    assert [one["local"] for one in of_instances] == [0]  # another instance of it
    assert [one["local"] for one in elsewhere["items"]] == [0]


def test_find_goes_down_to_series_and_instances(shell: Peering) -> None:
    with archive(studies()) as kept:
        shell.know("Archive", kept)
        below = ("find", "Archive", "--study", "2.25.1", "--level")
        assert shell.json(*below, "series")["total"] == 1
        answer = shell.json(*below, "instance", "--series", "2.25.1.1")
        assert answer["total"] == 2
        assert shell.run("find", "Archive", "--level", "series") == MISUSED
        assert shell.run("find", "Archive", "--study", "2.25.1") == MISUSED


def test_one_of_several_peers_that_fails_is_named(shell: Peering) -> None:
    with archive(studies()) as kept:
        shell.know("Archive", kept)
        assert shell.add("Gone", 1) == DONE
        answer = shell.json("find", "Archive,Gone", status=REFUSED)
        assert answer["total"] == 2
        (failed,) = answer["failed"]
        assert failed["peer"] == "Gone"
        assert "refuses" in failed["reason"]
        assert shell.json("find", "Gone", status=NO_ENVIRONMENT)["total"] == 0
        assert shell.run("find", "Nobody") == REFUSED
        assert shell.run("find", "Archive", "--date", "yesterday") == MISUSED


def test_find_says_that_there_is_more(shell: Peering) -> None:
    with archive([row(n) for n in range(5)]) as kept:
        shell.know("Archive", kept)
        answer = shell.json("find", "Archive", "--limit", "2")
        assert (answer["total"], answer["more"]) == (2, True)
        assert not shell.json("find", "Archive", "--limit", "5")["more"]
        assert shell.run("find", "Archive", "--limit", "2") == DONE
        assert "--limit" in shell.said()


def test_the_worklist_is_listed_in_the_order_of_its_times(shell: Peering) -> None:
    rows = []
    for number, day in enumerate(("20240203", "20240102"), start=1):
        step = Dataset()
        step.Modality, step.ScheduledProcedureStepStartDate = "CT", day
        rows.append(row(number, ScheduledProcedureStepSequence=[step]))
    with archive(rows) as kept:
        shell.know("Archive", kept)
        items = shell.json("worklist", "Archive", "--modality", "ct")["items"]
        assert [i["scheduled_date"] for i in items] == ["2024-01-02", "2024-02-03"]
        assert shell.json("worklist", "Archive", "--date", "2024-02-01..")["total"] == 1
        assert shell.run("worklist", "Archive") == DONE
