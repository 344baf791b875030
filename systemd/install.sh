#!/bin/sh
# Installs the built program with its production packages, the unit, the account and the directories. Starts nothing.
# Run as root from the top of the repository after `npm run build`; DESTDIR=<dir> installs below another root.
set -eu
umask 022

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
dest=${DESTDIR:-}
lib=$dest/usr/lib/fortnight

[ -f "$top/dist/main.js" ] || {
  echo "install.sh: there is no dist/main.js: run npm run build first" >&2
  exit 1
}

# Made aside and moved into place: an update never leaves half a program.
mkdir -p "$dest/usr/lib" "$dest/usr/bin"
rm -rf "$lib.new"
mkdir "$lib.new"
cp -R "$top/dist" "$top/config" "$top/docs" "$top/LICENSE" "$top/README.md" "$lib.new/"
cp "$top/package.json" "$top/package-lock.json" "$top/.npmrc" "$lib.new/"
(cd "$lib.new" && npm ci --omit=dev --include=optional --prefer-offline --no-audit --no-fund --loglevel=error)
rm -f "$lib.new/.npmrc"
rm -rf "$lib.old"
[ ! -e "$lib" ] || mv "$lib" "$lib.old"
mv "$lib.new" "$lib"
rm -rf "$lib.old"

# Relative, so that it also holds below DESTDIR; the carried Node by its path, whatever the system has.
cat > "$dest/usr/bin/fortnight" <<'END'
#!/bin/sh
lib=$(dirname -- "$(readlink -f -- "$0")")/../lib/fortnight
exec "$lib/node_modules/.bin/node" "$lib/dist/main.js" "$@"
END
chmod 755 "$dest/usr/bin/fortnight"

install -D -m 644 "$top/systemd/fortnight.service" "$dest/usr/lib/systemd/system/fortnight.service"
install -D -m 644 "$top/systemd/fortnight.sysusers.conf" "$dest/usr/lib/sysusers.d/fortnight.conf"
install -D -m 644 "$top/systemd/fortnight.tmpfiles.conf" "$dest/usr/lib/tmpfiles.d/fortnight.conf"

if [ -z "$dest" ]; then
  systemd-sysusers fortnight.conf
  systemd-tmpfiles --create fortnight.conf
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
fi
echo "installed in $lib; next: docs/guide/install.md, \"Permissions\""
