"""Which presentation contexts to propose: few enough, and exact; PS3.8 7.1.1.13.

A peer accepts one transfer syntax in each context, so a class that is to come as it is
stored needs a context for each syntax it may be stored in.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from viewer.network.associations import PLAIN_SYNTAXES
from viewer.network.negotiation import MOST_CONTEXTS, Proposal
from viewer.network.quiet import hush

USUAL_SYNTAXES: Final = (  # what archives store in; of PS3.6 table A-1
    *PLAIN_SYNTAXES,
    *(
        f"1.2.840.10008.1.2.{end}"
        for end in (
            *("1.99", "2", "5"),  # deflated, big endian, RLE
            *("4.50", "4.51", "4.53", "4.55", "4.57", "4.70"),  # JPEG
            *("4.80", "4.81", "4.90", "4.91"),  # JPEG-LS, JPEG 2000
            *("4.201", "4.202", "4.203"),  # HTJ2K
            *("4.110", "4.111", "4.112"),  # JPEG XL
            *("4.100", "4.101", "4.102", "4.103", "4.104", "4.105", "4.106"),  # video
            *("4.107", "4.108"),
        )
    ),
)

_FOR_STORAGE: Final = MOST_CONTEXTS - 1  # one is for the request itself


def to_receive(
    classes: Iterable[str], syntaxes: Sequence[str]
) -> tuple[tuple[Proposal, ...], ...]:
    """Contexts to receive objects of these classes in, one tuple an association.

    Parameters
    ----------
    classes : iterable of str
        UIDs of SOP classes.
    syntaxes : sequence of str
        UIDs of transfer syntaxes, at most 126, the preferred one first.
    """
    groups: list[list[Proposal]] = [[]]
    for abstract in classes:
        wanted = [Proposal(abstract, (one,), True, False) for one in syntaxes]  # noqa: FBT003
        if len(groups[-1]) + len(wanted) > _FOR_STORAGE:
            groups.append([])
        groups[-1] += wanted
    return tuple(tuple(group) for group in groups if group)


def of_any_class(syntaxes: Sequence[str]) -> tuple[Proposal, ...]:
    """Contexts for all usual storage classes, where the peer does not say which.

    There is one for each: the peer chooses the syntax.
    """
    from pynetdicom import presentation  # noqa: PLC0415 - costs a quarter of a second

    hush()
    usual = presentation.StoragePresentationContexts[:_FOR_STORAGE]
    return tuple(
        Proposal(str(one.abstract_syntax), tuple(syntaxes), True, False)  # noqa: FBT003
        for one in usual
    )


def to_send(
    stored: Iterable[tuple[str, str]],
) -> tuple[tuple[Proposal, ...], ...]:
    """Contexts to send objects in, one tuple an association.

    Each kind is proposed as it is stored, and each class in the two plain syntaxes
    as well, in case the peer does not take it otherwise.

    Parameters
    ----------
    stored : iterable of (str, str)
        SOP class and transfer syntax of what is to be sent.
    """
    by_class: dict[str, dict[str, None]] = {}
    for abstract, syntax in stored:
        by_class.setdefault(abstract, {})[syntax] = None
    groups: list[list[Proposal]] = [[]]
    for abstract, syntaxes in by_class.items():
        exact = [Proposal(abstract, (one,)) for one in syntaxes]
        wanted = [*exact, *_plain_too(abstract, syntaxes)][:MOST_CONTEXTS]
        if len(groups[-1]) + len(wanted) > MOST_CONTEXTS:
            groups.append([])
        groups[-1] += wanted
    return tuple(tuple(group) for group in groups if group)


def _plain_too(abstract: str, syntaxes: Iterable[str]) -> list[Proposal]:
    left = [one for one in PLAIN_SYNTAXES if one not in set(syntaxes)]
    return [Proposal(abstract, (one,)) for one in left]
