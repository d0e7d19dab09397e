/** A process of its own that reads a file of people and tells what came of it and how much memory it took. */
import { readFileSync } from 'node:fs';
import { openPeopleFile } from '../../audience/file';

async function main(path: string): Promise<void> {
  const before = process.memoryUsage.rss();
  let longestPauseMs = 0;
  let last = performance.now();
  const watching = setInterval(() => {
    longestPauseMs = Math.max(longestPauseMs, performance.now() - last);
    last = performance.now();
  }, 5);
  const opened = await openPeopleFile({ path }, { country: 'RU' });
  const read = opened.ok ? await opened.value.read(() => undefined) : opened;
  clearInterval(watching);
  const megabytes = (mostMemory() - before) / 1_048_576;
  process.stdout.write(JSON.stringify({ read, megabytes, longestPauseMs }));
}

/** Not maxRSS of the process: Linux counts the one it was forked from in. */
function mostMemory(): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

void main(process.argv[2]!);
