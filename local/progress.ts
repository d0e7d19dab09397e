/** Lines that show that something goes on: what, and after how many seconds. */

/** Silence longer than this is broken, milliseconds. */
const STILL_EVERY_MS = 5_000;

export interface Progress {
  report(message: string): void;
  end(): void;
}

/** Writes each message with the seconds since the start, and "still …" with the last one while nothing new comes. */
export function createProgress(write: (line: string) => void): Progress {
  const startedAt = Date.now();
  const say = (message: string): void => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    write(`${`${seconds} s`.padStart(6)}  ${message}`);
  };
  let last = 'starting';
  const timer = setInterval(() => say(`still: ${last.replace(/^still: /, '')}`), STILL_EVERY_MS);
  return {
    report: (message) => {
      last = message;
      timer.refresh();
      say(message);
    },
    end: () => clearInterval(timer),
  };
}
