/** Faults on demand: what Telegram and the way to it do on a bad day. */
import { z } from 'zod';

export const faultSchema = z.strictObject({
  /** `reset` cuts the connection before the call is done, `lost_answer` after. */
  kind: z.enum(['flood', 'blocked', 'server_error', 'bad_gateway', 'reset', 'lost_answer', 'hang']),
  /** Only for this method (any case); every one but getUpdates when absent. */
  method: z.string().optional(),
  /** How many calls it hits. */
  times: z.number().int().min(1).max(10_000).default(1),
  /** Seconds a flood asks to wait. */
  retryAfter: z.number().int().min(1).max(3600).default(7),
});
export type Fault = z.output<typeof faultSchema>;

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault that hits this call, used up by one. */
  take(method: string): Fault | undefined;
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add: (fault) => void faults.push({ ...fault }),
    clear: () => void (faults = []),
    list: () => faults,
    take(method) {
      const hits = (fault: Fault): boolean =>
        fault.method ? fault.method.toLowerCase() === method.toLowerCase() : method.toLowerCase() !== 'getupdates';
      const fault = faults.find(hits);
      if (fault && --fault.times === 0) faults = faults.filter((other) => other !== fault);
      return fault;
    },
  };
}
