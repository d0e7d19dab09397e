#!/usr/bin/env bash
# sift 17.1.4 (npm; MongoDB's query language as a filter of arrays). A query for a number also finds dates (by their
# milliseconds), and `$nin` of a number leaves a date out; MongoDB compares values of one type only, and its other double,
# mingo 7.2.7, keeps to that. Both reckon `$mod` of a text, a boolean and a date, where MongoDB finds numbers alone. So
# `{ tries: { $gt: 4 } }` also finds who has a time in that field, and a test of a query on mixed fields says nothing.
# Seen for the values 5, "5", true and a date of 5 ms: see `expected` below. Exits with 1 when an answer is another.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund sift@17.1.4 mingo@7.2.7
cat > try.mjs << 'JS'
import module from 'sift';
import { Query } from 'mingo';
const sift = module.default ?? module;
const values = [{ is: 'number', v: 5 }, { is: 'text', v: '5' }, { is: 'boolean', v: true }, { is: 'date', v: new Date(5) }];
const names = (found) => found.map(({ is }) => is).join(' ') || 'nothing';
for (const condition of [5, { $gt: 4 }, { $nin: [5] }, { $mod: [2, 1] }]) {
  const query = { v: condition };
  console.log(`${JSON.stringify(condition)}: sift ${names(values.filter(sift(query)))} | mingo ${names(new Query(query).find(values).all())}`);
}
JS
cat > expected << 'TEXT'
5: sift number date | mingo number
{"$gt":4}: sift number date | mingo number
{"$nin":[5]}: sift text boolean | mingo text boolean date
{"$mod":[2,1]}: sift number text boolean date | mingo number text boolean date
TEXT
node try.mjs | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
