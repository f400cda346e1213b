#!/usr/bin/env bash
# Installs what the tests of this folder need beside Python's packages, from Debian's or Ubuntu's packages.
set -euo pipefail

problem() { echo "make test-peers: $*" >&2; exit 1; }
has_libfaketime() { compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; }

[ "$(id -u)" = 0 ] || problem "has to run as root: it mounts a small disk and installs packages"
command -v mount >/dev/null || problem "there is no mount command; install util-linux"
if ! has_libfaketime; then
  command -v apt-get >/dev/null || problem "install libfaketime; there is no apt-get to do it with"
  echo "installing libfaketime ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || problem "apt-get update failed"
  apt-get install -y -qq --no-install-recommends libfaketime >/dev/null || problem "libfaketime was not installed"
  has_libfaketime || problem "libfaketime is installed, but libfaketimeMT.so.1 is not where it should be"
fi
