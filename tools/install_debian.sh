#!/bin/sh
# install_debian.sh PACKAGE WITHOUT [COMMAND]: the Debian package of a command, of the same name where
# none is given. Installs it where that may be done; otherwise says what goes without it.
set -eu
command -v "${3:-$1}" >/dev/null && exit 0
[ "$(id -u)" = 0 ] && sudo= || sudo="sudo -n"
{ $sudo apt-get -qq update && $sudo apt-get -qq install -y --no-install-recommends "$1"; } \
    >/dev/null 2>&1 \
    || echo "$1 is not here and may not be installed: $2" >&2
