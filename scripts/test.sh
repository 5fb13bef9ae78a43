#!/usr/bin/env bash
# Every suite: lints, Rust on both databases, and the browser where there are pages to test.
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
if [ -f frontend/package.json ]; then
    step "browser journeys" browser_tests
fi
echo "everything passed in $SECONDS s"
