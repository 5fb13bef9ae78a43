#!/usr/bin/env bash
# Installs what is missing and says so; where it may not install, it prints the one line that does, and stops.
#
#   scripts/setup.sh         everything the suites need
#   scripts/setup.sh build   only what building needs
#
# Rust and Node are expected to be there: README.md says which versions.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

what=${1:-all}
packages=()

need_package() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || packages+=("$package")
}

have_postgresql() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb
}

have_chinese_font() {
    [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]
}

have_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

install_packages() {
    local line=(apt-get install --yes --no-install-recommends "${packages[@]}")
    local super=()
    if [ "$(id -u)" -ne 0 ]; then
        if sudo -n true 2>/dev/null; then
            super=(sudo)
        else
            echo "setup: these Debian packages are missing; install them and start again:" >&2
            echo "    sudo apt-get update && sudo ${line[*]}" >&2
            return 1
        fi
    fi
    if ! command -v apt-get >/dev/null; then
        echo "setup: no apt-get here; install what these Debian packages hold: ${packages[*]}" >&2
        return 1
    fi
    "${super[@]}" apt-get update </dev/null &&
        "${super[@]}" env DEBIAN_FRONTEND=noninteractive "${line[@]}" </dev/null
}

need_tool() {
    command -v "$1" >/dev/null || { echo "setup: $1 is missing; see README.md" >&2; exit 1; }
}

need_tool cargo
need_package build-essential command -v cc
if [ "$what" = all ]; then
    need_package postgresql have_postgresql
fi
if [ -f frontend/package.json ]; then
    need_tool npm
    if [ "$what" = all ]; then
        need_package chromium have_chromium
        need_package fonts-noto-cjk have_chinese_font
    fi
fi
if [ -f requirements.txt ] && [ "$what" = all ]; then
    need_package python3-venv python3 -c 'import venv, ensurepip'
fi

if [ ${#packages[@]} -gt 0 ]; then
    step "install ${packages[*]}" install_packages
fi

# The lock file is the newest thing that says what node_modules must hold.
if [ -f frontend/package-lock.json ] && [ ! frontend/node_modules/.package-lock.json -nt frontend/package-lock.json ]; then
    step "npm packages" npm --prefix frontend ci --no-audit --no-fund </dev/null
fi

if [ "$what" = build ]; then
    exit 0
fi

for component in fmt clippy; do
    if ! cargo "$component" --version >/dev/null 2>&1; then
        need_tool rustup
        step "rust component $component" rustup component add "${component/fmt/rustfmt}"
    fi
done

if [ -f requirements.txt ] && [ ! .venv/.installed -nt requirements.txt ]; then
    install_python_tools() {
        python3 -m venv .venv && .venv/bin/pip install --quiet --requirement requirements.txt && touch .venv/.installed
    }
    step "Python tools in .venv" install_python_tools
fi
