/** Shows on standard error how much of a file has been read: a bar on a screen, otherwise an occasional line. */
import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './terminal';

export interface ImportProgress {
  /** `share` of the file, 0 to 1. */
  show(share: number, rows: number): void;
  stop(): void;
}

/** A file that is read faster needs no bar. */
const SHOWN_AFTER_MS = 500;
const LINE_EVERY_MS = 5_000;

export function createImportProgress({ live, stderr, note, moved }: Terminal): ImportProgress {
  const startedAt = performance.now();
  let lastLineAt = startedAt;
  let bar: SingleBar | undefined;
  const start = (): SingleBar => {
    const format = '[{bar}] {percentage}% {rows} rows';
    const options = { stream: stderr as NodeJS.WriteStream, format, barsize: 30, hideCursor: true };
    const started = new SingleBar(options, Presets.shades_classic);
    started.start(100, 0, { rows: 0 });
    return started;
  };
  return {
    show: (share, rows) => {
      const now = performance.now();
      if (now - startedAt < SHOWN_AFTER_MS) return;
      const percent = Math.min(Math.round(share * 100), 100);
      if (live) {
        bar ??= start();
        bar.update(percent, { rows });
        moved();
      } else if (now - lastLineAt >= LINE_EVERY_MS) {
        lastLineAt = now;
        note(`${percent}%: ${rows} rows`);
      }
    },
    stop: () => bar?.stop(),
  };
}
