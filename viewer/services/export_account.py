"""What became of each instance of an export, added up: none may be missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from viewer.core.export import FAILED, ExportReport, NotExported
from viewer.core.withholding import Reason
from viewer.services.export_part import Entry
from viewer.services.export_selection import Chosen, Selection

Files = Sequence[tuple[Chosen, str, Entry]]
"""What was written: the original, the file's name below the export, its entry."""


def files_of(
    selection: Selection, entries: Mapping[int, Entry], ending: str
) -> list[tuple[Chosen, str, Entry]]:
    """What was written, in the order of the export."""
    return [
        (one, one.name + ending, entries[number])
        for number, one in enumerate(selection.instances)
        if entries[number].size
    ]


def account(
    selection: Selection, entries: Mapping[int, Entry], files: Files
) -> ExportReport:
    """The report of what lies in the export."""
    withheld, failed = list(selection.conflicts), list[NotExported]()
    for number, one in enumerate(selection.instances):
        entry = entries[number]
        if entry.withheld:
            withheld.append(_withheld(one, entry))
        elif entry.failed:
            failed.append(NotExported(one.uid, FAILED, entry.failed))
    names = [name.split("/") for _, name, _ in files]
    return ExportReport(
        wanted=len(selection.instances) + len(selection.conflicts),
        exported=len(files),
        withheld=tuple(withheld),
        failed=tuple(failed),
        patients=len({name[0] for name in names}),
        studies=len({tuple(name[:2]) for name in names}),
        series=len({tuple(name[:3]) for name in names}),
        files=len(files),
        bytes=sum(entry.size for _, _, entry in files),
        cautions=Counter(word for _, _, entry in files for word in entry.cautions),
    )


def _withheld(one: Chosen, entry: Entry) -> NotExported:
    return NotExported(one.uid, entry.withheld, Reason(entry.withheld).sentence)


def without(report: ExportReport, kept_back: Mapping[str, str]) -> ExportReport:
    """The report when some of what was written did not arrive.

    Parameters
    ----------
    report : ExportReport
    kept_back : mapping of str to str
        Why, by the UID of the original.
    """
    failed = [NotExported(uid, FAILED, why) for uid, why in kept_back.items()]
    return replace(
        report,
        exported=report.exported - len(failed),
        failed=(*report.failed, *failed),
        files=report.files - len(failed),
    )
