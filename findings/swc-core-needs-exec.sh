#!/usr/bin/env bash
# @swc/core 1.16.22 cannot be used with a read-only home and a /tmp without exec, which is what a container with
# `read_only: true` and `tmpfs: [/tmp]` has: it unpacks its native part at run time, into a cache folder, and loads it from
# there: "Failed to load native binding". @temporalio/worker 1.24 bundles workflows with it at start.
# Needs Linux, root (or user namespaces) and unshare. Output seen: "as it is: ok", "restricted: Failed to load native binding".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @swc/core@1.16.22
cat > try.cjs << 'JS'
try { require('@swc/core').transformSync('let a: number = 1', { jsc: { parser: { syntax: 'typescript' } } }); console.log('ok'); }
catch (error) { console.log(error.message.split('\n')[0]); }
JS
echo "as it is: $(node try.cjs)" | tee said
user=(); [ "$(id -u)" = 0 ] || user=(--user --map-root-user)
unshare --mount "${user[@]}" bash -c '
  mount --make-rprivate /
  mount -t tmpfs tmpfs /mnt && mkdir /mnt/app && mount --bind "$0" /mnt/app && mount -o remount,bind,ro /mnt/app
  mount -t tmpfs -o noexec,nosuid,nodev tmpfs /tmp
  cd /mnt/app && echo "restricted: $(HOME=/nowhere setpriv --reuid=65534 --regid=65534 --clear-groups node try.cjs)"
' "$folder" | tee -a said
printf 'as it is: ok\nrestricted: Failed to load native binding\n' | cmp - said
