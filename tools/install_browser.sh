#!/bin/sh
# The page tests drive Debian's Chromium. Installs it where that may be done; otherwise says so,
# and the page tests are skipped with the same line.
set -eu
command -v chromium >/dev/null && exit 0
[ "$(id -u)" = 0 ] && sudo= || sudo="sudo -n"
{ $sudo apt-get -qq update && $sudo apt-get -qq install -y --no-install-recommends chromium; } \
    >/dev/null 2>&1 \
    || echo "chromium is not here and may not be installed: page tests will be skipped" >&2
