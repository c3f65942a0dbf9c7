"""Which file of the source each file of an export was made of, by the project's key.

A value of another patient that is found in a file may be a word the file has from its
own source. To tell, both are held beside each other. The key alone says which belong
together: without it every finding stays.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from viewer.core.counts import counted
from viewer.core.deidentification import Option
from viewer.core.errors import ViewerError
from viewer.core.proof import Fault
from viewer.core.pseudonyms import PatientKey
from viewer.core.records import StoredInstance
from viewer.core.telltale import Kind, Telltale
from viewer.services.export_selection import Chosen
from viewer.services.projects import Project, Projects
from viewer.services.proof_messages import Gathered, MadeOf, Proven

if TYPE_CHECKING:
    from viewer.services.jobs import Progress
    from viewer.services.proof_crew import ProofCrew

NO_KEY: Final = (
    "The project's key is not here: which file was made of which is not known, and"
    " words that a file has from its own source count as findings."
)


class Told(NamedTuple):
    """An instance of the source, and what it tells of people."""

    chosen: Chosen
    gathered: Gathered


class SecondLook(NamedTuple):
    """What is left of findings, and a sentence on it; empty if there is none."""

    outcomes: list[Proven | ViewerError]
    note: str


class Origins:
    """Knows what each file of an export was made of.

    Parameters
    ----------
    data_dir : Path
        Of the library; it has the projects.
    told : sequence of Told
        The source.
    options : frozenset of Option
    """

    def __init__(
        self, data_dir: Path, told: Sequence[Told], options: frozenset[Option]
    ) -> None:
        self._data_dir, self._told, self._options = data_dir, told, options

    def look_twice(
        self,
        paths: Sequence[Path],
        outcomes: Sequence[Proven | ViewerError],
        crew: "ProofCrew",
        progress: "Progress",
    ) -> SecondLook:
        """Hold each file with a survivor beside its source.

        Where the source is of one patient, every value is that patient's own, and
        there is nothing to look at twice.
        """
        suspects = {
            outcome.own.instance: path
            for path, outcome in zip(paths, outcomes, strict=True)
            if isinstance(outcome, Proven) and outcome.own and _survivors(outcome)
        }
        if not suspects or len({one.chosen.patient for one in self._told}) < 2:
            return SecondLook(list(outcomes), "")
        sources = self._sources(suspects)
        if not sources:
            return SecondLook(list(outcomes), NO_KEY)
        made_of = dict(self._made_of(suspects, sources))
        again = crew.prove(list(made_of), self._options, progress, made_of)
        second = dict(zip(made_of, again, strict=True))
        after = [
            found if isinstance(found := second.get(path), Proven) else one
            for path, one in zip(paths, outcomes, strict=True)
        ]
        less = sum(map(_survivors, outcomes)) - sum(map(_survivors, after))
        return SecondLook(after, _note(less))

    def _sources(self, suspects: Mapping[str, Path]) -> Mapping[str, Told]:
        """The source by the UIDs of a project, where these are any of them."""
        best: dict[str, Told] = {}
        for new in self._renamings():
            found = {new_uid: told for new_uid, told in new if new_uid in suspects}
            if len(found) > len(best):
                best = found
        return best

    def _renamings(self) -> Iterator[Iterator[tuple[str, Told]]]:
        """The source under its new UIDs, for each project whose key is here."""
        if Option.RETAIN_UIDS in self._options:
            yield ((one.chosen.uid, one) for one in self._told)
            return
        projects = Projects(self._data_dir)
        for project in _readable(projects):
            try:
                pseudonyms = projects.pseudonyms(project)
            except ViewerError:
                continue  # its key is elsewhere
            yield ((pseudonyms.uid(one.chosen.uid), one) for one in self._told)

    def _made_of(
        self, suspects: Mapping[str, Path], sources: Mapping[str, Told]
    ) -> Iterator[tuple[Path, MadeOf]]:
        of_patient = defaultdict[PatientKey, set[Telltale]](set)
        for one in self._told:
            values = (
                value for value in one.gathered.gone if value.kind is not Kind.UID
            )
            of_patient[one.chosen.patient].update(values)
        for uid, path in suspects.items():
            told = sources.get(uid)
            if told is None or not isinstance(told.chosen.stored, StoredInstance):
                continue
            own = tuple(sorted(of_patient[told.chosen.patient]))
            yield path, MadeOf(os.fsencode(told.chosen.stored.path), own)


def _readable(projects: Projects) -> tuple[Project, ...]:
    """All projects; none where one is damaged, which is no matter of a proof."""
    try:
        return projects.all()
    except ViewerError:
        return ()


def _survivors(outcome: Proven | ViewerError) -> int:
    if not isinstance(outcome, Proven):
        return 0
    return sum(one.fault is Fault.SURVIVOR for one in outcome.findings)


def _note(explained: int) -> str:
    if not explained:
        return ""
    places = counted(explained, "place")
    return (
        f"In {places} stands what is a value of another patient, too. The file has it"
        " from its own source, where the same stands in the same attribute."
    )
