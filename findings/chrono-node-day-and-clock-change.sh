#!/usr/bin/env bash
# chrono-node 2.10.3 (dates and times in natural language, with a Russian locale): of "31.12 10:00" the Russian locale keeps
# the time only, so that the last day of the year becomes tomorrow; and its `timezone` is an offset in minutes, which it
# keeps across a change of the clocks, so that "tomorrow at 10" on the evening before one is an hour off.
# Output seen: "31.12 10:00 -> 10:00 = 2026-01-16T07:00:00.000Z" (Moscow, said on 15 January 2026) and
# "tomorrow at 10 in Berlin = 2026-03-29T09:00:00.000Z" (10:00 in Berlin is 08:00Z that day).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund chrono-node@2.10.3
cat > try.mjs << 'JS'
import * as chrono from 'chrono-node';
import * as russian from 'chrono-node/ru';
const [day] = russian.parse('31.12 10:00', { instant: new Date('2026-01-15T09:00:00Z'), timezone: 180 }, { forwardDate: true });
console.log(`31.12 10:00 -> ${day.text} = ${day.date().toISOString()}`);
const [night] = chrono.parse('tomorrow at 10', { instant: new Date('2026-03-28T12:00:00Z'), timezone: 60 });
console.log(`${night.text} in Berlin = ${night.date().toISOString()}`);
JS
node try.mjs | tee said
printf '31.12 10:00 -> 10:00 = 2026-01-16T07:00:00.000Z\ntomorrow at 10 in Berlin = 2026-03-29T09:00:00.000Z\n' | cmp - said
