#!/usr/bin/env bash
# prom-client 15.1.3: `reset()` of a gauge without labels leaves a sample of value 0, while one with labels has no sample any
# more. A figure that is no longer known then reads as "none", and an alert on it falls silent; NaN has to be set instead,
# which is written `Nan` (Prometheus' format spells it NaN; its parser takes both).
# Output seen: "plain 0", "labelled absent", "plain Nan".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund prom-client@15.1.3
cat > try.cjs << 'JS'
const { Gauge, Registry } = require('prom-client');
const registry = new Registry();
const plain = new Gauge({ name: 'plain', help: 'p', registers: [registry] });
const labelled = new Gauge({ name: 'labelled', help: 'l', labelNames: ['of'], registers: [registry] });
const say = async (name) => {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(name));
  console.log(`${name} ${line ? line.split(' ').at(-1) : 'absent'}`);
};
(async () => {
  plain.set(7);
  labelled.set({ of: 'x' }, 7);
  plain.reset();
  labelled.reset();
  await say('plain');
  await say('labelled');
  plain.set(NaN);
  await say('plain');
})();
JS
timeout 30 node try.cjs | tee said
printf 'plain 0\nlabelled absent\nplain Nan\n' | cmp - said
