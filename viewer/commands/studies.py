"""Commands of the Studies page: open, file away, mark, copy."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page, Tone
from viewer.commands.opening import open_studies
from viewer.commands.retrieving import fetch, fetch_and_open
from viewer.commands.study_table import to_remote_table, to_table
from viewer.core.counts import counted
from viewer.core.listing import STATUSES, StudySummary
from viewer.services.browsing import Place
from viewer.services.edits import Edit

if TYPE_CHECKING:
    from viewer.core.identity import StudyUID


def _has_selection(desk: Desk) -> bool:
    return bool(desk.browsing.state.selected)


def _is_local(desk: Desk) -> bool:
    return _has_selection(desk) and desk.browsing.state.place is Place.LIBRARY


def _can_open(desk: Desk) -> bool:
    return _is_local(desk) or bool(desk.browsing.state.remote)


def _can_copy(desk: Desk) -> bool:
    return _has_selection(desk) or bool(desk.browsing.state.remote)


def _can_change(desk: Desk) -> bool:
    return _is_local(desk) and desk.edits.can_apply


def _can_restore(desk: Desk) -> bool:
    in_trash = desk.browsing.state.place is Place.TRASH
    return in_trash and _has_selection(desk) and desk.edits.can_apply


def _open_selected(desk: Desk) -> None:
    state = desk.browsing.state
    if state.remote:
        fetch_and_open(desk, state.remote[0], state.series_uid)
        fetch(desk, state.remote[1:])
        return
    open_studies(desk, desk.browsing.selected_uids, desk.browsing.state.series_uid)


def _apply(desk: Desk, edit: Edit) -> None:
    def told(done: Edit) -> None:
        undo = ("Undo", partial(desk.edits.undo_only, done))
        desk.window.notice(done.title, tone=Tone.GOOD, action=undo)

    desk.edits.apply(edit, told)


def _trash(desk: Desk) -> None:
    uids = desk.browsing.selected_uids
    edit = Edit(
        f"{_counted(uids)} moved to the trash.",
        partial(desk.library.trash, uids),
        partial(desk.library.restore, uids),
    )
    _apply(desk, edit)


def _restore(desk: Desk) -> None:
    uids = desk.browsing.selected_uids
    edit = Edit(
        f"{_counted(uids)} restored.",
        partial(desk.library.restore, uids),
        partial(desk.library.trash, uids),
    )
    _apply(desk, edit)


def _set_status(status: str, desk: Desk) -> None:
    before = {s.study_uid: s.status for s in desk.browsing.state.selected}
    uids = tuple(before)

    def revert() -> None:
        for old in sorted(set(before.values())):
            same = tuple(uid for uid in uids if before[uid] == old)
            desk.library.set_status(same, old)

    apply = partial(desk.library.set_status, uids, status)
    _apply(desk, Edit(f"{_counted(uids)} marked {status}.", apply, revert))


def _has_status(status: str, desk: Desk) -> bool:
    selected = desk.browsing.state.selected
    return bool(selected) and all(study.status == status for study in selected)


def _ask_tags(desk: Desk) -> None:
    selected = desk.browsing.state.selected
    shared = [
        tag for tag in selected[0].tags if all(tag in study.tags for study in selected)
    ]

    def ask(known: Sequence[str]) -> None:
        wanted = desk.window.ask_tags(shared, known)
        if wanted is not None:
            _apply(desk, _tagging(desk, selected, shared, wanted))

    desk.jobs.submit(lambda: desk.library.filters().tags, ask, desk.window.failed)


def _tagging(
    desk: Desk,
    studies: Sequence[StudySummary],
    shared: Sequence[str],
    wanted: Sequence[str],
) -> Edit:
    """Give each study what is `wanted`, take away what all had and is wanted no more.

    Tags that only some of the studies have stay where they are.
    """

    def tagged(study: StudySummary) -> tuple[str, ...]:
        kept = [tag for tag in study.tags if tag not in shared or tag in wanted]
        return tuple(dict.fromkeys([*kept, *wanted]))

    def put(tags: dict["StudyUID", tuple[str, ...]]) -> None:
        for uid, values in tags.items():
            desk.library.set_tags(uid, values)

    before = {study.study_uid: study.tags for study in studies}
    after = {study.study_uid: tagged(study) for study in studies}
    title = f"{_counted(after)} tagged."
    return Edit(title, partial(put, after), partial(put, before))


def _copy(desk: Desk) -> None:
    state = desk.browsing.state
    if state.remote:
        desk.window.copy_text(to_remote_table(state.remote))
    else:
        desk.window.copy_text(to_table(state.selected))
    copied = _counted(state.remote or state.selected)
    desk.window.notice(f"{copied} copied as a table.")


def _undone(desk: Desk) -> None:
    desk.edits.undo(lambda edit: desk.window.notice(f"Undone: {edit.title}"))


def _redone(desk: Desk) -> None:
    desk.edits.redo(lambda edit: desk.window.notice(edit.title))


def _counted(studies: "Sequence[object] | dict[StudyUID, tuple[str, ...]]") -> str:
    return counted(len(studies), "study", "studies")


def _status_command(status: str) -> DeskCommand:
    return Command(
        f"studies.mark_{status}",
        f"Mark as {status}",
        partial(_set_status, status),
        enabled=_can_change,
        checked=partial(_has_status, status),
        scope=Page.STUDIES,
        menu="Study/Status",
        group="mark",
    )


STUDY_COMMANDS: tuple[DeskCommand, ...] = (
    Command(
        "studies.open",
        "Open",
        _open_selected,
        enabled=_can_open,
        scope=Page.STUDIES,
        keys=("Return", "Enter"),
        menu="Study",
        group="open",
        icon="folder-open",
    ),
    *(_status_command(status) for status in STATUSES),
    Command(
        "studies.tags",
        "Tags…",
        _ask_tags,
        enabled=_can_change,
        scope=Page.STUDIES,
        keys=("Ctrl+T",),
        menu="Study",
        group="mark",
        icon="tag",
    ),
    Command(
        "studies.trash",
        "Move to the trash",
        _trash,
        enabled=_can_change,
        scope=Page.STUDIES,
        keys=("Del",),
        menu="Study",
        group="trash",
        icon="trash",
    ),
    Command(
        "studies.restore",
        "Restore from the trash",
        _restore,
        enabled=_can_restore,
        scope=Page.STUDIES,
        menu="Study",
        group="trash",
        icon="arrow-counter-clockwise",
    ),
    Command(
        "studies.undo",
        "Undo",
        _undone,
        enabled=lambda desk: desk.edits.can_undo,
        scope=Page.STUDIES,
        keys=("Ctrl+Z",),
        menu="Edit",
        group="undo",
        icon="arrow-counter-clockwise",
    ),
    Command(
        "studies.redo",
        "Redo",
        _redone,
        enabled=lambda desk: desk.edits.can_redo,
        scope=Page.STUDIES,
        keys=("Ctrl+Shift+Z",),
        menu="Edit",
        group="undo",
        icon="arrow-clockwise",
    ),
    Command(
        "studies.copy",
        "Copy the selected rows",
        _copy,
        enabled=_can_copy,
        scope=Page.STUDIES,
        keys=("Ctrl+C",),
        menu="Edit",
        group="copy",
        icon="copy",
    ),
    Command(
        "studies.select_all",
        "Select every study",
        lambda desk: desk.window.select_all_studies(),
        scope=Page.STUDIES,
        keys=("Ctrl+A",),
        menu="Edit",
        group="copy",
    ),
)
