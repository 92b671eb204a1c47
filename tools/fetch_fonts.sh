#!/bin/sh
# Puts the PDF's fonts into DIR, out of Debian's own packages. Needs no root: the packages are
# downloaded and unpacked, not installed. Ends with 0 and one clear line where that cannot be done.
set -eu
dir=$1
[ -f "$dir/complete" ] && exit 0
missing() {
    echo "fonts: $1. Reports will be made as .docx and .html; for the .pdf run:" \
        "sudo apt-get install fonts-noto-cjk texlive-lang-chinese" >&2
    exit 0
}
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || missing "this is no Debian or Ubuntu"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
download() { (cd "$work" && apt-get -qq download fonts-noto-cjk texlive-lang-chinese >/dev/null 2>&1); }
if ! download; then
    # On a new machine the package lists are empty until somebody with the right updates them.
    if [ "$(id -u)" = 0 ]; then apt-get -qq update >/dev/null 2>&1 || true
    elif sudo -n true 2>/dev/null; then sudo -n apt-get -qq update >/dev/null 2>&1 || true
    fi
    download || missing "the packages fonts-noto-cjk and texlive-lang-chinese could not be downloaded"
fi
for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
mkdir -p "$dir"
find "$work/unpacked" \( -name 'Fandol[FHKS]*.otf' -o -name 'Noto*CJK-Regular.ttc' \
    -o -name 'Noto*CJK-Bold.ttc' \) -exec cp {} "$dir/" \;
[ -f "$dir/FandolFang-Regular.otf" ] || missing "the downloaded packages hold other files than expected"
touch "$dir/complete"
