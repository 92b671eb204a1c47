#!/usr/bin/env bash
# with_postgresql.sh COMMAND...: run a command with DATABASE_URL pointing at a PostgreSQL of its own,
# on a socket in a temporary folder, gone when the command has ended. Exit 69: no PostgreSQL here.
set -euo pipefail
"$(dirname "$0")/install_debian.sh" postgresql "nothing is tried on PostgreSQL" pg_ctlcluster
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
[ -x "$programs/initdb" ] || { echo "no PostgreSQL server is installed" >&2; exit 69; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/shuzhi-postgresql-XXXXXX")
as=()
if [ "$(id -u)" = 0 ]; then # a server does not run as root
    as=(runuser -u postgres --)
    chown postgres "$folder"
fi
stop() {
    (cd / && "${as[@]}" "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
cd_root() { (cd / && "${as[@]}" "$@"); }
cd_root "$programs/initdb" -D "$folder/data" -U shuzhi -A trust -E UTF8 --locale=C >/dev/null
# what a test writes need not survive a power cut
cd_root "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" start -o \
    "-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c full_page_writes=off" \
    >/dev/null
cd_root "$programs/createdb" -h "$folder" -U shuzhi shuzhi
chmod 755 "$folder"
DATABASE_URL="postgres://shuzhi@${folder//\//%2F}/shuzhi" "$@"
