#!/usr/bin/env bash
# Form, lints and house rules: what can be judged without running the product.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

step "format" cargo fmt --all --check
step "clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
step "house rules" cargo xtask tidy
