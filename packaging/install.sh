#!/usr/bin/env bash
# Installs or upgrades Credence from this archive: program, service, nightly backup. Keeps settings that are there.
#
#   sudo ./install.sh            into the running system
#   ./install.sh --root DIR      into a folder, without users and services (for packagers and tests)
set -euo pipefail
cd "$(dirname "$0")"

root=
if [ "${1:-}" = --root ]; then
    root=${2:?--root needs a folder}
elif [ "$(id -u)" -ne 0 ]; then
    echo "install: run as root, or with --root DIR" >&2
    exit 2
fi

sha256sum --check --quiet SHA256SUMS || { echo "install: the archive is damaged" >&2; exit 1; }

install -D -m 0755 credence "$root/usr/local/bin/credence.new"
# In one step: a command that runs meanwhile keeps the program that it has.
mv "$root/usr/local/bin/credence.new" "$root/usr/local/bin/credence"
for unit in credence.service credence-backup.service credence-backup.timer; do
    install -D -m 0644 "$unit" "$root/etc/systemd/system/$unit"
done
if [ -e "$root/etc/credence/credence.env" ]; then
    echo "install: kept /etc/credence/credence.env"
else
    install -D -m 0640 credence.env "$root/etc/credence/credence.env"
fi
install -d -m 0755 "$root/usr/local/share/doc/credence"
cp -R docs examples nginx.conf postgresql.sql README.md README.zh-CN.md LICENSE CHANGELOG.md verifier \
    "$root/usr/local/share/doc/credence/"

[ -n "$root" ] && exit 0

getent passwd credence >/dev/null ||
    useradd --system --home-dir /var/lib/credence --shell /usr/sbin/nologin credence
chown root:credence /etc/credence/credence.env
install -d -m 0700 -o credence -g credence /var/lib/credence /var/lib/credence/keys
systemctl daemon-reload
cat <<'TEXT'
Installed. What is next:
  1. /etc/credence/credence.env: the register, and the name of the public log before the first start
  2. systemctl enable --now credence credence-backup.timer
  3. a proxy with TLS in front of it: /usr/local/share/doc/credence/nginx.conf
  4. copies of /var/lib/credence/keys in another place than the backups
The guide: /usr/local/share/doc/credence/docs/install.md
TEXT
