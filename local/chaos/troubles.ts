/** Carries out the plan: kills and stops processes of this stack, and no others, and makes Gupshup misbehave. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { livingProcess } from '../servers/leftovers';
import type { GupshupControl } from './gupshup';
import type { PlannedTrouble, Target, Trouble } from './plan';

/** What was done, and how long it lasted (Unix ms): until the process was back, or a send had met the last fault. */
export interface Deed {
  trouble: Trouble;
  from: number;
  to?: number;
  /** The process that was killed or stopped. */
  pid?: number;
}

export interface TroubleMaker {
  readonly deeds: readonly Deed[];
  /** Does one after the other, at the plan's times. Rejects with the signal's reason when aborted. */
  carryOut(plan: readonly PlannedTrouble[], signal: AbortSignal): Promise<void>;
  /** Notes which deeds are over by now. */
  note(): Promise<void>;
}

const ASK_EVERY_MS = 200;

export function createTroubleMaker(options: {
  home: string;
  /** Process ids of the stack, kept up to date over restarts. */
  processes: Readonly<Record<string, number>>;
  gupshup: GupshupControl;
  report: (line: string) => void;
}): TroubleMaker {
  const { home, processes, gupshup, report } = options;
  const deeds: Deed[] = [];

  /** The target's process, if it answers: of one that is just being started again `processes` has the old id. */
  function living(target: Target): number | undefined {
    const pid = livingProcess(join(home, 'run', `${target}.json`));
    return pid === processes[target] ? pid : undefined;
  }

  async function itsTime({ messages, waitMs }: PlannedTrouble, signal: AbortSignal): Promise<void> {
    const startedAt = Date.now();
    const { accepted } = await gupshup.summary();
    do await sleep(ASK_EVERY_MS, undefined, { signal });
    while (Date.now() - startedAt < waitMs && (await gupshup.summary()).accepted < accepted + messages);
  }

  async function inflict(trouble: Trouble, signal: AbortSignal): Promise<void> {
    const deed: Deed = { trouble, from: Date.now() };
    if (trouble.kind === 'fault') {
      report(`Gupshup: ${trouble.fault} for the next ${trouble.count}`);
      deeds.push(deed);
      return gupshup.inject(trouble.fault, trouble.count);
    }
    const pid = living(trouble.target);
    if (pid === undefined) throw new Error(`${trouble.target} does not run: expected only who answers to be met`);
    deeds.push({ ...deed, pid });
    if (trouble.kind === 'kill') {
      report(`${trouble.target}: SIGKILL to process ${pid}`);
      process.kill(pid, 'SIGKILL');
      return;
    }
    report(`${trouble.target}: SIGSTOP to process ${pid} for ${trouble.ms} ms`);
    process.kill(pid, 'SIGSTOP');
    try {
      await sleep(trouble.ms, undefined, { signal });
    } finally {
      process.kill(pid, 'SIGCONT');
      deeds.at(-1)!.to = Date.now();
    }
  }

  /** The first of the plan whose target answers: who is just being started again comes later. */
  async function takePossible(rest: PlannedTrouble[], signal: AbortSignal): Promise<Trouble> {
    for (;;) {
      const index = rest.findIndex(({ trouble }) => trouble.kind === 'fault' || living(trouble.target) !== undefined);
      if (index >= 0) return rest.splice(index, 1)[0]!.trouble;
      await sleep(ASK_EVERY_MS, undefined, { signal });
    }
  }

  return {
    deeds,
    async carryOut(plan, signal) {
      const rest = [...plan];
      for (const planned of plan) {
        await itsTime(planned, signal);
        await inflict(await takePossible(rest, signal), signal);
      }
    },
    async note() {
      const askedAt = Date.now();
      const faultsLeft = await gupshup.faultsLeft();
      for (const deed of deeds) {
        if (deed.to !== undefined) continue;
        const { trouble } = deed;
        const isOver =
          trouble.kind === 'fault'
            ? faultsLeft === 0 && deed.from < askedAt
            : trouble.kind === 'kill' && processes[trouble.target] !== deed.pid;
        if (isOver) deed.to = Date.now();
      }
    },
  };
}
