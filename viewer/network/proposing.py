"""The words in which we propose contexts to a peer, and hear what it accepts.

They are pynetdicom's. PS3.8 9.3.2 to 9.3.4, PS3.7 annex D.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RJ, A_ASSOCIATE_RQ
from pynetdicom.pdu_items import (
    AbstractSyntaxSubItem,
    ApplicationContextItem,
    PresentationContextItemRQ,
    TransferSyntaxSubItem,
    UserInformationItem,
)
from pynetdicom.pdu_primitives import (
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
    SCP_SCU_RoleSelectionNegotiation,
    UserIdentityNegotiation,
)
from pynetdicom.presentation import SCP_SCU_ROLES

from viewer.network.negotiation import (
    ACCEPT,
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
    MOST_CONTEXTS,
    Accepted,
    Answer,
    Garbled,
    Identity,
    Proposal,
)
from viewer.network.quiet import hush
from viewer.network.readable import is_uid, readable

hush()

_NAME, _NAME_AND_PASSCODE = 1, 2  # types of user identity; PS3.7 table D.3-14

UserItem = (
    ImplementationClassUIDNotification
    | ImplementationVersionNameNotification
    | MaximumLengthNotification
    | SCP_SCU_RoleSelectionNegotiation
    | UserIdentityNegotiation
)


def request(
    calling: str,
    called: str,
    proposals: Sequence[Proposal],
    *,
    longest_pdu: int,
    identity: Identity | None = None,
) -> bytes:
    """The A-ASSOCIATE-RQ PDU with these proposals.

    Raises
    ------
    ValueError
        If there are more than one association can carry.
    """
    if not 0 < len(proposals) <= MOST_CONTEXTS:
        raise ValueError("an association carries 1 to 128 presentation contexts")
    user = UserInformationItem()
    user.from_primitive(
        [
            *about_us(longest_pdu),
            *_roles_asked(proposals),
            *([_shown(identity)] if identity is not None else []),
        ]
    )
    pdu = A_ASSOCIATE_RQ()
    pdu.calling_ae_title, pdu.called_ae_title = calling, called
    pdu.variable_items = [
        ApplicationContextItem(),
        *(_proposed(number, each) for number, each in _numbered(proposals).items()),
        user,
    ]
    return pdu.encode()


def answer(body: bytes, proposals: Sequence[Proposal]) -> Answer:
    """What the body of an A-ASSOCIATE-AC says to `proposals`.

    Raises
    ------
    Garbled
        If it is no answer to them.
    """
    pdu = A_ASSOCIATE_AC()
    decode(pdu, readable(ACCEPT, body))
    asked = _numbered(proposals)
    contexts = tuple(
        _accepted(context.presentation_context_id, context.transfer_syntax, asked)
        for context in pdu.presentation_context
        if context.presentation_context_id in asked and context.result == 0
    )
    user = pdu.user_information
    if user is None:
        return Answer(contexts)
    roles = {
        str(uid): (bool(role.scu_role), bool(role.scp_role))
        for uid, role in user.role_selection.items()
    }
    return Answer(
        tuple(
            _in_role(one, asked[one.id], roles.get(one.abstract)) for one in contexts
        ),
        user.maximum_length or 0,
        user.implementation_version_name or "",
    )


def reasons(body: bytes) -> tuple[int, int, int]:
    """Result, source and reason of an A-ASSOCIATE-RJ; PS3.8 table 9-21."""
    pdu = A_ASSOCIATE_RJ()
    decode(pdu, bytes(6) + body)
    return pdu.result or 0, pdu.source or 0, pdu.reason_diagnostic or 0


def decode(pdu: A_ASSOCIATE_RQ | A_ASSOCIATE_AC | A_ASSOCIATE_RJ, raw: bytes) -> None:
    """Read `raw` into `pdu`.

    Raises
    ------
    Garbled
        Whatever pynetdicom trips over; what it says quotes the peer.
    """
    try:
        pdu.decode(raw)
    except Exception:  # noqa: BLE001 - it trips in many ways, none of them ours
        raise Garbled from None


def about_us(longest_pdu: int) -> list[UserItem]:
    """What we say of ourselves, whoever calls."""
    longest = MaximumLengthNotification()
    longest.maximum_length_received = longest_pdu
    implementation = ImplementationClassUIDNotification()
    implementation.implementation_class_uid = IMPLEMENTATION_CLASS
    version = ImplementationVersionNameNotification()
    version.implementation_version_name = IMPLEMENTATION_VERSION
    return [longest, implementation, version]


# pydicom looks at each UID for a while, and there may be thousands of a few.
@lru_cache(512)
def transfer_item(uid: str) -> TransferSyntaxSubItem:
    """The item that names a transfer syntax; it is shared."""
    item = TransferSyntaxSubItem()
    item.transfer_syntax_name = uid
    return item


def can_ask(proposals: Sequence[Proposal]) -> bool:
    """Whether any of these can be said: files name classes that are no UIDs."""
    return bool(_numbered(proposals))


def _numbered(proposals: Sequence[Proposal]) -> dict[int, Proposal]:
    return {
        2 * index + 1: proposal
        for index, proposal in enumerate(proposals)
        if is_uid(proposal.abstract) and any(map(is_uid, proposal.syntaxes))
    }


def _proposed(number: int, proposal: Proposal) -> PresentationContextItemRQ:
    context = PresentationContextItemRQ()
    context.presentation_context_id = number
    context.abstract_transfer_syntax_sub_items = [
        _abstract(proposal.abstract),
        *(transfer_item(uid) for uid in proposal.syntaxes if is_uid(uid)),
    ]
    return context


@lru_cache(512)
def _abstract(uid: str) -> AbstractSyntaxSubItem:
    item = AbstractSyntaxSubItem()
    item.abstract_syntax_name = uid
    return item


def _roles_asked(proposals: Sequence[Proposal]) -> Iterator[UserItem]:
    """Roles of the classes for which we want another one than the usual."""
    asked = {p.abstract: (p.as_scu, p.as_scp) for p in proposals if p.as_scp}
    for uid, (scu, scp) in asked.items():
        role = SCP_SCU_RoleSelectionNegotiation()
        role.sop_class_uid, role.scu_role, role.scp_role = uid, scu, scp
        yield role


def _shown(identity: Identity) -> UserItem:
    item = UserIdentityNegotiation()
    item.user_identity_type = _NAME_AND_PASSCODE if identity.passcode else _NAME
    item.primary_field = identity.user.encode("utf-8")
    item.secondary_field = identity.passcode.encode("utf-8")
    return item


def _accepted(number: int, syntax: str | None, asked: dict[int, Proposal]) -> Accepted:
    proposal = asked[number]
    if syntax not in proposal.syntaxes:
        raise Garbled
    return Accepted(number, proposal.abstract, str(syntax))


def _in_role(
    context: Accepted, proposal: Proposal, role: tuple[bool, bool] | None
) -> Accepted:
    """The context in the roles both sides agreed to; without a word in the usual."""
    if not proposal.as_scp or role is None:
        return context
    scu, scp, *_ = SCP_SCU_ROLES[proposal.as_scu, proposal.as_scp][role]
    return replace(context, scu=scu, scp=scp)
