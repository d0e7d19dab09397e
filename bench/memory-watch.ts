/** Samples the resident memory of processes while phases of work follow one another. */
import { mean } from './figures';
import { residentBytes } from './processes';
import type { Scope } from './scope';

const EVERY_MS = 2_000;
/** The memory at the begin and the end of a phase is a mean of so much of it: single samples jump. */
const SHARE = 0.1;

export interface MemoryOf {
  /** Bytes. */
  first: number;
  last: number;
  most: number;
}

export interface MemoryWatch {
  /** From now on this process is sampled as well. */
  add(name: string, pid: number): void;
  /** Samples while `work` runs; tells of each process's memory meanwhile. */
  during(work: () => Promise<void>): Promise<Record<string, MemoryOf>>;
}

export function watchMemory(scope: Pick<Scope, 'atEnd'>): MemoryWatch {
  const pids = new Map<string, number>();
  let samples = new Map<string, number[]>();
  const sample = (): void => {
    for (const [name, pid] of pids) {
      const bytes = residentBytes(pid);
      if (bytes !== undefined) samples.set(name, [...(samples.get(name) ?? []), bytes]);
    }
  };
  const timer = setInterval(sample, EVERY_MS);
  scope.atEnd(() => clearInterval(timer));
  return {
    add: (name, pid) => void pids.set(name, pid),
    during: async (work) => {
      samples = new Map();
      sample();
      await work();
      sample();
      return Object.fromEntries([...samples].map(([name, all]) => [name, memoryOf(all)]));
    },
  };
}

function memoryOf(all: readonly number[]): MemoryOf {
  const some = Math.max(1, Math.round(all.length * SHARE));
  return { first: mean(all.slice(0, some)), last: mean(all.slice(-some)), most: Math.max(...all) };
}
