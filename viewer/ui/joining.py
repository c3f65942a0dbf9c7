"""The one place that builds the window's objects and joins them."""

from dataclasses import dataclass
from functools import partial
from itertools import chain

from PySide6.QtCore import QTimer

from viewer.commands.demo import open_demo
from viewer.commands.desk import Commands, Desk, Page
from viewer.commands.drawing import tell_not_kept
from viewer.commands.exporting import EXPORT_COMMANDS
from viewer.commands.interrupted import offer_interrupted
from viewer.commands.listening import start_listening
from viewer.commands.network import NETWORK_COMMANDS
from viewer.commands.opening import open_paths
from viewer.commands.program import PROGRAM_COMMANDS
from viewer.commands.projects import PROJECT_COMMANDS
from viewer.commands.reading import READING_COMMANDS
from viewer.commands.retrieving import follow_transfers, go_on_with_queue
from viewer.commands.reviewing import REVIEW_COMMANDS
from viewer.commands.studies import STUDY_COMMANDS
from viewer.services.browsing import Browsing
from viewer.services.decoding import Decoding
from viewer.services.edits import Edits
from viewer.services.exchange import Exchange
from viewer.services.measuring import Measuring
from viewer.services.remote_browsing import RemoteBrowsing
from viewer.services.remote_priors import RemotePriors
from viewer.services.review_saving import ReviewSaving
from viewer.services.review_search import ReviewSearch
from viewer.services.review_session import ReviewSession
from viewer.services.review_state import ReviewState
from viewer.services.saving import Saving
from viewer.services.screen_colors import ScreenColors
from viewer.services.session import ReadingSession
from viewer.services.streaming import Streams
from viewer.ui.actions import Actions
from viewer.ui.browser.page import StudiesPage
from viewer.ui.browser.series_strip import PICTURE
from viewer.ui.catalog_watch import CatalogWatch
from viewer.ui.detached import Detached
from viewer.ui.export_host import ExportHost
from viewer.ui.growing import Growing
from viewer.ui.jobs_bar import JobsBar
from viewer.ui.loading import Loaded
from viewer.ui.menus import Menus
from viewer.ui.pictures import SeriesPictures
from viewer.ui.port import Port
from viewer.ui.reading import ReadingPage
from viewer.ui.review.page import ReviewPage
from viewer.ui.screen_watch import ScreenWatch
from viewer.ui.shell import Shell
from viewer.ui.transfers_bar import TransfersBar
from viewer.ui.window import Window

_PRESTART_MS = 500


@dataclass(slots=True)
class Program:
    """Everything that lives as long as the window."""

    desk: Desk
    actions: Actions
    studies: StudiesPage
    reading: ReadingPage
    review: ReviewPage
    pictures: SeriesPictures
    detached: Detached
    watch: CatalogWatch
    growing: Growing
    priors: RemotePriors
    search: ReviewSearch

    def close(self) -> None:
        """Cancel, then wait: nothing runs any more when this returns."""
        self.watch.close()
        self.growing.close()
        self.priors.close()
        self.search.close()
        self.reading.close_page()
        self.review.close_page()
        self.pictures.close()
        self.desk.decoding.close()
        self.desk.streams.close()
        self.desk.exchange.close()
        self.desk.jobs.close()
        self.desk.reviews.close()
        self.desk.saving.close()  # after the jobs that wait for it
        self.desk.workers.close()
        self.desk.library.close()


def join(shell: Shell, loaded: Loaded) -> Program:
    """Build the pages on what was loaded, and do what the command line asked for."""
    port, window = shell.port, shell.window
    port.desk = desk = _desk(shell, loaded)
    port.actions = actions = Actions(_commands(), desk, window)
    pictures = SeriesPictures(desk, round(PICTURE * window.devicePixelRatioF()))
    port.studies = studies = StudiesPage(desk, actions, pictures.ask)
    studies.strip.looked_at.connect(pictures.look_at)
    studies.foreseeing.foreseen.connect(pictures.foresee)
    port.reading = reading = ReadingPage(desk, actions)
    port.review = review = ReviewPage(desk, actions)
    port.exports = ExportHost(desk, window)
    port.detached = detached = Detached(window, studies, actions, shell.settings)
    growing = Growing(desk)
    priors = RemotePriors(
        desk.session,
        desk.library,
        desk.streams,
        lambda: desk.settings.value.offer_priors,
    )
    priors.changed.connect(lambda: reading.patient.offer_priors(priors.found))
    watch = CatalogWatch(
        loaded.library, desk.jobs, shell.gui.post, desk.browsing.refresh
    )
    program = Program(
        desk,
        actions,
        studies,
        reading,
        review,
        pictures,
        detached,
        watch,
        growing,
        priors,
        ReviewSearch(
            desk.library, desk.workers, desk.streams, desk.review, port.failed
        ),
    )
    _fill(window, port, program)
    _connect(desk, actions, window)
    ScreenWatch(window, desk)
    # The processes would take the processor from the window that is being built.
    prestart = QTimer(window, singleShot=True, interval=_PRESTART_MS)
    prestart.timeout.connect(loaded.workers.prestart)
    window.closing.connect(prestart.stop)
    prestart.start()
    if shell.request.demo:
        open_demo(desk)
    offer_interrupted(desk)
    follow_transfers(desk)
    go_on_with_queue(desk)
    if desk.settings.value.listen:
        start_listening(desk)
    if shell.request.paths:
        open_paths(desk, shell.request.paths)
    return program


def _desk(shell: Shell, loaded: Loaded) -> Desk:
    decoding = Decoding(shell.gui.post, loaded.workers)
    session, library = ReadingSession(), loaded.library
    streams = Streams(shell.gui.post)
    return Desk(
        data_dir=shell.request.data_dir,
        window=shell.port,
        jobs=shell.jobs,
        settings=shell.settings,
        library=library,
        workers=loaded.workers,
        decoding=decoding,
        browsing=Browsing(),
        edits=Edits(shell.jobs),
        session=session,
        measuring=Measuring(session, decoding, shell.jobs),
        saving=Saving(session, library, shell.gui.post),
        colors=ScreenColors(),
        streams=streams,
        remote=RemoteBrowsing(library, streams),
        exchange=Exchange(library, loaded.workers, shell.gui.post),
        review=ReviewSession(),
        reviews=ReviewSaving(shell.request.data_dir, shell.gui.post, shell.port.failed),
    )


def _commands() -> Commands:
    commands = Commands()
    every = (
        PROGRAM_COMMANDS,
        EXPORT_COMMANDS,
        PROJECT_COMMANDS,
        STUDY_COMMANDS,
        NETWORK_COMMANDS,
        READING_COMMANDS,
        REVIEW_COMMANDS,
    )
    for command in chain.from_iterable(every):
        commands.add(command)
    return commands


def _fill(window: Window, port: Port, program: Program) -> None:
    window.put_page(Page.STUDIES, program.studies)
    window.put_page(Page.READING, program.reading)
    window.put_page(Page.REVIEW, program.review)
    window.put_foot(TransfersBar(program.desk))
    window.put_foot(JobsBar(program.desk.jobs))
    window.strip.add(program.studies.search)
    window.strip.page_chosen.connect(port.show_page)
    window.strip.enable_pages()
    window.paths_dropped.connect(port.take_dropped)
    window.full_screen_changed.connect(program.reading.show_only_images)
    window.page_changed.connect(Menus(window.strip.menus, program.actions).show_page)
    program.actions.hear(window)
    window.show_page(Page.STUDIES)


def _connect(desk: Desk, actions: Actions, window: Window) -> None:
    """What can be done depends on all of these.

    Only scrolling is too frequent to look again at once: a key that follows a
    selection must find its command already possible.
    """
    desk.browsing.changed.connect(actions.refresh)
    desk.exchange.board.changed.connect(actions.refresh_soon)
    desk.edits.changed.connect(actions.refresh)
    desk.session.opened.connect(actions.refresh)
    desk.session.changed.connect(actions.refresh_soon)
    desk.review.changed.connect(actions.refresh)
    desk.review.begun.connect(partial(_offer_review, window))
    desk.saving.failed.connect(desk.window.failed)
    desk.saving.not_kept.connect(partial(tell_not_kept, desk))
    desk.settings.changed.connect(actions.refresh_soon)
    desk.colors.changed.connect(actions.refresh_soon)
    window.page_changed.connect(actions.refresh)
    window.full_screen_changed.connect(actions.refresh)
    actions.refresh()


def _offer_review(window: Window, state: ReviewState) -> None:
    """The review page has a tab as long as there is something to look through."""
    window.strip.offer_page(Page.REVIEW, on=bool(state.looks))
