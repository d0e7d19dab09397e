/**
 * Loaded into the roles of a chaos run (`node --require`): their wall clock is wrong by as many milliseconds as the file
 * CHAOS_CLOCK says, now and then. The monotonic clock and timers go on, as when a machine's time is set. The sandbox
 * keeps the book, so its clock is right.
 */
const { readFileSync } = require('node:fs');

const LOOK_EVERY_MS = 50;
const file = process.env.CHAOS_CLOCK;
let byMs = 0;

function look() {
  try {
    byMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    byMs = 0;
  }
}

if (file && !/sandbox/.test(process.argv[1] ?? '')) {
  const RealDate = Date;
  const now = () => RealDate.now() + byMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  look();
  setInterval(look, LOOK_EVERY_MS).unref();
}
