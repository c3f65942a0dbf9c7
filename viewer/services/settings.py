"""What the user has settled: one value, kept in a TOML file people can edit.

Read with the standard library and checked with msgspec, both ahead of the first
paint; pydantic would cost more than the window itself. tomlkit only writes.
"""

import os
import tempfile
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from msgspec import ValidationError, convert
from psygnal import Signal

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.places import prepare, settings_file


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be settled, with the values a new user gets.

    Attributes
    ----------
    theme : str
        ``"dark"`` or ``"light"``; images are on black in both.
    drag_down_brightens : bool
        Whether dragging the window tool downwards makes the picture brighter.
    strip_folded, inspector_folded : bool
        Whether the thumbnails and the inspector beside the images are folded away.
    inspector_sections_folded : tuple of str
        The inspector's sections that are folded, by name.
    window_geometry : str
        Where the main window was, as Qt writes it, in base64; empty at first.
    studies_geometry : str
        The same for the studies page while it is a window of its own.
    study_columns : str
        Order and widths of the columns of the study table, as Qt writes them.
    last_folder : str
        Where a file dialog opens; empty means the home folder.
    """

    theme: Literal["dark", "light"] = "dark"
    drag_down_brightens: bool = True
    strip_folded: bool = False
    inspector_folded: bool = False
    inspector_sections_folded: tuple[str, ...] = ()
    window_geometry: str = ""
    studies_geometry: str = ""
    study_columns: str = ""
    last_folder: str = ""


class DamagedSettings(ViewerError):  # noqa: N818 - the settings, not the program
    """The file is no TOML."""


def read_settings(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings of a file, and a sentence for each value that is not understood.

    Raises
    ------
    DamagedSettings
        If the file as a whole is not understood.
    """
    try:
        stored = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise DamagedSettings(f"The settings in {path} are damaged.") from cause
    except OSError:
        return Settings(), (f"{path} cannot be read; the defaults hold.",)
    good, notes = dict[str, Any](), list[str]()
    for field in fields(Settings):
        if field.name not in stored:
            continue
        try:
            one = convert({field.name: stored[field.name]}, Settings)
        except ValidationError:
            notes.append(f"{field.name} in {path} is not understood.")
        else:
            good[field.name] = getattr(one, field.name)
    return Settings(**good), tuple(notes)


class SettingsFile:
    """The settings in force, and the file that remembers them.

    `changed` is emitted with the new `Settings`, on the thread that changed them.
    `notes` says what of the file could not be used, one sentence each.
    """

    changed = Signal(Settings)

    def __init__(self, data_dir: Path) -> None:
        self._path = settings_file(data_dir)
        self.notes: tuple[str, ...] = ()
        self.value = self._load()

    def change(self, **changes: Any) -> None:
        """Put new values in force and remember them.

        Keys of the file that this version does not know stay, and so do comments and
        what another process has settled meanwhile.

        Raises
        ------
        EnvironmentFailure
            If they cannot be written; they are in force all the same.
        """
        value = replace(self.value, **changes)
        if value == self.value:
            return
        self.value = value
        self.changed.emit(value)
        self._save(changes)

    def _load(self) -> Settings:
        try:
            value, self.notes = read_settings(self._path)
        except DamagedSettings as damage:
            self.notes = (self._put_aside() or damage.message,)
            return Settings()
        return value

    def _put_aside(self) -> str:
        """Keep the damaged file under another name; a sentence if that worked."""
        aside = self._path.with_suffix(".damaged.toml")
        try:
            self._path.replace(aside)
        except OSError:
            return ""
        return f"The settings were damaged and are now {aside}."

    def _save(self, changes: dict[str, Any]) -> None:
        import tomlkit  # noqa: PLC0415 - only writing needs it
        from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

        try:
            document = tomlkit.parse(self._path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, TOMLKitError):
            document = tomlkit.document()
        for name, value in changes.items():
            document[name] = list(value) if isinstance(value, tuple) else value
        try:
            _write(self._path, tomlkit.dumps(document))
        except OSError as cause:
            raise EnvironmentFailure(
                "The settings could not be saved.",
                hint=f"Is {self._path.parent} full, or closed to you?",
            ) from cause


def _write(path: Path, text: str) -> None:
    """Replace the file as a whole: it is the old one or the new one, never half."""
    prepare(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
