"""The windows that are offered for the active image, and choosing one of them."""

from viewer.core.corners import plain
from viewer.core.grayscale import LookupTable
from viewer.core.presets import FULL_RANGE_KEY, VoiOffer, VoiSource
from viewer.services.decoding import Decoding
from viewer.services.frame_on_show import Subject
from viewer.services.presets import voi_choices
from viewer.services.reading_state import FromFile, VoiChoice
from viewer.services.session import ReadingSession


def window_offers(
    session: ReadingSession, decoding: Decoding | None = None
) -> tuple[VoiOffer, ...]:
    """The window menu for the active image; empty where there is nothing to window.

    With `decoding` also what the values of the image ask for, if it is in memory.
    """
    stack = session.stack
    if stack is None:
        return ()
    image = session.state.viewport.image
    decoded = None
    if decoding is not None:
        decoded = decoding.cached(Subject(stack, image).frame_ref)
    number = stack.number(image)
    return voi_choices(stack.modality, stack.image(image), number, decoded)


def offer_values(offer: VoiOffer) -> str:
    """Width and centre as menus show them, ``1500/−600``."""
    if isinstance(offer.voi, LookupTable):
        return "LUT"
    return f"{plain(offer.voi.width)}/{plain(offer.voi.center)}"


def to_choice(offers: tuple[VoiOffer, ...], offer: VoiOffer) -> VoiChoice:
    """What the session remembers of an offer: each image has its own file windows."""
    if offer.source is VoiSource.FILE:
        of_file = [other for other in offers if other.source is VoiSource.FILE]
        return FromFile(of_file.index(offer))
    return offer.voi


def can_choose(session: ReadingSession, key: str) -> bool:
    """Whether the digit `key` chooses something for the active image."""
    if key == FULL_RANGE_KEY:
        return session.stack is not None and session.stack.has_window
    return any(offer.key == key for offer in window_offers(session))


def choose(session: ReadingSession, decoding: Decoding, key: str) -> None:
    """Window the active series by the digit `key`."""
    values = decoding if key == FULL_RANGE_KEY else None
    offers = window_offers(session, values)
    for offer in offers:
        if offer.key == key:
            session.choose_window(to_choice(offers, offer))


def choose_next_of_file(session: ReadingSession) -> None:
    """Go on to the next window or VOI LUT of the file, round and round."""
    offers = window_offers(session)
    count = sum(offer.source is VoiSource.FILE for offer in offers)
    if session.stack is not None and count:
        present = session.choice(session.stack)
        number = present.number if isinstance(present, FromFile) else 0
        session.choose_window(FromFile((number + 1) % count))


def has_several_of_file(session: ReadingSession) -> bool:
    """Whether the file brings more than one window along."""
    offers = window_offers(session)
    return sum(offer.source is VoiSource.FILE for offer in offers) > 1
