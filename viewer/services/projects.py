"""Projects of anonymized export: what leaves, and the key under which it is renamed.

A project is a TOML file people can read, without its key: see `secrets`. Whoever loses
the key makes a new project, in which every patient is a stranger.
"""

import base64
import hashlib
import hmac
import secrets as chance
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from viewer.core.deidentification import Option, Policy, profile
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.pseudonyms import KEY_BYTES, Pseudonyms
from viewer.services.places import prepare
from viewer.services.secrets import PROJECT_KEY, Secrets
from viewer.services.whole_file import write_whole

_LONGEST: Final = 64
_SETTLED: Final = ("keep_documents", "keep_video", "withhold_faces")


@dataclass(frozen=True, slots=True)
class Project:
    """One purpose for which studies are made anonymous, again and again.

    Attributes
    ----------
    name : str
        One line; small letters and capitals are the same.
    policy : Policy
    fingerprint : str
        Tells the project's key from others, and says nothing else about it.
    """

    name: str
    policy: Policy
    fingerprint: str

    def __post_init__(self) -> None:
        name = self.name
        if not 0 < len(name) <= _LONGEST or not name.isprintable() or name.isspace():
            raise ViewerError("A project needs a name of one line, not a long one.")


class Projects:
    """The projects of one data folder. Other processes may make some meanwhile."""

    def __init__(self, data_dir: Path, secrets: Secrets | None = None) -> None:
        self._folder = data_dir / "projects"
        self._secrets = secrets or Secrets(data_dir)

    def all(self) -> tuple[Project, ...]:
        """Every project, by name.

        Raises
        ------
        EnvironmentFailure
            If a file cannot be read or understood.
        """
        try:
            files = sorted(self._folder.glob("*.toml"))
        except OSError as cause:
            raise _damaged(self._folder) from cause
        every = [found for file in files if (found := _read(file)) is not None]
        return tuple(sorted(every, key=lambda project: project.name.casefold()))

    def get(self, name: str) -> Project:
        """The project of a name.

        Raises
        ------
        ViewerError
            If there is none.
        EnvironmentFailure
        """
        found = _read(self._file(name))
        if found is None:
            known = ", ".join(project.name for project in self.all())
            raise ViewerError(
                "There is no project of this name.",
                hint=f"There are: {known}." if known else "There are none yet.",
            )
        return found

    def make(self, name: str, policy: Policy) -> tuple[Project, str]:
        """Begin a project with a key of its own; a sentence if no keyring has it.

        Whoever makes it at the same moment gets the same project.

        Raises
        ------
        ViewerError
            If the name is none, or taken by a project that leaves other things out.
        EnvironmentFailure
            If it cannot be kept.
        """
        there = _read(self._file(name))
        if there is not None:
            return _as_wanted(there, policy), ""
        return self.begin(name, policy, chance.token_bytes(KEY_BYTES))

    def begin(self, name: str, policy: Policy, key: bytes) -> tuple[Project, str]:
        """As `make`, with a key that another computer has made."""
        project = Project(name, policy, fingerprint_of(key))
        kept = self._secrets.keep(_owner(project), _text(key), PROJECT_KEY)
        note = _NO_KEYRING if kept else ""
        if self._put(project, anew=True):
            return project, note
        there = self.get(name)
        if there.fingerprint != project.fingerprint:
            self._secrets.forget(_owner(project))
        return _as_wanted(there, policy), note

    def change(self, name: str, policy: Policy) -> Project:
        """Let a project leave out other things; its pseudonyms stay.

        Raises
        ------
        ViewerError
            If there is no such project.
        EnvironmentFailure
        """
        there = self.get(name)
        changed = Project(there.name, policy, there.fingerprint)
        self._put(changed, anew=False)
        return changed

    def remove(self, name: str) -> None:
        """Forget a project and its key: nobody can go back from its exports any more.

        Raises
        ------
        ViewerError
            If there is no such project.
        EnvironmentFailure
        """
        gone = self.get(name)
        try:
            self._file(name).unlink(missing_ok=True)
        except OSError as cause:
            raise _unkept(self._folder) from cause
        if all(other.fingerprint != gone.fingerprint for other in self.all()):
            self._secrets.forget(_owner(gone))

    def key(self, project: Project) -> bytes:
        """The secret of a project.

        Raises
        ------
        EnvironmentFailure
            If it is not here: another key would give the same patients new names.
        """
        found = self._secrets.read(_owner(project), PROJECT_KEY)
        try:
            key = base64.b64decode(found, validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES or fingerprint_of(key) != project.fingerprint:
            raise EnvironmentFailure(
                "The key of this project is not on this computer.",
                hint="Import it from the file it was exported to, or begin a project.",
            )
        return key

    def pseudonyms(self, project: Project) -> Pseudonyms:
        """The names a project gives.

        Raises
        ------
        EnvironmentFailure
            As `key`.
        """
        return Pseudonyms(self.key(project))

    def _file(self, name: str) -> Path:
        """Where a project is described; any name makes a name of a file."""
        code = hashlib.sha256(name.casefold().encode("utf-8", "surrogatepass"))
        return self._folder / f"{code.hexdigest()[:16]}.toml"

    def _put(self, project: Project, *, anew: bool) -> bool:
        """Write a project down; False if it was to be new and is there already."""
        try:
            prepare(self._folder.parent)
            prepare(self._folder)
            write_whole(self._file(project.name), to_toml(project).encode(), anew=anew)
        except FileExistsError:
            return False
        except OSError as cause:
            raise _unkept(self._folder) from cause
        return True


_NO_KEYRING: Final = (
    "This computer has no keyring: the project's key is in a file of the data folder "
    "that only you can read."
)


def fingerprint_of(key: bytes) -> str:
    """What tells a key from others without giving it away."""
    return hmac.digest(key, b"lightbox project", hashlib.sha256).hex()[:16]


def to_toml(project: Project, **more: str) -> str:
    """A project as text, with further lines a file of its key needs."""
    import tomlkit  # noqa: PLC0415 - only writing needs it

    policy = project.policy
    return tomlkit.dumps(
        {
            "name": project.name,
            "profile": policy.name,
            "options": sorted(str(option) for option in policy.options),
            **{word: getattr(policy, word) for word in _SETTLED},
            "fingerprint": project.fingerprint,
            **more,
        }
    )


def to_project(table: dict[str, Any]) -> Project:
    """The project a file describes.

    Raises
    ------
    ValueError, TypeError, LookupError, ViewerError
        If it describes none.
    """
    plain = profile(table["profile"])
    name, fingerprint = table["name"], table["fingerprint"]
    settled = {word: table[word] for word in _SETTLED}
    if plain is None or not (isinstance(name, str) and isinstance(fingerprint, str)):
        raise ValueError
    if not all(isinstance(value, bool) for value in settled.values()):
        raise ValueError
    options = frozenset(Option(option) for option in table["options"])
    policy = Policy(plain.name, plain.title, plain.sentence, options, **settled)
    return Project(name, policy, fingerprint)


def _as_wanted(there: Project, policy: Policy) -> Project:
    if there.policy != policy:
        raise ViewerError(
            "There is a project of this name, and it leaves other things out.",
            hint="Choose its profile and options, or another name.",
        )
    return there


def _read(file: Path) -> Project | None:
    try:
        return to_project(tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError, ViewerError) as cause:
        raise _damaged(file) from cause


def _owner(project: Project) -> str:
    """Whose secret the key is; no peer can be called so."""
    return f"project\t{project.fingerprint}"


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _damaged(file: Path) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"The project in {file} is not understood.",
        hint="Correct the file, or remove it and import the project's key.",
    )


def _unkept(folder: Path) -> EnvironmentFailure:
    return EnvironmentFailure(
        "The project cannot be kept.", hint=f"Is {folder} full, or closed to you?"
    )
