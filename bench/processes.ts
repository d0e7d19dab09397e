/** Reads a process's processor time and memory from the system. Linux only; undefined elsewhere. */
import { readFileSync } from 'node:fs';

/** USER_HZ: the kernel's unit of processor time, on every platform that Node supports. */
const TICKS_PER_SECOND = 100;

/** Processor time so far of all its threads, milliseconds. */
export function processorMs(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The second field, the name, may hold spaces; utime and stime are the 14th and 15th.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory now, bytes. */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** The most resident memory it ever had, bytes. */
export function peakResidentBytes(pid: number): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
