/**
 * Services that may not answer: a limit on waiting, work repeated until a stop, and the error when one cannot be
 * reached at start.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Rejects when there is no answer within the time limit (ms). The operation may still complete. */
export async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Does the work now and `everyMs` after each time, until aborted. Never rejects: what the work throws goes to `failed`,
 * but not once it is to stop, when the services it uses are being closed.
 */
export async function periodically(
  work: () => Promise<void>,
  { everyMs, stop, failed }: { everyMs: number; stop: AbortSignal; failed: (error: unknown) => void },
): Promise<void> {
  while (!stop.aborted) {
    await work().catch((error: unknown) => {
      if (!stop.aborted) failed(error);
    });
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

/**
 * As `periodically`, for work that takes one thing at a time and says whether there was one: each time it goes on until
 * nothing is left.
 */
export async function drainPeriodically(
  takeOne: () => Promise<boolean>,
  options: Parameters<typeof periodically>[1],
): Promise<void> {
  await periodically(async () => {
    while (await takeOne());
  }, options);
}

/** MongoDB or Temporal does not answer at its address. */
export class ServiceUnreachable extends Error {
  constructor(
    readonly service: 'MongoDB' | 'Temporal',
    /** host:port, or several; never with a password. */
    readonly address: string,
    /** The setting that names it. */
    readonly setting: string,
    cause: unknown,
  ) {
    super(
      `${service} at ${address} does not answer (${reasonOf(cause)}): check that it runs there and that ${setting} is right`,
      { cause },
    );
    this.name = 'ServiceUnreachable';
  }
}

/** The first line, once: drivers repeat it for each address and inner error. */
function reasonOf(cause: unknown): string {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return [...new Set(line.split(/:\s(?=connect |getaddrinfo )/))].join(': ').replace(/[.\s]+$/, '');
}
