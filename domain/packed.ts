/** Rows that wait in memory until all others are known, compressed. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Takes JSON values. A row takes a tenth of its text; a million plain objects would take hundreds of megabytes. */
export interface Packed<T> {
  readonly length: number;
  add(rows: readonly T[]): void;
  /** All rows in their order, unpacked one batch at a time. */
  batches(): Generator<T[]>;
}

/** The fastest: a level higher makes it little smaller. */
const LEVEL = 1;

export function createPacked<T>(batchSize: number): Packed<T> {
  const packed: Buffer[] = [];
  let waiting: T[] = [];
  const pack = (): void => {
    packed.push(deflateRawSync(JSON.stringify(waiting), { level: LEVEL }));
    waiting = [];
  };
  return {
    get length() {
      return packed.length * batchSize + waiting.length;
    },
    add: (rows) => {
      for (const row of rows) if (waiting.push(row) === batchSize) pack();
    },
    *batches() {
      for (const batch of packed) yield JSON.parse(inflateRawSync(batch).toString()) as T[];
      if (waiting.length > 0) yield waiting;
    },
  };
}
