"""An import is a job that says what came of it."""

from pathlib import Path

import pyzipper
from pydicom.data import get_testdata_file

from tests.commands.desks import RememberingWindow, Turns
from viewer.commands.desk import Desk
from viewer.commands.importing import start_import
from viewer.services.importing import ImportRequest


def run(desk: Desk, turns: Turns, window: RememberingWindow, *paths: Path) -> None:
    said = len(window.notices)
    start_import(desk, ImportRequest(paths))
    turns.until(lambda: len(window.notices) > said or window.errors)


def test_a_new_file_is_said_to_be_imported(
    desk: Desk, turns: Turns, window: RememberingWindow
) -> None:
    run(
        desk,
        turns,
        window,
        Path(
            str(
                get_testdata_file("RG1_J2KI.dcm", download=False)
                or get_testdata_file("rtplan.dcm")
            )
        ),
    )
    assert window.notices == ["Imported 1 file in 1 study."]
    assert window.errors == []


def test_a_refused_file_is_listed_behind_the_sentence(
    desk: Desk, turns: Turns, window: RememberingWindow, tmp_path: Path
) -> None:
    text = tmp_path / "note.txt"
    text.write_text("no image")
    run(desk, turns, window, text)
    assert window.notices == ["Nothing new was imported."]
    word, show = window.actions[0]
    show()
    assert word == "Details"
    assert window.calls == ["report of 1"]


def test_what_is_known_already_is_not_imported_again(
    desk: Desk, turns: Turns, window: RememberingWindow
) -> None:
    run(desk, turns, window, Path(str(get_testdata_file("CT_small.dcm"))))
    assert window.notices == ["Nothing new was imported."]


def test_a_locked_archive_asks_for_its_password(
    desk: Desk, turns: Turns, window: RememberingWindow, tmp_path: Path
) -> None:
    archive = tmp_path / "locked.zip"
    with pyzipper.AESZipFile(
        archive, "w", encryption=pyzipper.WZ_AES, compression=pyzipper.ZIP_DEFLATED
    ) as file:
        file.setpassword(b"sesame")
        file.write(str(get_testdata_file("rtplan.dcm")), "plan.dcm")
    run(desk, turns, window, archive)
    word, ask = window.actions[-1]
    ask()
    assert word == "Give the password…"
    assert window.calls == ["ask_import"]
    start_import(desk, ImportRequest((archive,), password="sesame"))  # noqa: S106 - no secret
    turns.until(lambda: len(window.notices) > 1)
    assert window.notices[-1] == "Imported 1 file in 1 study."
