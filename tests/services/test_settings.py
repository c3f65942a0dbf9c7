"""What the user settled is there again, whatever happened to the file."""

from pathlib import Path

import pytest

from viewer.core.errors import EnvironmentFailure
from viewer.services.places import settings_file
from viewer.services.settings import Settings, SettingsFile


def write(folder: Path, text: str) -> Path:
    path = settings_file(folder)
    path.write_text(text, "utf-8")
    return path


def test_a_new_user_gets_the_defaults_and_no_file(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "new").value == Settings()
    assert not (tmp_path / "new").exists()


def test_settings_are_there_again(tmp_path: Path) -> None:
    sections = ("window", "image")
    SettingsFile(tmp_path).change(theme="light", inspector_sections_folded=sections)
    again = SettingsFile(tmp_path)
    assert again.value.theme == "light"
    assert again.value.inspector_sections_folded == sections
    assert again.notes == ()


def test_a_change_is_announced_once_with_the_new_value(tmp_path: Path) -> None:
    settings, heard = SettingsFile(tmp_path), list[Settings]()
    settings.changed.connect(heard.append)
    settings.change(strip_folded=True)
    settings.change(strip_folded=True)
    assert heard == [Settings(strip_folded=True)]


def test_keys_of_a_newer_version_and_comments_stay(tmp_path: Path) -> None:
    path = write(tmp_path, "# mine\nfrom_the_future = 3\n")
    SettingsFile(tmp_path).change(theme="light")
    text = path.read_text("utf-8")
    assert "# mine" in text
    assert "from_the_future = 3" in text


def test_what_another_process_settled_meanwhile_stays(tmp_path: Path) -> None:
    one, other = SettingsFile(tmp_path), SettingsFile(tmp_path)
    one.change(theme="light")
    other.change(strip_folded=True)
    assert SettingsFile(tmp_path).value == Settings(theme="light", strip_folded=True)


def test_a_value_that_is_not_understood_leaves_the_others(tmp_path: Path) -> None:
    write(tmp_path, 'theme = "pink"\nstrip_folded = true\n')
    settings = SettingsFile(tmp_path)
    assert settings.value == Settings(strip_folded=True)
    assert len(settings.notes) == 1
    assert "theme" in settings.notes[0]


@pytest.mark.parametrize("damage", [b"theme = [", b"\xff\xfe\x00", b"a = 1\na = 2\n"])
def test_a_damaged_file_is_put_aside_not_lost(tmp_path: Path, damage: bytes) -> None:
    settings_file(tmp_path).write_bytes(damage)
    settings = SettingsFile(tmp_path)
    assert settings.value == Settings()
    assert settings_file(tmp_path).with_suffix(".damaged.toml").read_bytes() == damage
    assert "damaged" in settings.notes[0]


def test_settings_that_cannot_be_saved_hold_until_the_end(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings = SettingsFile(blocked / "data")
    with pytest.raises(EnvironmentFailure):
        settings.change(theme="light")
    assert settings.value.theme == "light"


def test_nothing_half_written_stays_beside_the_file(tmp_path: Path) -> None:
    SettingsFile(tmp_path).change(theme="light")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("value", ["1", '"yes"', "[true]", "2026-01-01"])
def test_a_value_of_another_type_is_not_taken(tmp_path: Path, value: str) -> None:
    write(tmp_path, f"strip_folded = {value}\nlast_folder = {value}\n")
    settings = SettingsFile(tmp_path)
    assert settings.value.strip_folded is False
    assert settings.value.last_folder == ("yes" if value == '"yes"' else "")


def test_a_list_of_anything_but_text_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path, 'inspector_sections_folded = ["window", 3]\n')
    assert SettingsFile(tmp_path).value == Settings()
