"""Hostile files are imported and opened in the real window, which goes on turning."""

import pytest

from tests.hostile.families import ALL
from tests.hostile.window_families import in_the_window

SEED = 20_26
SHARE = 5  # all of them are in `make fuzz`
GROWN_BYTES, WORKER_BYTES = 200 << 20, 1500 << 20
STALL_SECONDS = 1.0  # on the processor: the clock is for the machine of `make fuzz`


@pytest.mark.usefixtures("qapp")
def test_the_window_goes_on_whatever_is_opened_in_it() -> None:
    figures = in_the_window(ALL[::SHARE], SEED)
    assert not figures.wrong
    assert figures.computing < STALL_SECONDS
    assert figures.grown < GROWN_BYTES
    assert figures.worker < WORKER_BYTES
