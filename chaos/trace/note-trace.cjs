/**
 * Loaded into the roles of a chaos run (`node --require`): notes in the file CHAOS_TRACE when each write and call of a
 * send begins and ends (config/crash-points.ts), one JSON document a line. The times are of the machine's monotonic
 * clock (ms), which all processes share and no step of the wall clock moves.
 */
const { appendFileSync } = require('node:fs');
const { subscribe } = require('node:diagnostics_channel');

const POINTS = ['claim', 'call', 'answer', 'put-back', 'fold', 'wave'];
const file = process.env.CHAOS_TRACE;
let begun = 0;

/** At once: what a killed process had begun is known. */
function note(mark) {
  appendFileSync(file, `${JSON.stringify({ at: Number(process.hrtime.bigint()) / 1e6, ...mark })}\n`);
}

function outcomeOf(result) {
  if (typeof result === 'number') return { changed: result };
  const { kind, messageId, modifiedCount } = result ?? {};
  return kind === undefined ? { changed: modifiedCount } : { answer: kind, messageId };
}

if (file)
  for (const point of POINTS) {
    const acts = new WeakMap();
    subscribe(`tracing:bobcofer.${point}:start`, (context) => {
      const act = `${process.pid}-${begun++}`;
      acts.set(context, act);
      note({ act, begins: point, about: context.about });
    });
    subscribe(`tracing:bobcofer.${point}:asyncEnd`, (context) => {
      const act = acts.get(context);
      note(context.error ? { act, ends: 'broken' } : { act, ends: 'done', ...outcomeOf(context.result) });
    });
  }
