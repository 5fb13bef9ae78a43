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
scripts/lint.sh
step "Rust suites" cargo test --workspace --locked
# With the program as the suites have just built it: the browser's step builds another in its place.
step "API contract" .venv/bin/python -B scripts/contract/run.py target/debug/credence
if [ -f frontend/package.json ]; then
    step "browser journeys" browser_tests
fi
echo "everything passed in $SECONDS s"
