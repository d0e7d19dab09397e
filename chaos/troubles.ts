/** Carries out the plan: kills and stops processes of this stack, and no others, and makes Gupshup misbehave. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { livingProcess } from '../local/servers/leftovers';
import type { GupshupControl } from './gupshup';
import type { Survived } from './disasters';
import { isDisaster, SECOND_WORKER, TARGETS } from './plan';
import type { Disaster, Partition, PlannedTrouble, Target, Trouble } from './plan';
import type { TakenOver } from './takeovers';

/** The fault and its duration (Unix ms): until the process was back, or a send had met the last fault. */
export interface Deed {
  trouble: Trouble;
  from: number;
  to?: number;
  /** The process that was killed or stopped. */
  pid?: number;
  /** The result of a disaster. */
  survived?: Survived;
  /** The result of a takeover. */
  takenOver?: TakenOver;
  /** It was not done, and why. */
  skipped?: string;
}

export interface TroubleMaker {
  readonly deeds: readonly Deed[];
  /** One is under way that nothing else may come into. */
  isBusy(): boolean;
  /** Does one after the other, at the plan's times. Rejects with the signal's reason when aborted. */
  carryOut(plan: readonly PlannedTrouble[], signal: AbortSignal): Promise<void>;
  /** Notes which deeds are over by now. */
  note(): Promise<void>;
}

type Takeover = Extract<Trouble, { kind: 'takeover' }>;

const ASK_EVERY_MS = 50;

export function createTroubleMaker(options: {
  home: string;
  /** Process ids of the stack, kept up to date over restarts. */
  processes: Readonly<Record<string, number>>;
  gupshup: GupshupControl;
  /** Carries one out, with what an admin does about it. */
  survive: (disaster: Disaster, signal: AbortSignal) => Promise<Survived>;
  /** Ends the worker that dispatches, and resolves once the other one sends. */
  takeOver: (how: Takeover, signal: AbortSignal) => Promise<TakenOver>;
  /** Parts a role from a service. Answers with how to mend it. */
  part: (partition: Partition) => () => void;
  /** Sets the wall clock of the roles wrong by so much (ms). */
  setClock: (byMs: number) => void;
  /** Fills the disk of the database for so long, and waits until all is back. Answers with why not, where it cannot. */
  fillDisk: (ms: number, signal: AbortSignal) => Promise<string | undefined>;
  report: (line: string) => void;
}): TroubleMaker {
  const { home, processes, gupshup, survive, takeOver, part, setClock, fillDisk, report } = options;
  const deeds: Deed[] = [];

  /** The target's process, if it answers: of one that is just being started again `processes` has the old id. */
  function living(target: Target | typeof SECOND_WORKER): number | undefined {
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
    if (isDisaster(trouble)) {
      const deed: Deed = { trouble, from: Date.now() };
      deeds.push(deed);
      deed.survived = await survive(trouble, signal);
      deed.to = Date.now();
      return;
    }
    if (trouble.kind === 'takeover') {
      const deed: Deed = { trouble, from: Date.now() };
      deeds.push(deed);
      deed.takenOver = await takeOver(trouble, signal);
      deed.to = Date.now();
      return;
    }
    if (trouble.kind === 'disk') {
      const deed: Deed = { trouble, from: Date.now() };
      deeds.push(deed);
      const why = await fillDisk(trouble.ms, signal);
      if (why !== undefined) deed.skipped = why;
      deed.to = Date.now();
      return;
    }
    if (trouble.kind === 'partition' || trouble.kind === 'clock') {
      const deed: Deed = { trouble, from: Date.now() };
      deeds.push(deed);
      const end = begin(trouble);
      setTimeout(() => {
        end();
        deed.to = Date.now();
      }, trouble.ms);
      return;
    }
    if (trouble.kind === 'fault') {
      report(`Gupshup: ${trouble.fault} for the next ${trouble.count}`);
      const from = Date.now();
      await gupshup.inject(trouble.fault, trouble.count);
      // Not before: with none left to meet it would look over.
      deeds.push({ trouble, from });
      return;
    }
    const pid = living(trouble.target)!;
    const deed: Deed = { trouble, from: Date.now(), pid };
    deeds.push(deed);
    if (trouble.kind === 'kill') {
      report(`${trouble.target}: SIGKILL to process ${pid}`);
      process.kill(pid, 'SIGKILL');
      return;
    }
    report(`${trouble.target}: SIGSTOP to process ${pid} for ${trouble.ms} ms`);
    process.kill(pid, 'SIGSTOP');
    setTimeout(() => goOn(deed, trouble.target), trouble.ms);
  }

  /** One that lasts. Answers with how to end it. */
  function begin(trouble: Extract<Trouble, { kind: 'partition' | 'clock' }>): () => void {
    if (trouble.kind === 'partition') {
      report(`${trouble.who}: parted from ${trouble.from} for ${trouble.ms} ms, ${trouble.how}`);
      return part(trouble);
    }
    report(`The clock of the roles: ${trouble.byMs} ms for ${trouble.ms} ms`);
    setClock(trouble.byMs);
    return () => setClock(0);
  }

  /** Ends a stop; its process may have been killed meanwhile. */
  function goOn(deed: Deed, target: Target): void {
    if (deed.pid !== undefined && living(target) === deed.pid) process.kill(deed.pid, 'SIGCONT');
    deed.to ??= Date.now();
  }

  function isStopped(target: Target): boolean {
    return deeds.some(({ trouble, to }) => trouble.kind === 'stop' && trouble.target === target && to === undefined);
  }

  /** One that lasts is under way. */
  function lasts(...kinds: Trouble['kind'][]): boolean {
    return deeds.some(({ trouble: { kind }, to }) => kinds.includes(kind) && to === undefined);
  }

  function isPossible(trouble: Trouble): boolean {
    if (trouble.kind === 'fault') return true;
    if (trouble.kind === 'partition' || trouble.kind === 'clock') return !lasts(trouble.kind);
    const areWell = (): boolean =>
      TARGETS.every((target) => living(target) !== undefined && !isStopped(target)) && !lasts('partition', 'clock');
    if (isDisaster(trouble) || trouble.kind === 'disk') return areWell();
    if (trouble.kind === 'takeover') return areWell() && living(SECOND_WORKER) !== undefined;
    return living(trouble.target) !== undefined && !(trouble.kind === 'stop' && isStopped(trouble.target));
  }

  /** The first of the plan that can be done now: whose target is just being started again comes later. */
  async function takePossible(rest: PlannedTrouble[], signal: AbortSignal): Promise<Trouble> {
    for (;;) {
      const index = rest.findIndex(({ trouble }) => isPossible(trouble));
      if (index >= 0) return rest.splice(index, 1)[0]!.trouble;
      await sleep(ASK_EVERY_MS, undefined, { signal });
    }
  }

  return {
    deeds,
    isBusy: () => lasts('restore', 'empty', 'disk'),
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
        const { trouble } = deed;
        if (deed.to !== undefined) continue;
        const isOver =
          trouble.kind === 'fault'
            ? faultsLeft === 0 && deed.from < askedAt
            : trouble.kind === 'kill' && processes[trouble.target] !== deed.pid;
        if (isOver) deed.to = Date.now();
      }
    },
  };
}
