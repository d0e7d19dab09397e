/** Shows a campaign's progress on standard error while you wait: a bar on a screen, otherwise an occasional line. */
import { Presets, SingleBar } from 'cli-progress';
import type { CampaignStatus } from '../campaigns/contract';
import { doneCount } from '../domain/story/ledger';
import { progressLine } from './status';
import type { Terminal } from './terminal';

export interface Progress {
  show(status: CampaignStatus): void;
  /** Moves the cursor so that the next line prints correctly. */
  stop(): void;
}

/** A build server's log should show that the command is alive without filling up. */
const LINE_EVERY_MS = 5_000;
/** While nothing changes, for example during a pause. */
const SAME_LINE_EVERY_MS = 60_000;

export function createProgress(terminal: Terminal): Progress {
  return terminal.live ? progressBar(terminal) : progressLines(terminal);
}

function progressBar({ stderr, moved, speech }: Terminal): Progress {
  const bar = new SingleBar(
    {
      stream: stderr as NodeJS.WriteStream,
      format: '[{bar}] {percentage}% {words}',
      barsize: 30,
      clearOnComplete: false,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show: (status) => {
      const { total } = status.ledger;
      const done = doneCount(status.ledger);
      const payload = { words: progressLine(status, speech) };
      // Until the audience is frozen there is nothing to count.
      if (!started) bar.start(Math.max(total, 1), done, payload);
      started = true;
      bar.setTotal(Math.max(total, 1));
      bar.update(done, payload);
      moved();
    },
    stop: () => bar.stop(),
  };
}

function progressLines({ note, moved, speech }: Terminal): Progress {
  let last: { at: number; state: string; line: string } | undefined;
  return {
    show: (status) => {
      const { state } = status;
      const [at, line] = [Date.now(), progressLine(status, speech)];
      moved();
      const soonest = last?.line === line ? SAME_LINE_EVERY_MS : LINE_EVERY_MS;
      if (last?.state === state && at - last.at < soonest) return;
      last = { at, state, line };
      note(line);
    },
    stop: () => undefined,
  };
}
