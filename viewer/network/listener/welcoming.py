"""The words in which callers propose contexts to us, and in which we answer.

They are pynetdicom's, and so is the table of roles. Its `negotiate_as_acceptor` knows
one list of transfer syntaxes a class, and we choose by what each context offers.
PS3.8 9.3.2 to 9.3.4, PS3.7 annex D.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RJ, A_ASSOCIATE_RQ
from pynetdicom.pdu_items import (
    ApplicationContextItem,
    PresentationContextItemAC,
    UserInformationItem,
)
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import SCP_SCU_ROLES

from viewer.network.listener.hello import ASSOCIATE, Hello, Roles, Wish
from viewer.network.negotiation import Garbled
from viewer.network.proposing import about_us, decode, transfer_item
from viewer.network.readable import readable

_GRANTED, _NOT_AGREED, _NO_SUCH_CLASS, _NO_SUCH_SYNTAX = 0, 1, 3, 4
"""What is said to a wish; PS3.8 table 9-18."""

_ANY_SYNTAX: Final = "1.2.840.10008.1.2"


@dataclass(frozen=True, slots=True)
class Ours:
    """What we have for a wish: a transfer syntax, or an empty one, in these roles."""

    syntax: str
    roles: Roles


@dataclass(frozen=True, slots=True)
class Settled:
    """What is said to a caller.

    Attributes
    ----------
    answers : tuple of PresentationContextItemAC
        One for each wish.
    roles : tuple of SCP_SCU_RoleSelectionNegotiation
        Who may be what, for the classes for which the caller asked.
    granted : dict
        Numbers of the contexts that are, and whether the caller takes requests.
    """

    answers: tuple[PresentationContextItemAC, ...]
    roles: tuple[SCP_SCU_RoleSelectionNegotiation, ...]
    granted: dict[int, bool]


def heard(body: bytes) -> Hello:
    """What the body of an A-ASSOCIATE-RQ asks for.

    Raises
    ------
    Garbled
        If it is none.
    """
    pdu = A_ASSOCIATE_RQ()
    decode(pdu, readable(ASSOCIATE, body))
    wishes = tuple(
        Wish(
            item.presentation_context_id or 0,
            str(item.abstract_syntax or ""),
            tuple(map(str, item.transfer_syntax)),
        )
        for item in pdu.presentation_context
    )
    numbers = {wish.id for wish in wishes if wish.id % 2}
    if (
        not pdu.protocol_version & 1
        or pdu.application_context_name
        != ApplicationContextItem().application_context_name
        or len(numbers) != len(wishes)
    ):
        raise Garbled
    titles = pdu.called_ae_title, pdu.calling_ae_title
    user = pdu.user_information
    if user is None:
        return Hello(*titles, wishes, fixed=body[4:68])
    roles = {
        str(uid): (bool(role.scu_role), bool(role.scp_role))
        for uid, role in user.role_selection.items()
    }
    return Hello(*titles, wishes, user.maximum_length or 0, roles, body[4:68])


def settled(hello: Hello, ours: Mapping[int, Ours]) -> Settled:
    """What becomes of each wish; `ours` has nothing for those we do not know."""
    answers: list[PresentationContextItemAC] = []
    granted: dict[int, bool] = {}
    replies: dict[str, SCP_SCU_RoleSelectionNegotiation] = {}
    for wish in hello.wishes:
        have, asked = ours.get(wish.id), hello.roles.get(wish.abstract)
        result, takes = _judged(have, asked)
        answers.append(_answer(wish, result, have.syntax if have else ""))
        if have is None or result != _GRANTED:
            continue
        granted[wish.id] = takes
        if asked is not None:
            replies[wish.abstract] = _reply(wish.abstract, asked, have.roles)
    return Settled(tuple(answers), tuple(replies.values()), granted)


def acceptance(hello: Hello, said: Settled, longest_pdu: int) -> bytes:
    """The A-ASSOCIATE-AC PDU."""
    user = UserInformationItem()
    user.from_primitive([*about_us(longest_pdu), *said.roles])
    pdu = A_ASSOCIATE_AC()
    pdu.variable_items = [ApplicationContextItem(), *said.answers, user]
    raw = pdu.encode()
    return raw[:10] + hello.fixed + raw[74:]  # repeated as it came; PS3.8 table 9-17


def rejection(result: int, source: int, reason: int) -> bytes:
    """The A-ASSOCIATE-RJ PDU; PS3.8 table 9-21."""
    pdu = A_ASSOCIATE_RJ()
    pdu.result, pdu.source, pdu.reason_diagnostic = result, source, reason
    return pdu.encode()


def _judged(have: Ours | None, asked: Roles | None) -> tuple[int, bool]:
    """What is said to a wish, and whether the caller takes requests in it."""
    if have is None:
        return _NO_SUCH_CLASS, False
    if not have.syntax:
        return _NO_SUCH_SYNTAX, False
    *_, we_ask, we_serve = SCP_SCU_ROLES[asked or (None, None)][have.roles]
    return (_GRANTED if we_ask or we_serve else _NOT_AGREED), we_ask


def _answer(wish: Wish, result: int, syntax: str) -> PresentationContextItemAC:
    # A refused context names a syntax as well, of which nobody takes notice.
    item = PresentationContextItemAC()
    item.presentation_context_id, item.result_reason = wish.id, result
    named = syntax or next(iter(wish.syntaxes), _ANY_SYNTAX)
    item.transfer_syntax_sub_item = [transfer_item(named)]
    return item


def _reply(uid: str, asked: Roles, have: Roles) -> SCP_SCU_RoleSelectionNegotiation:
    role = SCP_SCU_RoleSelectionNegotiation()
    role.sop_class_uid = uid
    role.scu_role, role.scp_role = asked[0] and have[0], asked[1] and have[1]
    return role
