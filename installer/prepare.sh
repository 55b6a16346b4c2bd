# Sourced by installer/run and installer/test: finds Python, the libraries Qt needs, and installs the project.
# Everything it makes stays in the virtual environment, .venv in this folder or the one VIGIE_VENV names.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${VIGIE_VENV:-$root/.venv}
export LANG=${LANG:-C.UTF-8} # Qt insists on UTF-8

python_packages=(python3 python3-venv)
qt_packages=(libglib2.0-0 libbrotli1 libdbus-1-3 libgl1 libegl1 libfontconfig1 libxkbcommon0 fonts-dejavu-core)
display_packages=(libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0
    libxcb-render-util0 libxcb-image0)

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

has_display() { [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; }

# Debian 13 and later call some libraries NAMEt64.
installed() {
    local status name
    for name in "$1" "$1t64"; do
        status=$(dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null) || continue
        [[ $status == *installed* && $status != *not-installed* ]] && return 0
    done
    return 1
}

# Installs Debian packages when this user may without a password, else says how and stops.
install_packages() {
    local line="apt-get install --no-install-recommends $*" may=()
    command -v apt-get >/dev/null || stop "Vigie needs the equivalent of these Debian packages: $*"
    if [[ $(id -u) != 0 ]]; then
        sudo -n true 2>/dev/null || stop "Vigie needs some Debian packages. Install them, then start again: sudo $line"
        may=(sudo -n)
    fi
    say "Installing Debian packages: $*"
    "${may[@]}" apt-get update -qq >/dev/null
    "${may[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# Prints the first Python that is recent enough and can make virtual environments.
find_python() {
    local name
    for name in ${VIGIE_PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

has_venv() { "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

install_missing() {
    local wanted=("${qt_packages[@]}") missing=() name
    has_display && wanted+=("${display_packages[@]}")
    # Not on a Debian? Then Qt itself names the libraries it misses.
    if command -v dpkg-query >/dev/null; then
        for name in "${wanted[@]}"; do
            installed "$name" || missing+=("$name")
        done
    fi
    has_venv || find_python >/dev/null || missing+=("${python_packages[@]}")
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

make_venv() {
    local python
    has_venv && return
    python=$(find_python) || stop "Vigie needs Python 3.11 or later with venv; name one in VIGIE_PYTHON."
    say "Making the virtual environment $venv with $("$python" --version)"
    "$python" -m venv "$venv"
}

# prepare [EXTRA]: everything ready in $venv; installs the project again only when pyproject.toml changed.
prepare() {
    local target=$root${1:+[$1]} stamp=$venv/.vigie${1:+-$1} state
    install_missing
    make_venv
    state="$root $(sha256sum <"$root/pyproject.toml")"
    [[ -x $venv/bin/vigie && -f $stamp && $(<"$stamp") == "$state" ]] && return
    say "Installing Vigie and what it depends on (a few minutes the first time)"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --root-user-action=ignore -e "$target" >&2
    printf '%s\n' "$state" >"$stamp"
}
