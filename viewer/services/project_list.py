"""The projects as a list shows them, with what has to be known of their keys."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from viewer.core.errors import EnvironmentFailure
from viewer.services.project_keys import export_key, import_key
from viewer.services.projects import Projects


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project.

    Attributes
    ----------
    name : str
    purpose : str
        Its profile, in plain words.
    has_key : bool
        Whether its key is on this computer: without it nothing can be exported.
    """

    name: str
    purpose: str
    has_key: bool


@dataclass(frozen=True, slots=True)
class ProjectList:
    """All projects, and what was just done.

    Attributes
    ----------
    rows : tuple of ProjectRow
    said : str
        A sentence on it; empty at first.
    """

    rows: tuple[ProjectRow, ...]
    said: str = ""


Act = Callable[[Projects], str]
"""Does something to the projects; a sentence on what was done."""


def listed(data_dir: Path, act: Act | None = None) -> ProjectList:
    """The projects after something was done to them. Reads files and the keyring.

    Raises
    ------
    ViewerError
        As what is done.
    """
    projects = Projects(data_dir)
    said = act(projects) if act is not None else ""
    rows = tuple(
        ProjectRow(one.name, one.policy.title, _has_key(projects, one.name))
        for one in projects.all()
    )
    return ProjectList(rows, said)


def exporting_key(name: str, file: Path) -> Act:
    """Write a project's key into a file; see `project_keys.export_key`."""

    def act(projects: Projects) -> str:
        export_key(projects, name, file)
        return f"The key of {name} is in {file}. Keep it as you keep patients' names."

    return act


def importing_key(file: Path) -> Act:
    """Take over a project from a file; see `project_keys.import_key`."""

    def act(projects: Projects) -> str:
        project, note = import_key(projects, file)
        said = f"{project.name} gives the same names here as where its key is from."
        return f"{said} {note}".strip()

    return act


def removing(name: str) -> Act:
    """Forget a project and its key."""

    def act(projects: Projects) -> str:
        projects.remove(name)
        return f"{name} is gone, and its key with it."

    return act


def _has_key(projects: Projects, name: str) -> bool:
    try:
        projects.key(projects.get(name))
    except EnvironmentFailure:
        return False
    return True
