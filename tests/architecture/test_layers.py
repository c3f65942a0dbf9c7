"""The arrows point down, and each process loads only what it uses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "PySide6", "numpy", "pydicom", "sqlalchemy", "cv2", "imagecodecs", "pyqtgraph",
    "PIL", "typer", "rich", "pydantic", "alembic",
}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Top-level packages in memory after `code` ran in a process of its own."""
    report = (
        "import sys, json\n"
        f"{code}\n"
        "loaded = {name.partition('.')[0] for name, m in sys.modules.items() if m}\n"
        "print('\\n' + json.dumps(sorted(loaded)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", report],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_everything_but_the_ui_starts_without_qt() -> None:
    loaded = loaded_by(
        "import pkgutil, importlib, viewer\n"
        "for m in pkgutil.walk_packages(viewer.__path__, 'viewer.'):\n"
        "    # Alembic runs env.py itself, with a context of its own\n"
        "    if not m.name.startswith(('viewer.ui', 'viewer.app')) and (\n"
        "        m.name != 'viewer.catalog.migrations.env'\n"
        "    ):\n"
        "        importlib.import_module(m.name)"
    )
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph", "qtawesome"}


def test_a_worker_loads_nothing_that_pydicom_fetches_samples_with() -> None:
    loaded = loaded_by(
        "from viewer.services import worker_process\n"
        "worker_process._fetch_nothing()\n"
        "import pydicom"
    )
    assert loaded & {"pydicom", "requests", "urllib3", "tqdm"} == {"pydicom"}


def test_a_worker_that_is_ready_has_loaded_what_decodes_and_no_more() -> None:
    loaded = loaded_by(
        "from viewer.services import worker_process\n"
        "from viewer.services.worker_messages import Warm\n"
        "worker_process._made_ready(Warm())"
    )
    # email is what tells the versions of installed packages: 2 MB of each worker
    assert loaded & (HEAVY | {"email"}) == {"numpy", "imagecodecs"}


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["no/such/file"], []])
def test_the_command_line_loads_nothing_before_it_must(argv: list[str]) -> None:
    loaded = loaded_by(
        f"from viewer.cli.program import run\nrun({argv!r}, lambda request: 0)"
    )
    assert not loaded & HEAVY


def test_the_core_is_plain_python_and_numpy() -> None:
    loaded = loaded_by(
        "import pkgutil, importlib, viewer.core\n"
        "for m in pkgutil.walk_packages(viewer.core.__path__, 'viewer.core.'):\n"
        "    importlib.import_module(m.name)"
    )
    assert not loaded & (HEAVY - {"numpy", "cv2"})  # cv2 resamples, nothing else
