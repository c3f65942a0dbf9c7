"""Projects of anonymized exports: which there are, and where their keys go."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand

if TYPE_CHECKING:
    from viewer.services.project_list import Act, ProjectList


def show_projects(desk: Desk) -> None:
    """List the projects."""
    change_projects(desk, None, desk.window.show_projects)


def change_projects(
    desk: Desk,
    act: "Act | None",
    then: "Callable[[ProjectList], None]",
    failed: Callable[[BaseException], None] | None = None,
) -> None:
    """Do something to the projects and tell what there is then, or what failed."""

    def work() -> "ProjectList":
        from viewer.services.project_list import listed  # noqa: PLC0415 - heavy

        return listed(desk.data_dir, act)

    desk.jobs.submit(work, then, failed or desk.window.failed)


PROJECT_COMMANDS: tuple[DeskCommand, ...] = (
    Command(
        "file.projects",
        "Projects of anonymized exports…",
        show_projects,
        menu="File",
        group="export",
    ),
)
