/**
 * Group commit: operations that come within a few milliseconds of each other, or while the ones before them are
 * being written, go to MongoDB as one.
 *
 * A durable write costs about the same for one document as for a hundred, so a hundred lanes that each
 * wait for their own write would be limited by the database rather than by the sender's rate.
 */
import DataLoader from 'dataloader';

/**
 * How long the first operation of a batch waits for company, if nothing else is said. Far below a send's own latency.
 */
const GATHER_MS = 3;
/** More would cost more: in a statement for several documents each looks itself up among all. */
const MAX_BATCH = 100;

/**
 * Returns a function that gathers its calls and runs them together. `run` must answer with one result
 * a call, in order; when it throws, every call of that batch rejects. `gatherMs`: how long the first waits for others.
 */
export function batched<Call, Answer>(
  run: (calls: readonly Call[]) => Promise<Answer[]>,
  gatherMs = GATHER_MS,
): (call: Call) => Promise<Answer> {
  // One batch after the other: the slower the database, the larger they grow, instead of queueing up in it.
  let before: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Call, Answer>(
    (calls) => {
      const running = run(calls);
      before = running.catch(() => undefined);
      return running;
    },
    {
      cache: false,
      maxBatchSize: MAX_BATCH,
      batchScheduleFn: (flush) => void before.then(() => setTimeout(flush, gatherMs)),
    },
  );
  return (call) => loader.load(call);
}

/**
 * In a pipeline of one statement for several documents: the value that stands where the document's own key stands among
 * the keys. A document whose key is not there gets the last value.
 */
export function valueOf(key: string | object, keys: readonly string[], values: readonly unknown[]): object {
  return { $arrayElemAt: [{ $literal: values }, { $indexOfArray: [{ $literal: keys }, key] }] };
}
