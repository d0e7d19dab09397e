/** Progress lines: what is being done, and after how many seconds. */

/** Silence longer than this is broken, milliseconds. */
const STILL_EVERY_MS = 5_000;

export interface Progress {
  report(message: string): void;
  end(): void;
}

/** Writes each message with the seconds since the start, and what is still under way while nothing new comes. */
export function createProgress(write: (line: string) => void): Progress {
  const startedAt = Date.now();
  const say = (message: string): void => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    write(`${`${seconds} s`.padStart(6)}  ${message}`);
  };
  /** By thing, what is under way. */
  const doing = new Map<string, string>();
  const timer = setInterval(() => {
    if (doing.size > 0) say(`still ${[...doing.values()].join(' ')}`);
  }, STILL_EVERY_MS);
  return {
    report: (message) => {
      const thing = message.split(':')[0]?.toLowerCase() ?? '';
      if (message.endsWith('…')) doing.set(thing, message);
      else doing.delete(thing);
      timer.refresh();
      say(message);
    },
    end: () => clearInterval(timer),
  };
}
