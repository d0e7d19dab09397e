#!/usr/bin/env bash
# tsx 4.23.15 (the program `tsx FILE`, not `node --import tsx`): a SIGTERM that comes while the script is busy for a second
# ends it with 143 and its own handler never runs. The wrapper waits a moment for word from its child, gets none from a
# busy event loop, and kills it. With `node --import tsx FILE` there is no wrapper, and the handler runs.
# Output seen: "tsx: 143, busy", "node --import tsx: 0, busy handled".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund tsx@4.23.15
cat > busy.ts << 'TS'
process.once('SIGTERM', () => { process.stdout.write(' handled'); process.exit(0); });
process.stdout.write('busy');
for (const until: number = Date.now() + 1000; Date.now() < until; );
setTimeout(() => process.exit(1), 30_000);
TS
try() { # COMMAND…
  local code=0
  rm -f said
  "$@" busy.ts > said & local pid=$!
  until [ -s said ]; do sleep 0.05; done
  kill -TERM "$pid"
  wait "$pid" || code=$?
  echo "$code, $(cat said)"
}
wrapped=$(try node_modules/.bin/tsx)
plain=$(try node --import tsx)
echo "tsx: $wrapped"
echo "node --import tsx: $plain"
[ "$wrapped" = '143, busy' ] && [ "$plain" = '0, busy handled' ]
