# Sourced by the other scripts: names each step, and says how long it took and how it ended.
# shellcheck shell=bash

step() {
    local name=$1 started=$SECONDS
    shift
    echo "==> $name"
    if "$@"; then
        echo "<== $name: ok in $((SECONDS - started)) s"
    else
        local code=$?
        echo "<== $name: FAILED ($code) after $((SECONDS - started)) s" >&2
        return "$code"
    fi
}
