/** Whether a figure of a process stays flat: the slope within the lives of a process, since each restart begins anew. */

/** A look at one process. */
export interface Sample {
  process: string;
  pid: number;
  /** Unix ms. */
  at: number;
  /** Resident memory (MB), and open files and sockets. */
  memory: number;
  handles: number;
}

export interface Slope {
  /** An hour's growth, within lives. */
  perHour: number;
  /** The mean, to compare it with. */
  mean: number;
  samples: number;
  lives: number;
}

const HOUR_MS = 3_600_000;

/**
 * Fits one slope to all lives of a process, each around its own mean, from `warmAfterMs` of each on: a new process fills
 * its caches and compiles what it runs, which is no leak. Undefined when none lived long enough.
 */
export function slopeOf(
  samples: readonly Sample[],
  figure: 'memory' | 'handles',
  warmAfterMs: number,
): Slope | undefined {
  const lives = [...new Set(samples.map(({ pid }) => pid))]
    .map((pid) => samples.filter((one) => one.pid === pid))
    .map((life) => warm(life, warmAfterMs))
    .filter((life) => life.length > 1);
  const all = lives.flat();
  if (all.length === 0) return undefined;
  let [covered, squares] = [0, 0];
  for (const life of lives) {
    const at = mean(life.map((one) => one.at));
    const value = mean(life.map((one) => one[figure]));
    for (const one of life) {
      covered += (one.at - at) * (one[figure] - value);
      squares += (one.at - at) ** 2;
    }
  }
  return {
    perHour: squares === 0 ? 0 : (covered / squares) * HOUR_MS,
    mean: mean(all.map((one) => one[figure])),
    samples: all.length,
    lives: lives.length,
  };
}

function warm(life: readonly Sample[], afterMs: number): Sample[] {
  const born = Math.min(...life.map(({ at }) => at));
  return life.filter(({ at }) => at - born >= afterMs);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
