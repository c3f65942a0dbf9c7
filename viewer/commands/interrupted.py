"""Imports that were cut off: offered again when the window opens."""

from functools import partial
from typing import TYPE_CHECKING

from viewer.commands.desk import Desk
from viewer.commands.importing import start_import

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from viewer.services.resuming import Interrupted


def offer_interrupted(desk: Desk) -> None:
    """Ask of each import that nobody works on any more whether it is to go on."""

    def work() -> "Sequence[Interrupted]":
        from viewer.services.resuming import interrupted_imports  # noqa: PLC0415

        return interrupted_imports(desk.library.catalog)

    def done(found: "Sequence[Interrupted]") -> None:
        for one in found:
            _offer(desk, one)

    desk.jobs.submit(work, done, desk.window.failed)


def _offer(desk: Desk, one: "Interrupted") -> None:
    go_on = partial(start_import, desk, one.request)
    forget = partial(_forget, desk, one.token)
    desk.window.notice(
        f"An import was interrupted: {one.progress}.",
        hint=f"Of {one.origin}. What came in before is in the catalog.",
        action=("Continue", go_on),
        otherwise=("Forget", forget),
    )


def _forget(desk: Desk, token: str) -> None:
    work: Callable[[], None] = partial(desk.library.catalog.imports.remove, [token])
    desk.jobs.submit(work, lambda _: None, desk.window.failed)
