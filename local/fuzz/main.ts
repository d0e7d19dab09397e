/**
 * `npm run fuzz -- <target> [--minutes 10] [--seed N]`: throws made-up input at what reads input from outside, outside
 * CI. Ends with one line of figures, or with the seed of what crashed, hung or took too much memory.
 */
import { parseArgs } from 'node:util';
import { files } from './files';
import type { FuzzTarget } from './target';
import { webhooks } from './webhooks';

const TARGETS: Record<string, FuzzTarget> = { files, webhooks };

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
  });
  const name = positionals[0] ?? '';
  const target = TARGETS[name];
  if (!target) throw new Error(`"${name}" cannot be fuzzed; there are ${Object.keys(TARGETS).join(', ')}`);
  const first = Number(values.seed ?? Date.now() % 1_000_000_000);
  const until = Date.now() + Number(values.minutes) * 60_000;
  const most = { ms: 0, seed: first, megabytes: 0 };
  let runs = 0;
  for (let seed = first; Date.now() < until; seed++, runs++) {
    // Processor time of this process: on shared cores, wall-clock time measures other work too.
    const start = process.cpuUsage();
    try {
      await target.run(seed);
    } catch (error) {
      console.error(`${name}: seed ${seed}, run ${runs + 1}`);
      throw error;
    }
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    if (ms > target.mostMs)
      throw new Error(`${name}: seed ${seed} took ${Math.round(ms)} ms of the processor, at most ${target.mostMs}`);
    if (ms > most.ms) [most.ms, most.seed] = [ms, seed];
    most.megabytes = Math.max(most.megabytes, process.memoryUsage.rss() / 1_048_576);
    if (most.megabytes > target.mostMegabytes) {
      throw new Error(`${name}: seed ${seed}: ${Math.round(most.megabytes)} MB, at most ${target.mostMegabytes}`);
    }
  }
  const figures = `slowest ${Math.round(most.ms)} ms (seed ${most.seed}), ${Math.round(most.megabytes)} MB at most`;
  console.log(`${name}: ${runs} inputs in ${values.minutes} minutes from seed ${first}: no crash, ${figures}`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
