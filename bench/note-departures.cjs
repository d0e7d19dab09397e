/**
 * Loaded into a worker of the bench (`node --require`): notes when the first byte of each message is handed to its
 * socket, whatever build the worker is of. One Unix time (ms, with fractions) a line, in the file BENCH_DEPARTURES.
 */
const { appendFileSync } = require('node:fs');
const { channel } = require('node:diagnostics_channel');

const SAVE_EVERY_MS = 500;
const file = process.env.BENCH_DEPARTURES;
let noted = [];

function save() {
  if (noted.length > 0) appendFileSync(file, noted.join(''));
  noted = [];
}

if (file) {
  // undici publishes this right before it writes.
  channel('undici:client:sendHeaders').subscribe(({ request: { method, path } }) => {
    if (method === 'POST' && path.endsWith('/template/msg'))
      noted.push(`${(performance.timeOrigin + performance.now()).toFixed(3)}\n`);
  });
  setInterval(save, SAVE_EVERY_MS).unref();
  process.on('exit', save);
}
