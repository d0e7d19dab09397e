#!/usr/bin/env bash
# mingo 7.2.7 (npm; MongoDB's query and aggregation language in memory), three date operators that answer otherwise than
# MongoDB's manual says. `$dateAdd` of a month to 31 January gives 3 March (manual: the last day of the month, when the day does
# not exist in it); `$dateAdd` of a day with a timezone is always 24 hours (manual: the offset is looked up anew, so that the
# hour by the clock stays; 10:00 in Berlin is 08:00Z after the change); `$week` of the first Sunday of 2027 is 54 (manual: 1,
# weeks begin on Sundays and the figure is 0 to 53). Follow-ups reckoned in a test with it come on other days than in the store.
# Output seen: "a month from 31 January: 2026-03-03T10:00:00.000Z", "a day from 10:00 in Berlin: 2026-03-29T09:00:00.000Z",
# "week of 2027-01-03: 54". Exits with 1 when an answer is another.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund mingo@7.2.7
cat > try.mjs << 'JS'
import { Aggregator } from 'mingo';
const reckon = (expression) => new Aggregator([{ $project: { _id: 0, answer: expression } }]).run([{ _id: 1 }])[0].answer;
const add = (start, unit, more) => reckon({ $dateAdd: { startDate: new Date(start), unit, amount: 1, ...more } }).toISOString();
console.log('a month from 31 January:', add('2026-01-31T10:00:00Z', 'month'));
console.log('a day from 10:00 in Berlin:', add('2026-03-28T09:00:00Z', 'day', { timezone: 'Europe/Berlin' }));
console.log('week of 2027-01-03:', reckon({ $week: new Date('2027-01-03T00:00:00Z') }));
JS
cat > expected << 'TEXT'
a month from 31 January: 2026-03-03T10:00:00.000Z
a day from 10:00 in Berlin: 2026-03-29T09:00:00.000Z
week of 2027-01-03: 54
TEXT
node try.mjs | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
