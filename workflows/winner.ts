/**
 * The test of variants: once its people have theirs it is watched, with their retries; then the best goes to the rest,
 * by its figures or by an admin's word.
 */
import { condition } from '@temporalio/workflow';
import { heldForRestore } from '../domain/story/restored';
import { WINNER_OPEN } from '../domain/story/trouble';
import { preparing } from './activities';
import type { CampaignRun } from './campaign-run';
import type { Carried } from './messages';

const LETTERS = 'ABCD';

type Chosen = NonNullable<NonNullable<Carried['winner']>['chosen']>;

/** What a run knows of its test. Empty in a campaign without one. */
export class VariantTest {
  readonly #run: CampaignRun;
  #state: Carried['winner'];

  constructor(run: CampaignRun) {
    this.#run = run;
    this.#state = run.input.carried?.winner;
  }

  carry(): Pick<Carried, 'winner'> {
    return this.#state ? { winner: this.#state } : {};
  }

  /** `test`: how many are in it; undefined when nobody is left for a winner. */
  begin(test: number | undefined): void {
    if (this.#run.input.winner && test !== undefined) this.#state = { test };
  }

  /** The numbers below this one may be sent while nothing is settled; undefined: all. */
  get reach(): number | undefined {
    return this.#state?.settled === undefined ? this.#state?.test : undefined;
  }

  /** Until when it is watched (Unix ms); fixed when it is first asked. */
  watchUntil(): number {
    const state = this.#state!;
    const waitMs = state.test > 0 ? (this.#run.input.winner?.waitMs ?? 0) : 0;
    if (state.until === undefined) this.#state = { ...state, until: Date.now() + waitMs };
    this.#run.describe();
    return this.#state!.until!;
  }

  get watchedUntil(): number | undefined {
    return this.reach === undefined ? undefined : this.#state?.until;
  }

  get chosen(): Chosen | undefined {
    return this.#state?.chosen;
  }

  /** Whether this one may be chosen now. */
  mayChoose(variant: number): boolean {
    const { winner } = this.#run.input;
    return winner !== undefined && variant < winner.variants && this.reach !== undefined && !this.chosen;
  }

  /** Goes on with it if it was asked for. */
  async choose(chosen: Chosen): Promise<void> {
    this.#state = { ...this.#state!, chosen };
    if (this.#run.isAskedForWinner) await this.#run.resume();
  }

  /** The rest gets it, or what was settled before. */
  async settle({ variant, by }: Chosen): Promise<void> {
    const { test } = this.#state!;
    const { campaignId } = this.#run.input;
    const settled = await preparing.settleRest.executeWithOptions({ summary: `${LETTERS[variant]} goes to the rest` }, [
      { campaignId, variant, from: test, to: this.#run.sendable, ...(by !== undefined && { by }) },
    ]);
    this.#state = { ...this.#state!, settled: settled.variant };
    this.#run.describe();
  }

  /** A database restored from a copy may lack what was settled. Undefined when there is nothing to settle again. */
  settleAgain(): Promise<void> | undefined {
    const { state, reason } = this.#run.progress();
    const settled = this.#state?.settled;
    const isOpen = reason !== undefined && 'error' in reason && reason.error.code === WINNER_OPEN;
    if (settled === undefined || !(isOpen || heldForRestore(state, reason))) return undefined;
    return this.settle({ variant: settled });
  }
}

/** Resolves once the rest may get the winner, or the history is full. Throws if the campaign must end. */
export async function awaitWinner(run: CampaignRun, test: number): Promise<void> {
  const until = run.test.watchUntil();
  while (!run.test.chosen && Date.now() < until) {
    await watch(run, test, until);
    if (run.sends.isFull) return;
  }
  const chosen = await choice(run, test);
  await run.test.settle(chosen);
  run.checkStop();
}

/** Waits until there is something to do, or sends what goes to people of the test once more. */
async function watch(run: CampaignRun, test: number, until: number): Promise<void> {
  const { wakes } = run;
  const leftMs = Math.min(until, run.retries.nextLookAt ?? Infinity) - Date.now();
  if (leftMs > 0) {
    const isOver = (): boolean => run.isStopped || run.test.chosen !== undefined || run.wakes !== wakes;
    await condition(isOver, leftMs, { summary: `variants: watch the test of ${test}` });
  } else {
    const due = await run.whenGoing(() => run.retries.fetch());
    await run.sends.sendWhile(() => due.shift());
  }
  run.checkStop();
}

/** By an admin's word, or by the figures. */
async function choice(run: CampaignRun, test: number): Promise<Chosen> {
  const { campaignId } = run.input;
  for (;;) {
    if (run.test.chosen) return run.test.chosen;
    const { variant, trouble } = await run.whenGoing(() =>
      preparing.judgeTest.executeWithOptions({ summary: `variants: judge the test of ${test}` }, [
        { campaignId, test },
      ]),
    );
    run.checkStop();
    if (run.test.chosen) continue;
    if (!trouble) return { variant };
    // Paused meanwhile for another reason: whoever resumes it has not been asked this.
    if (run.isPaused) continue;
    await run.standStill(trouble);
    await run.whenGoing(() => undefined);
    return run.test.chosen ?? { variant };
  }
}
