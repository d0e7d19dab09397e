/** One chain of follow-ups: where it stands, and how commands change it. The story is in follow-ups.ts. */
import { condition, CancellationScope, setCurrentDetails } from '@temporalio/workflow';
import type { afterStep, ChainProgress, ChainReason, ChainState, FollowUpsInput } from '../domain/story/follow-ups';
import { chain } from './activities';

/** An admin has cancelled the chain. */
export class ChainCancelled extends Error {}

export class ChainRun {
  #afterMs: number[];
  #state: ChainState = 'waiting';
  /** What it does, or would do were it not paused. */
  #doing: ChainState = 'waiting';
  #reason: ChainReason | undefined;
  #step: number;
  #editable: number;
  #base = 0;
  #dueAt: number | undefined;
  #isPaused = false;
  #isCancelled = false;
  #changes = 0;
  /** Edits that are confirmed and not yet taken. */
  #editing = 0;
  #order = 0;
  #recording: Promise<void> = Promise.resolve();

  constructor(readonly input: FollowUpsInput) {
    this.#afterMs = [...input.afterMs];
    this.#step = this.#editable = input.from ?? 0;
    if (input.paused) {
      this.#isPaused = true;
      this.#reason = input.paused;
      this.#state = 'paused';
    }
    this.#describe();
  }

  get steps(): number {
    return this.#afterMs.length;
  }

  /** The step that comes next or is under way, 0-based. */
  get step(): number {
    return this.#step;
  }

  /** How often something has happened that whoever waits must look at. */
  get changes(): number {
    return this.#changes;
  }

  /** When the next step is due (Unix ms). */
  get dueAt(): number {
    return this.#base + this.#afterMs[this.#step]!;
  }

  get progress(): ChainProgress {
    return {
      state: this.#state,
      ...(this.#reason && { reason: this.#reason }),
      step: this.#step,
      editable: this.#editable,
      ...(this.#dueAt !== undefined && { dueAt: this.#dueAt }),
    };
  }

  /** What comes before the next step ended then (Unix ms). */
  countFrom(at: number): void {
    this.#base = at;
  }

  /** Something has happened outside: whoever waits looks again. */
  wake(): void {
    this.#changes++;
  }

  /** The step begins. */
  begin(): void {
    this.#editable = this.#step + 1;
  }

  checkCancelled(): void {
    if (this.#isCancelled) throw new ChainCancelled();
  }

  /** It is not paused, and no edit is under way. */
  get isGoing(): boolean {
    return !this.#isPaused && this.#editing === 0;
  }

  /** Resolves once that is so. Throws once it is cancelled. */
  async whenGoing(): Promise<void> {
    await condition(() => this.#isCancelled || this.isGoing);
    this.checkCancelled();
  }

  /** Throws as soon as the chain is cancelled; what it waited for goes on. */
  async unlessCancelled<T>(coming: Promise<T>): Promise<T> {
    let isHere = false;
    void coming.then(
      () => (isHere = true),
      () => (isHere = true),
    );
    await condition(() => this.#isCancelled || isHere);
    if (!isHere) this.checkCancelled();
    return coming;
  }

  /** What follows from how a step ended (at Unix ms). */
  async obey({ pause, again }: ReturnType<typeof afterStep>, at: number): Promise<void> {
    this.#base = at;
    if (again) {
      // At once when it is resumed: its time has passed.
      this.#base = at - this.#afterMs[this.#step]!;
      this.#editable = this.#step;
    } else this.#step++;
    if (pause && this.#step < this.steps) {
      this.#isPaused = true;
      this.#reason = { why: pause };
      await this.record('counting');
    }
  }

  /** It does this now, unless it is paused: shown in the Temporal UI and where bot and CLI read it. */
  async record(doing: ChainState, opensAt?: number): Promise<void> {
    this.#doing = doing;
    const hasEnded = doing === 'completed' || doing === 'cancelled';
    this.#state = this.#isPaused && !hasEnded ? 'paused' : doing;
    this.#dueAt = this.#state === 'counting' ? (opensAt ?? this.dueAt) : undefined;
    if (doing === 'completed') this.#reason = undefined;
    this.#describe();
    const order = (this.#order = Math.max(Date.now(), this.#order + 1));
    const { state, step, reason, dueAt } = this.progress;
    const recorded = this.#recording.then(() =>
      CancellationScope.nonCancellable(() =>
        chain.recordChain.executeWithOptions({ summary: `follow-ups: ${state}` }, [
          {
            ...{ campaignId: this.input.campaignId, state, step, order },
            ...(reason && { reason }),
            ...(dueAt !== undefined && { dueAt }),
          },
        ]),
      ),
    );
    this.#recording = recorded;
    await recorded;
  }

  async pause(by: string): Promise<void> {
    this.#isPaused = true;
    this.#reason = { by };
    this.#changes++;
    await this.record(this.#doing);
  }

  async resume(): Promise<void> {
    this.#isPaused = false;
    this.#reason = undefined;
    this.#changes++;
    await this.record(this.#doing);
  }

  /** It is recorded by its end. */
  cancel(by: string): void {
    this.#isCancelled = true;
    this.#reason = { by };
    this.#changes++;
  }

  /** What no admin has asked for: the campaign itself did not complete. */
  giveUp(): void {
    this.#reason = { why: 'campaign_not_completed' };
  }

  /** The step is as this edit says: kept beside the steps until now, since words may not enter the history. */
  async edit({ step, edit, afterMs }: { step: number; edit: string; afterMs?: number }): Promise<void> {
    if (afterMs !== undefined) this.#afterMs[step] = afterMs;
    const { campaignId } = this.input;
    this.#editing++;
    try {
      await chain.takeEdit.executeWithOptions({ summary: `edit step ${step + 1}` }, [{ campaignId, step, edit }]);
    } finally {
      this.#editing--;
      this.#changes++;
    }
  }

  #describe(): void {
    const { state, step, dueAt, reason } = this.progress;
    setCurrentDetails(
      [
        `**${state}**${reason ? ` (${'by' in reason ? reason.by : reason.why})` : ''}`,
        `- campaign: ${this.input.campaignId}`,
        `- step: ${Math.min(step + 1, this.steps)} of ${this.steps}`,
        ...(dueAt === undefined ? [] : [`- due: ${new Date(dueAt).toISOString()}`]),
      ].join('\n'),
    );
  }
}
