"""What the user has settled: one value, kept in a TOML file people can edit.

They are read ahead of the first paint, so nothing is imported for it but the standard
library: pydantic would take longer than the window itself. tomlkit only writes.
"""

from dataclasses import Field, dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.places import prepare, settings_file
from viewer.services.whole_file import write_whole

if TYPE_CHECKING:
    from psygnal import SignalInstance

Theme = Literal["dark", "light"]


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
    last_folder : str
        Where a file dialog opens; empty means the home folder.
    last_export : str
        The folder the last export went into; empty means the home folder.
    screen_profile : str
        The file with the colour profile of the screens; empty asks the system.
    listen : bool
        Whether the window takes what peers send.
    listen_port : int
    listen_title : str
        Our AE title there.
    listen_callers : tuple of str
        Who may send, as ``TITLE``, ``TITLE@HOST`` or ``@HOST``; empty is everybody.
    offer_priors : bool
        Whether peers are asked for earlier studies of the patient on the screen.
    observer : str
        Who measures, as typed: ``Roe, Jane``; stands in reports of measurements.
    """

    theme: Theme = field(default="dark", metadata={"choices": get_args(Theme)})
    drag_down_brightens: bool = True
    strip_folded: bool = False
    inspector_folded: bool = False
    inspector_sections_folded: tuple[str, ...] = ()
    window_geometry: str = ""
    studies_geometry: str = ""
    last_folder: str = ""
    last_export: str = ""
    screen_profile: str = ""
    listen: bool = False
    listen_port: int = 11112
    listen_title: str = "LIGHTBOX"
    listen_callers: tuple[str, ...] = ()
    offer_priors: bool = True
    observer: str = ""


class DamagedSettings(ViewerError):  # noqa: N818 - the settings, not the program
    """The file is no TOML."""


def read_settings(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings of a file, and a sentence for each value that is not understood.

    Raises
    ------
    DamagedSettings
        If the file as a whole is not understood.
    """
    import tomllib  # noqa: PLC0415 - costs, and a new user has no file

    try:
        stored = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise DamagedSettings(f"The settings in {path} are damaged.") from cause
    except OSError:
        return Settings(), (f"{path} cannot be read; the defaults hold.",)
    good, notes = dict[str, Any](), list[str]()
    for known in fields(Settings):
        if known.name not in stored:
            continue
        value = stored[known.name]
        value = tuple(value) if isinstance(value, list) else value
        if _fits(value, known):
            good[known.name] = value
        else:
            notes.append(f"{known.name} in {path} is not understood.")
    return Settings(**good), tuple(notes)


def _fits(value: object, known: Field[Any]) -> bool:
    """Whether a value is of the type of the default, and one of the choices."""
    if type(value) is not type(known.default):
        return False
    if isinstance(value, tuple):
        return all(isinstance(item, str) for item in value)
    return value in known.metadata.get("choices", (value,))


class SettingsFile:
    """The settings in force, and the file that remembers them.

    Attributes
    ----------
    value : Settings
    notes : tuple of str
        What of the file could not be used, one sentence each.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = settings_file(data_dir)
        self.notes: tuple[str, ...] = ()
        self.value = self._load()

    @cached_property
    def changed(self) -> "SignalInstance":
        """Emitted with the new `Settings`, on the thread that changed them."""
        from psygnal import SignalInstance  # noqa: PLC0415 - after the first paint

        return SignalInstance((Settings,))

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
            prepare(self._path.parent)
            write_whole(self._path, tomlkit.dumps(document).encode())
        except OSError as cause:
            raise EnvironmentFailure(
                "The settings could not be saved.",
                hint=f"Is {self._path.parent} full, or closed to you?",
            ) from cause
