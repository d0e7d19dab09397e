/**
 * Loaded into a worker of the bench or of a chaos run (`node --require`): notes when the first byte of each message is
 * handed to its socket, whatever build the worker is of. A Unix time (ms, with fractions), the process id and the number it
 * is sent from a line, in the file BENCH_DEPARTURES; with BENCH_DEPARTURES_AT_ONCE none is lost when the worker is killed.
 */
const { appendFileSync } = require('node:fs');
const { channel } = require('node:diagnostics_channel');

const SAVE_EVERY_MS = 500;
const file = process.env.BENCH_DEPARTURES;
const atOnce = Boolean(process.env.BENCH_DEPARTURES_AT_ONCE);
let noted = [];

function save() {
  if (noted.length > 0) appendFileSync(file, noted.join(''));
  noted = [];
}

if (file) {
  // undici publishes this right before it writes.
  channel('undici:client:sendHeaders').subscribe(({ request: { method, path, body } }) => {
    if (method !== 'POST' || !path.endsWith('/template/msg')) return;
    noted.push(
      `${(performance.timeOrigin + performance.now()).toFixed(3)} ${process.pid} ${/(?:^|&)source=(\d+)/.exec(String(body))?.[1] ?? 0}\n`,
    );
    if (atOnce) save();
  });
  setInterval(save, SAVE_EVERY_MS).unref();
  process.on('exit', save);
}
