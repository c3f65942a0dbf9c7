"""Nine key images were sent, and nine rows of the same study stood in the transfers."""

from dataclasses import replace

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.services.transfer_board import TransferBoard
from viewer.services.transfer_rows import to_rows

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")
DONE, FAILED, WAITING = (
    TransferState.DONE,
    TransferState.FAILED,
    TransferState.WAITING,
)


def image(number: int, state: TransferState = WAITING) -> Transfer:
    key = RemoteKey(STUDY, SERIES, SOPInstanceUID(f"1.2.3.{number}"))
    done = int(state is DONE)
    return Transfer(number, Direction.SEND, "archive", key, state=state, done=done)


def test_images_of_one_sending_are_one_row() -> None:
    (row,) = to_rows([image(3), image(1, DONE), image(2, DONE)])
    assert (row.part, row.share, row.ids) == ("3 images", "2 of 3", (1, 2, 3))
    assert row.state is WAITING
    assert row.in_state([DONE]) == [1, 2]


def test_studies_series_and_other_peers_have_rows_of_their_own() -> None:
    whole = replace(image(4), key=RemoteKey(STUDY))
    series = replace(image(5), key=RemoteKey(STUDY, SERIES))
    elsewhere = replace(image(6), peer="another")
    back = replace(image(7), direction=Direction.FETCH)
    rows = to_rows([image(1), image(2), whole, series, elsewhere, back])
    assert [row.ids for row in rows] == [(7,), (6,), (5,), (4,), (1, 2)]
    assert [row.part for row in rows][2:] == ["1 series", "", "2 images"]


def test_a_row_is_over_when_all_of_it_is() -> None:
    def state(*states: TransferState) -> TransferState:
        (row,) = to_rows(image(n, one) for n, one in enumerate(states, 1))
        return row.state

    assert state(DONE, DONE) is DONE
    assert state(DONE, FAILED) is TransferState.PARTIAL
    assert state(FAILED, FAILED) is FAILED
    assert state(DONE, TransferState.RUNNING, WAITING) is TransferState.RUNNING


def test_the_board_has_them_together() -> None:
    board = TransferBoard(lambda told: told())
    board.show([image(1, DONE), image(2)])
    assert len(board.rows) == 1
    assert board.row_of(2) == board.rows[0]
    board.show([])
    assert board.row_of(2) is None
