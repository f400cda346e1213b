#!/usr/bin/env bash
# Installs what the tests marked `peers` need beside Python's packages, from Debian's packages.
set -euo pipefail

problem() { echo "make test-peers: $*" >&2; exit 1; }
has_libfaketime() { compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; }
has_mariadb() { [ -x /usr/sbin/mariadbd ] && command -v mariadb-install-db mariadb >/dev/null; }
has_chromium() { [ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ]; }

[ "$(id -u)" = 0 ] || problem "has to run as root: it mounts a small disk and installs packages"
command -v mount >/dev/null || problem "there is no mount command; install util-linux"
wanted=()
has_libfaketime || wanted+=(libfaketime)
# The programs alone: what also sets up a service would start a server on the usual port.
has_mariadb || wanted+=(mariadb-server-core mariadb-client-core)
has_chromium || wanted+=(chromium chromium-driver)
if [ "${#wanted[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null || problem "install ${wanted[*]}; there is no apt-get to do it with"
  echo "installing ${wanted[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || problem "apt-get update failed"
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null || problem "${wanted[*]}: not installed"
  has_libfaketime || problem "libfaketime is installed, but libfaketimeMT.so.1 is not where it should be"
  has_mariadb || problem "MariaDB is installed, but mariadbd, mariadb-install-db or mariadb is not found"
  has_chromium || problem "Chromium is installed, but /usr/bin/chromium or /usr/bin/chromedriver is not there"
fi
