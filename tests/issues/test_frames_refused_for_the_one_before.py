"""A refusal that held on to shared memory once refused the frame that came next."""

import gc
from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory

import pytest

from viewer.services.worker_process import AttachedMemory


@pytest.fixture
def blocks() -> Iterator[tuple[SharedMemory, SharedMemory]]:
    made = SharedMemory(create=True, size=64), SharedMemory(create=True, size=64)
    yield made
    for block in made:
        block.close()
        block.unlink()


class Refusal(Exception):  # noqa: N818 - stands for any
    """Leads back to itself, as an error does that is kept where it was raised."""


def refuse(room: memoryview) -> None:
    refusal = Refusal(room[:8])
    refusal.again = refusal  # type: ignore[attr-defined] # the circle


def test_a_refusal_that_holds_the_memory_refuses_nothing_after_it(
    blocks: tuple[SharedMemory, SharedMemory], request: pytest.FixtureRequest
) -> None:
    first, second = blocks
    memory = AttachedMemory()
    gc.disable()
    request.addfinalizer(gc.enable)
    refuse(memory.attach(first.name))
    memory.attach(second.name)[0] = 7
    assert second.buf is not None
    assert second.buf[0] == 7
    memory.close()
