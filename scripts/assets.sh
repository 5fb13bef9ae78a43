#!/usr/bin/env bash
# Builds what the web crate embeds from frontend/; without that folder there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/step.sh

if [ -f frontend/package.json ]; then
    step "frontend assets" npm --prefix frontend run build --if-present
fi
