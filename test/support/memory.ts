/** Memory that is still held: what the collector has not come to yet does not count. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes, after a full collection. */
export function heldMemory(): NodeJS.MemoryUsage {
  collect();
  return process.memoryUsage();
}
