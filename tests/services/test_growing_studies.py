"""Studies that are open grow while their images arrive, and nothing moves."""

from dataclasses import replace

from tests.services.reading_studies import BONE, to_slices, to_study
from viewer.core.annotation import Annotation, Shape
from viewer.core.identity import SOPInstanceUID
from viewer.core.opened import OpenSeries
from viewer.services.session import ReadingSession


def _session(*series: OpenSeries) -> ReadingSession:
    session = ReadingSession()
    session.open([to_study(*series)])
    return session


def _choice(session: ReadingSession) -> object:
    stack = session.stack
    assert stack is not None
    return session.choice(stack)


def test_what_arrives_moves_nothing() -> None:
    session = _session(to_slices("1.2.1", [0, 2, 6]), to_slices("1.2.2", [1, 2]))
    session.go_to(2)
    session.choose_window(BONE)
    shown = session.stack
    assert shown is not None
    uid = shown.stored(2).instance.sop_instance_uid
    told = list[object]()
    session.opened.connect(lambda: told.append("opened"))
    more = _session(_grown("1.2.1", 9, uid), to_slices("1.2.2", [1, 2]))
    session.renew(more.studies)
    grown = session.stack
    assert grown is not None
    assert grown.count == 9
    image = session.state.viewport.image
    assert grown.stored(image).instance.sop_instance_uid == uid
    assert _choice(session) == BONE
    assert told == ["opened"]
    session.undo()
    assert _choice(session) is None
    after = session.state.viewport.image
    assert grown.stored(after).instance.sop_instance_uid == uid


def test_a_drawing_on_what_arrives_cannot_be_undone_away() -> None:
    session = _session(to_slices("1.2.1", [0, 1]))
    session.choose_window(BONE)
    drawn = Annotation(
        "d1", SOPInstanceUID("1.2.1.9"), 1, Shape.LENGTH, ((1.0, 1.0), (9.0, 9.0))
    )
    (study,) = _session(to_slices("1.2.1", range(9))).studies
    session.renew([replace(study, annotations=(drawn,))])
    assert session.state.drawings == {"d1": drawn}
    session.undo()
    assert session.state.drawings == {"d1": drawn}


def _grown(uid: str, count: int, kept: str) -> OpenSeries:
    """The series with `count` slices, the one `kept` not in its former place."""
    series = to_slices(uid, range(count))
    (stack,) = series.stacks
    frames = sorted(stack.frames, key=lambda frame: frame.sop_instance_uid == kept)
    return replace(series, stacks=(replace(stack, frames=tuple(frames)),))
