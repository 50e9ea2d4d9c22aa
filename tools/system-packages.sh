#!/bin/sh
# Installs the given system packages if permitted, otherwise prints the command to type. Never fails.
# Usage: system-packages.sh bubblewrap [chromium] [postgresql]
missing=
for package in "$@"; do
    case $package in
        bubblewrap) command -v bwrap >/dev/null && continue ;;
        # Debian keeps the server out of PATH. Where Debian starts one of its own, the tests leave it alone.
        postgresql) { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 && continue ;;
        chromium) { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null && continue ;;
    esac
    missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null; then
    case $(uname) in
        Linux) echo "Not installed:$missing. Install with your distribution's package manager, for instance: dnf install$missing" ;;
        *) echo "Not available on $(uname):$missing. The demo grades its own files without a sandbox; see docs/sandbox.md." ;;
    esac
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Not installed:$missing. Type: sudo apt-get install$missing"
    exit 0
fi

# Unquoted on purpose, to be split into words.
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; }

echo "Installing$missing ..."
install || { $as_root apt-get update -qq >/dev/null 2>&1 && install; } ||
    echo "That failed. Type: ${as_root:+sudo }apt-get update && ${as_root:+sudo }apt-get install$missing"
exit 0
