"""A bare machine is made ready, or its owner is told how; a ready one is left alone."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(
    BASH is None or not sys.platform.startswith("linux"),
    reason="setup.sh prepares Linux machines",
)

# Python as the script meets it: answers questions about itself for real, and writes
# down what it was asked to install.
PYTHON = f"""#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"; cp "$0" "$3/bin/lightbox"; echo fake > "$3/pyvenv.cfg" ;;
"-m pip") echo "pip $*" >> "$LOG" ;;
*) exec {sys.executable} "$@" ;;
esac
"""
OLD_PYTHON = "#!/bin/sh\ncase $1 in --version) echo Python 3.9.2;; *) exit 1;; esac"
NO_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n' + PYTHON[10:]
LIBRARIES = [
    line.split()[0]
    for line in (ROOT / "packaging" / "setup.sh").read_text("utf-8").splitlines()
    if line.startswith("lib") and ".so." in line
]


@dataclass(frozen=True)
class Machine:
    """A copy of the checkout on a machine whose programs are played."""

    root: Path
    programs: Path
    log: Path

    def program(self, name: str, text: str) -> None:
        """Put a program on the machine."""
        path = self.programs / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def libraries(self, *absent: str) -> None:
        """Have all libraries but those."""
        present = [name for name in LIBRARIES if name not in absent]
        lines = "\n".join(f"{name} (libc6) => /lib/{name}" for name in present)
        self.program("ldconfig", f"#!/bin/sh\ncat <<'END'\n{lines}\nEND")

    def setup(
        self, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        return subprocess.run(
            [str(self.root / "packaging" / "setup.sh")],
            env={
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "LOG": str(self.log),
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def deeds(self) -> list[str]:
        """What was installed, in order."""
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root = tmp_path / "a check out"
    (root / "packaging").mkdir(parents=True)
    for name in ("setup.sh", "requirements.lock"):
        shutil.copy(ROOT / "packaging" / name, root / "packaging")
    (tmp_path / "programs").mkdir()
    machine = Machine(root, tmp_path / "programs", tmp_path / "log")
    machine.libraries()
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        machine.program(name, PYTHON)
    machine.program("apt-get", '#!/bin/sh\necho "apt-get $*" >> "$LOG"\n')
    machine.program("id", "#!/bin/sh\necho 0")
    return machine


def test_a_bare_machine_gets_exactly_what_is_locked(machine: Machine) -> None:
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    pip = [deed for deed in machine.deeds if "pip install" in deed.replace("-m ", "")]
    assert "--require-hashes" in pip[-2]
    assert "packaging/requirements.lock" in pip[-2]
    assert "--no-deps" in pip[-1]
    assert not any(deed.startswith("apt-get") for deed in machine.deeds)


def test_a_ready_machine_is_left_alone(machine: Machine) -> None:
    machine.setup()
    machine.log.unlink()
    done = machine.setup()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.deeds == []


def test_a_new_lock_is_installed(machine: Machine) -> None:
    machine.setup()
    machine.log.unlink()
    with (machine.root / "packaging" / "requirements.lock").open("a") as lock:
        lock.write("# newer\n")
    machine.setup()
    assert any("--require-hashes" in deed for deed in machine.deeds)


def test_a_checkout_that_was_moved_is_made_anew(machine: Machine) -> None:
    machine.setup()
    (machine.root / ".venv" / "old").touch()
    moved = machine.root.rename(machine.root.with_name("elsewhere"))
    done = Machine(moved, machine.programs, machine.log).setup()
    assert done.returncode == 0, done.stderr
    assert not (moved / ".venv" / "old").exists()


def test_root_gets_missing_libraries_from_apt(machine: Machine) -> None:
    machine.libraries("libEGL.so.1", "libxcb-cursor.so.0")
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    apt = [deed for deed in machine.deeds if deed.startswith("apt-get install")]
    assert len(apt) == 1
    assert "libegl1 libxcb-cursor0" in apt[0]
    assert "libgl1" not in apt[0].split()


def test_a_user_who_may_not_is_told_the_command(machine: Machine) -> None:
    machine.libraries("libEGL.so.1")
    machine.program("id", "#!/bin/sh\necho 1000")
    machine.program("sudo", "#!/bin/sh\nexit 1")
    done = machine.setup()
    assert done.returncode == 3
    assert "sudo apt-get install --yes --no-install-recommends libegl1" in done.stderr
    assert machine.deeds == []


def test_a_user_with_sudo_gets_them_installed(machine: Machine) -> None:
    machine.libraries("libEGL.so.1")
    machine.program("id", "#!/bin/sh\necho 1000")
    machine.program("sudo", '#!/bin/sh\n[ "$1" = -n ] && exit 0\nexec "$@"')
    assert machine.setup().returncode == 0
    assert any("libegl1" in deed for deed in machine.deeds)


def test_a_python_that_is_too_old_is_named(machine: Machine) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        machine.program(name, OLD_PYTHON)
    done = machine.setup()
    assert done.returncode == 3
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert "Python 3.9.2" in done.stderr


def test_another_python_is_taken_where_the_first_is_too_old(machine: Machine) -> None:
    machine.program("python3", OLD_PYTHON)
    assert machine.setup().returncode == 0


def test_a_python_without_venv_gets_its_package(machine: Machine) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        machine.program(name, NO_VENV)
    done = machine.setup()
    version = "python{}.{}-venv".format(*sys.version_info[:2])
    assert any(version in deed for deed in machine.deeds)
    assert done.returncode == 3
    assert "has no venv module" in done.stderr
