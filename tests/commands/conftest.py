"""A desk without a window: real catalog, real files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from tests.commands.desks import RememberingWindow, Turns
from viewer.commands.desk import Desk
from viewer.services.browsing import Browsing
from viewer.services.decoding import Decoding
from viewer.services.edits import Edits
from viewer.services.exchange import Exchange
from viewer.services.importing import Importing, ImportRequest
from viewer.services.jobs import Jobs
from viewer.services.library import Library
from viewer.services.measuring import Measuring
from viewer.services.remote_browsing import RemoteBrowsing
from viewer.services.review_saving import ReviewSaving
from viewer.services.review_session import ReviewSession
from viewer.services.saving import Saving
from viewer.services.screen_colors import ScreenColors
from viewer.services.session import ReadingSession
from viewer.services.settings import SettingsFile
from viewer.services.streaming import Streams
from viewer.services.workers import Workers

FILES = ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm")


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def window() -> RememberingWindow:
    return RememberingWindow()


@pytest.fixture
def desk(tmp_path: Path, turns: Turns, window: RememberingWindow) -> Iterator[Desk]:
    """A desk over a catalog of a few real studies."""
    jobs, workers = Jobs(turns.post), Workers(2)
    library = Library(tmp_path, workers)
    paths = tuple(Path(str(get_testdata_file(name))) for name in FILES)
    Importing(library, workers).run(ImportRequest(paths))
    decoding = Decoding(turns.post, workers)
    session = ReadingSession()
    saving = Saving(session, library, turns.post)
    streams, exchange = Streams(turns.post), Exchange(library, workers, turns.post)
    reviews = ReviewSaving(tmp_path, turns.post, window.failed)
    yield Desk(
        tmp_path,
        window,
        jobs,
        SettingsFile(tmp_path),
        library,
        workers,
        decoding,
        Browsing(),
        Edits(jobs),
        session,
        Measuring(session, decoding, jobs),
        saving,
        colors=ScreenColors(),
        streams=streams,
        remote=RemoteBrowsing(library, streams),
        exchange=exchange,
        review=ReviewSession(),
        reviews=reviews,
    )
    reviews.close()
    streams.close()
    exchange.close()
    saving.close()
    decoding.close()
    jobs.close()
    workers.close()
    library.close()
