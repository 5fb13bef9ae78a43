#!/usr/bin/env bash
# Every suite: lints, Rust on both databases, the interface against its document, and the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

# The program is the one that the Rust suites have built and run.
browser_tests() {
    CREDENCE_BIN="$PWD/target/debug/credence" npm --prefix frontend test
}

scripts/assets.sh
if [ "${CI:-}" = true ]; then
    # On a clean checkout the lints come with the one build that the suites need, in the place of a second pass over every
    # dependency: the same driver as `cargo clippy`, the same refusal of warnings.
    export RUSTC_WORKSPACE_WRAPPER=clippy-driver RUSTFLAGS="-D warnings"
    step "format" cargo fmt --all --check
    step "lints and build" cargo test --workspace --locked --no-run
    step "house rules" cargo xtask tidy
else
    scripts/lint.sh
fi
step "Rust suites" cargo test --workspace --locked
# With the program as the suites have just built it, each on a register of its own: one asks, the other draws, and neither keeps two
# cores busy.
contract_tests() {
    .venv/bin/python -B scripts/contract/run.py target/debug/credence
}

if [ -f frontend/package.json ]; then
    browser_log=$(mktemp)
    trap 'rm -f "$browser_log"' EXIT
    step "browser journeys" browser_tests >"$browser_log" 2>&1 &
    browser=$!
    contract=0
    step "API contract" contract_tests || contract=$?
    journeys=0
    wait "$browser" || journeys=$?
    cat "$browser_log"
    [ $((contract + journeys)) -eq 0 ]
else
    step "API contract" contract_tests
fi
echo "everything passed in $SECONDS s"
