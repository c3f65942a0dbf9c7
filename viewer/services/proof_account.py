"""Whether the files of an export fit each other, and the account it gives of itself."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from viewer.core.manifest import Manifest
from viewer.core.proof import Fault, Finding, Own


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of the export, as it was read again.

    Attributes
    ----------
    name : str
        In the export.
    label : str
        What a report calls it.
    own : Own
    sha256 : str
    """

    name: str
    label: str
    own: Own
    sha256: str


def misfits(files: Sequence[ReadFile]) -> Iterator[Finding]:
    """UIDs that two objects have, or that belong to two things at once."""
    instances = Counter(file.own.instance for file in files)
    studies: dict[str, set[str]] = defaultdict(set)
    patients: dict[str, set[str]] = defaultdict(set)
    for file in files:
        studies[file.own.series].add(file.own.study)
        patients[file.own.study].add(file.own.patient)
    for file in files:
        own = file.own
        if not (own.instance and own.series and own.study):
            yield Finding(Fault.UIDS, file.label, rule="an object has its UIDs")
        elif instances[own.instance] > 1:
            yield Finding(Fault.UIDS, file.label, rule="an object is there once")
        elif len(studies[own.series]) > 1:
            yield Finding(Fault.UIDS, file.label, rule="a series is of one study")
        elif len(patients[own.study]) > 1:
            yield Finding(Fault.UIDS, file.label, rule="a study is of one patient")


def outside(objects: Sequence[Own], held: Mapping[str, str]) -> frozenset[str]:
    """The objects that are referred to and are neither there nor held back."""
    there = {own.instance for own in objects}
    named = {uid for own in objects for uid in own.references}
    return frozenset(named - there - held.keys())


def loose_ends(
    files: Sequence[ReadFile], source: Sequence[Own], held: Mapping[str, str]
) -> Iterator[Finding]:
    """References that resolved in the source and lead nowhere in the export.

    Which new UID stands for which old one is not known here. So they are counted: the
    export may lead outside as often as its source does, and not once more.
    """
    unresolved = outside([file.own for file in files], held)
    if len(unresolved) <= len(outside(source, {})):
        return
    for file in files:
        if not unresolved.isdisjoint(file.own.references):
            rule = "what resolves in the source resolves in the export"
            yield Finding(Fault.REFERENCE, file.label, rule=rule)


def miscounts(manifest: Manifest, files: Sequence[ReadFile]) -> Iterator[Finding]:
    """Where the files are not those that the account names."""
    if not manifest.comes_out_even or manifest.exported != len(manifest.files):
        rule = "what was chosen is what was written and what was held back"
        yield Finding(Fault.COUNT, "", rule=rule)
    listed = {one.name: one.sha256 for one in manifest.files}
    missing = listed.keys() - {file.name for file in files}
    for _ in missing:
        yield Finding(Fault.COUNT, "", rule="each file of the account is there")
    for file in files:
        if file.name not in listed:
            rule = "each file is one of the account"
            yield Finding(Fault.STRANGER, file.label, rule=rule)
        elif listed[file.name] != file.sha256:
            rule = "SHA-256 as it was written"
            yield Finding(Fault.CHANGED, file.label, rule=rule)
