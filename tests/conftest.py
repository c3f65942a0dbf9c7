"""What every test may ask for."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker
from typing_extensions import override

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

# A machine that is busy is no fault of the program.
# Whoever runs the tests by hand looks for more; CI asks what was answered before.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

_PATIENCE_MS = 60_000
_PEERS = "tests/peers/"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test leaves a secret in the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.hookimpl(optionalhook=True)  # where pytest-xdist is there
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "Scheduling":
    """Keep the tests of a file in one process, and all that ask real peers in one.

    Those of a file share workers and studies; the peers have one place for what they
    are sent, and know us at one port.
    """
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - not for one process

    class _Together(LoadFileScheduling):  # type: ignore[misc]  # it has no types
        @override
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return _PEERS if file.startswith(_PEERS) else file

    return _Together(config, log)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real DICOM files, where the machine has it."""
    folder = os.environ.get("LIGHTBOX_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LIGHTBOX_TEST_DATA names no folder of real files")
    return Path(folder).resolve()


class _PatientBot(QtBot):
    """Waits long before it gives up: a machine that is busy is no fault either."""

    @override
    def waitUntil(
        self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    @override
    def waitSignal(
        self,
        signal: SignalInstance,
        *,
        timeout: int = _PATIENCE_MS,
        raising: bool | None = None,
        check_params_cb: Callable[..., bool] | None = None,
    ) -> SignalBlocker:
        return super().waitSignal(
            signal, timeout=timeout, raising=raising, check_params_cb=check_params_cb
        )


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001 - made first
    """Instead of pytest-qt's own, which waits for five seconds."""
    return _PatientBot(request)
