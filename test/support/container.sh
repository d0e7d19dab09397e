# Runs a program as a container of docker-compose.yml would, without an engine: bash container.sh APP FILES SECRETS PROGRAM…
# In here: the system and the app read-only, /tmp a tmpfs of its own mounted as Docker does (noexec), FILES at /files, SECRETS at
# /run/secrets, an
# unprivileged user without any capability. Everything is gone with the process. To be started by `unshare --mount`.
set -eu
app=$1 files=$2 secrets=$3 node=$(dirname "$4"); shift 3
root=/mnt
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
for folder in usr bin sbin lib lib64 etc dev proc; do
  [ -e "/$folder" ] || continue
  mkdir "$root/$folder"
  mount --rbind "/$folder" "$root/$folder"
done
mkdir "$root/app" "$root/files" "$root/tmp" "$root/node" "$root/run" "$root/run/secrets"
mount --bind "$app" "$root/app"
mount --bind "$files" "$root/files"
mount --bind "$node" "$root/node"
mount --bind "$secrets" "$root/run/secrets"
for place in usr bin sbin lib lib64 etc app node run/secrets; do
  mountpoint -q "$root/$place" && mount -o remount,bind,ro "$root/$place"
done
mount -t tmpfs -o noexec,nosuid,nodev,mode=1777 tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
program=/node/$(basename "$1"); shift
# Without privileges of its own already, there is nobody else to become.
user=(); [ "$(stat -c %u "$app")" != 0 ] || user=(--reuid=65534 --regid=65534 --clear-groups)
exec chroot "$root" setpriv "${user[@]}" --no-new-privs --bounding-set=-all --inh-caps=-all sh -c 'cd /app && exec "$@"' sh "$program" "$@"
