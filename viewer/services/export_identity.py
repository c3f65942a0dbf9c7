"""How identities are taken out of an export, with the key that this needs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from viewer import __version__
from viewer.core.deidentification import Option, Recipe
from viewer.core.export import Anonymization, ExportWish
from viewer.services.export_selection import Selection
from viewer.services.projects import Projects


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an export anonymous.

    Attributes
    ----------
    recipe : Recipe
    asked : Anonymization
    new_uid : callable
        What stands for a UID of the library.
    notes : tuple of str
        Of how the project's key is kept.
    """

    recipe: Recipe
    asked: Anonymization
    new_uid: Callable[[str], str]
    notes: tuple[str, ...]


def identity_of(data_dir: Path, asked: Anonymization | None) -> Identity | None:
    """What an export needs of its project, which is begun if it is new.

    Raises
    ------
    ViewerError
        If the project leaves other things out.
    EnvironmentFailure
        If its key is not here.
    """
    if asked is None:
        return None
    projects = Projects(data_dir)
    project, note = projects.make(asked.project, asked.policy)
    key, pseudonyms = projects.key(project), projects.pseudonyms(project)
    recipe = Recipe(asked.policy, key, want_pairs=asked.crosswalk is not None)
    keeps = Option.RETAIN_UIDS in asked.policy.options
    new_uid = str if keeps else pseudonyms.uid
    return Identity(recipe, asked, new_uid, (note,) if note else ())


def export_name(
    wish: ExportWish, selection: Selection, identity: Identity | None
) -> str:
    """What makes two exports the same, so that one can go on with the other's files."""
    parts: list[object] = [__version__, wish.packing.has_dicomdir]
    if identity is not None:
        parts += [identity.asked.policy, identity.new_uid("1.2.3")]
        parts.append(identity.asked.reviews)
    parts += [(one.sha256, one.name) for one in selection.instances]
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()
