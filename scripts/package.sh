#!/usr/bin/env bash
# One archive that installs Credence on a Debian 12 machine: target/package/credence-VERSION-linux-ARCH.tar.gz, and its SHA-256.
# What is in it depends on the sources alone: names in order, one owner, the time of the last commit.
#
#   scripts/package.sh [PROGRAM]     PROGRAM: a built program instead of target/release/credence
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-target/release/credence}
version=$("$program" --version | awk '{print $2}')
name=credence-$version-linux-$(uname -m)
out=target/package
rm -rf "${out:?}/$name"
mkdir -p "$out/$name"

cp "$program" "$out/$name/credence"
strip --strip-debug "$out/$name/credence"
cp packaging/* "$out/$name/"
cp -R docs examples verifier README.md README.zh-CN.md LICENSE CHANGELOG.md "$out/$name/"
(cd "$out/$name" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)

moment=$(git log -1 --format=%ct 2>/dev/null || echo 0)
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$moment" -C "$out" -cf - "$name" | gzip -n >"$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
