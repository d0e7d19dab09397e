#!/usr/bin/env bash
# cron-parser 5.10.6 and croner 11.0.1 (npm), croniter 7.0.0 (PyPI): when a daily time does not exist because the clocks go
# forward. For 02:30 in Berlin on 2026-03-29 cron-parser answers 03:30, the two others 03:00; for 00:30 in Santiago on
# 2026-09-06 01:30 and 01:00. For 02:15 on Lord Howe Island, where only half an hour is left out, cron-parser leaves out the
# whole day (2026-10-04), the others answer 02:30. When the clocks go back, croniter fires twice for 02:30 in Berlin, the
# others once. A campaign moved from one to another comes half an hour off, twice, or not at all.
# Output seen (times in UTC): as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund cron-parser@5.10.6 croner@11.0.1
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check croniter==7.0.0 tzdata==2026.6
cat > cases.json << 'JSON'
[["30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00+00:00"], ["30 0 * * *", "America/Santiago", "2026-09-05T12:00:00+00:00"],
 ["15 2 * * *", "Australia/Lord_Howe", "2026-10-02T20:00:00+00:00"], ["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00+00:00"]]
JSON
cat > look.mjs << 'JS'
import { readFileSync } from 'node:fs';
import { Cron } from 'croner';
import parser from 'cron-parser';
const line = (name, cron, zone, times) => console.log(`${name} ${cron} ${zone}: ${times.map((time) => time.toISOString().slice(5, 16)).join(' ')}`);
for (const [cron, zone, from] of JSON.parse(readFileSync('cases.json', 'utf8'))) {
  const times = parser.CronExpressionParser.parse(cron, { tz: zone, currentDate: new Date(from) });
  line('cron-parser', cron, zone, [times.next().toDate(), times.next().toDate()]);
  line('croner', cron, zone, new Cron(cron, { timezone: zone }).nextRuns(2, new Date(from)));
}
JS
cat > look.py << 'PY'
import datetime, json, zoneinfo
from croniter import croniter
for cron, zone, start in json.load(open("cases.json")):
    times = croniter(cron, datetime.datetime.fromisoformat(start).astimezone(zoneinfo.ZoneInfo(zone)))
    seen = [times.get_next(datetime.datetime).astimezone(datetime.timezone.utc) for _ in range(2)]
    print(f"croniter {cron} {zone}:", *[time.isoformat()[5:16] for time in seen])
PY
cat > expected << 'TEXT'
cron-parser 30 2 * * * Europe/Berlin: 03-29T01:30 03-30T00:30
croner 30 2 * * * Europe/Berlin: 03-29T01:00 03-30T00:30
cron-parser 30 0 * * * America/Santiago: 09-06T04:30 09-07T03:30
croner 30 0 * * * America/Santiago: 09-06T04:00 09-07T03:30
cron-parser 15 2 * * * Australia/Lord_Howe: 10-04T15:15 10-05T15:15
croner 15 2 * * * Australia/Lord_Howe: 10-03T15:30 10-04T15:15
cron-parser 30 2 * * * Europe/Berlin: 10-25T00:30 10-26T01:30
croner 30 2 * * * Europe/Berlin: 10-25T00:30 10-26T01:30
croniter 30 2 * * * Europe/Berlin: 03-29T01:00 03-30T00:30
croniter 30 0 * * * America/Santiago: 09-06T04:00 09-07T03:30
croniter 15 2 * * * Australia/Lord_Howe: 10-03T15:30 10-04T15:15
croniter 30 2 * * * Europe/Berlin: 10-25T00:30 10-25T01:30
TEXT
{ node look.mjs; v/bin/python look.py; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
