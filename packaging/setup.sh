#!/usr/bin/env bash
# Make this checkout ready: .venv from the hashed lock, and the system libraries Qt
# needs. Does nothing, quickly, when all is there. Run again at any time.
set -euo pipefail

cd "$(dirname "$0")/.."
readonly lock=packaging/requirements.lock
readonly stamp=.venv/.prepared

# What Qt opens at run time, and the Debian package that brings it. The first half is
# needed even without a screen, the second half for a window under X11.
readonly libraries="
libGL.so.1              libgl1
libEGL.so.1             libegl1
libglib-2.0.so.0        libglib2.0-0
libdbus-1.so.3          libdbus-1-3
libfontconfig.so.1      libfontconfig1
libxkbcommon.so.0       libxkbcommon0
libxkbcommon-x11.so.0   libxkbcommon-x11-0
libxcb-cursor.so.0      libxcb-cursor0
libxcb-icccm.so.4       libxcb-icccm4
libxcb-keysyms.so.1     libxcb-keysyms1
libX11-xcb.so.1         libx11-xcb1
libxcb-shape.so.0       libxcb-shape0
"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 3
}

missing_packages() {
    local known library package
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    while read -r library package; do
        [[ -z $library || $known == *"$library "* ]] || printf '%s\n' "$package"
    done <<<"$libraries"
}

install_packages() {
    local command=(apt-get install --yes --no-install-recommends "$@")
    if ! command -v apt-get >/dev/null; then
        fail "These libraries are missing; install them with your system's tools:" \
            "$* (names of Debian packages)."
    fi
    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        if ! may_sudo; then
            fail "System packages are missing. Install them, then try again:" \
                $'\n\n'"    sudo ${command[*]}"$'\n'
        fi
        as_root=(sudo)
    fi
    say "Installing system packages: $*"
    # A bare machine has no package lists yet.
    "${as_root[@]}" apt-get update --quiet=2 >/dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${command[@]}" --quiet=2 >/dev/null
}

may_sudo() {
    command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }
}

# The first Python that fits; python3 first, it is the user's choice.
find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
            2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
}

can_make_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Sets `python`, with its venv module; installs both where apt may.
need_python() {
    python=$(find_python)
    if [[ -z $python ]] && ! command -v python3 >/dev/null; then
        install_packages python3 python3-venv
        python=$(find_python)
    fi
    if [[ -z $python ]]; then
        fail "Lightbox needs Python 3.11, 3.12 or 3.13;" \
            "this machine has $(python3 --version 2>&1)."
    fi
    can_make_environments "$python" && return
    install_packages "$("$python" -c \
        'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    can_make_environments "$python" || fail "$python has no venv module."
}

# What must be the same for .venv to be the right one: what is installed, how, where
# (a virtual environment cannot be moved), and by which Python.
wanted() {
    sha256sum "$lock" packaging/setup.sh
    pwd
    cat .venv/pyvenv.cfg
}

make_environment() {
    # One that was moved, or whose Python is gone, is made anew.
    if [[ -f $stamp ]] && ! grep -qxF "$PWD" "$stamp" || ! .venv/bin/python -m pip \
        --version >/dev/null 2>&1; then
        need_python
        rm -rf .venv
        "$python" -m venv .venv
    fi
    say "Installing the locked requirements into .venv ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --only-binary :all: --requirement "$lock" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation --editable . >&2
    wanted >"$stamp"
}

mapfile -t packages < <(missing_packages)
[[ ${#packages[@]} == 0 ]] || install_packages "${packages[@]}"
[[ -f $stamp && $(wanted 2>/dev/null) == "$(<"$stamp")" && -x .venv/bin/lightbox ]] ||
    make_environment
