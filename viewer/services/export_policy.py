"""What an anonymized export leaves out, told by the words of the command line."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from viewer.core.deidentification import PROFILES, Option, Policy, profile
from viewer.core.errors import ViewerError
from viewer.services.projects import Projects

STRICTEST: Final = "everything-out"
"""The profile where nobody names one."""


def policy_of(  # noqa: PLR0913 - what can be typed
    projects: Projects,
    project: str,
    profile_name: str = "",
    options: Collection[Option] = (),
    *,
    keep_documents: bool = False,
    keep_video: bool = False,
) -> Policy:
    """What a project leaves out: as it was begun, unless something else is said.

    Parameters
    ----------
    projects : Projects
    project : str
        It need not be there yet.
    profile_name : str
        Empty for the project's own, and for a new one `STRICTEST`.
    options : collection of Option
        Besides those of the profile.
    keep_documents, keep_video : bool
        Let them go out as well.

    Raises
    ------
    ViewerError
        If there is no such profile.
    EnvironmentFailure
        If the projects cannot be read.
    """
    folded = project.casefold()
    own = [one.policy for one in projects.all() if one.name.casefold() == folded]
    base = profile(profile_name or STRICTEST) if profile_name or not own else own[0]
    if base is None:
        known = ", ".join(one.name for one in PROFILES)
        raise ViewerError(
            "There is no profile of this name.", hint=f"Profiles: {known}."
        )
    return replace(
        base,
        options=base.options | frozenset(options),
        keep_documents=base.keep_documents or keep_documents,
        keep_video=base.keep_video or keep_video,
    )
