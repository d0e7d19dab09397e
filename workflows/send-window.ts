/** The sends of a run: a window of them in flight, closed while sending makes no sense. */
import { CancellationScope, condition, workflowInfo, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { OpenSend, SendActivities } from '../activities/contract';
import type { Remembered, Witness } from '../domain/story/restored';
import { EVENTS_PER_RUN, sendsTogether, sendWindow, SLOW_RATE } from '../domain/story/pace';
import { sendsOf } from './activities';
import type { CampaignInput } from './messages';
import { sendSummary } from './run-details';
import type { Trouble } from '../domain/story/trouble';

/** The run that sends, as its window sees it. */
export interface WindowOwner {
  /** It was told to end. */
  readonly isStopped: boolean;
  readonly isPaused: boolean;
  readonly ratePerSecond: number;
  /** How often it was resumed. */
  readonly resumes: number;
  /** The sender or the template cannot send: pause and tell the admins. */
  standStill(trouble: Trouble): Promise<void>;
  /** A send broke: the campaign ends. */
  breakOff(detail: string): void;
  /** The window's part of what the Temporal UI shows has changed. */
  describe(): void;
  /** What the database must not be older than. */
  readonly remembered: Remembered;
  claimed(claim: Witness): void;
}

export class SendWindow {
  /** Sending makes no sense before then (Unix ms): outside the hours, or without room in the messaging limit. */
  #closedUntil = 0;
  /** The limit that had no room, until a send has found some again: so long they go one by one. */
  #fullLimit: number | undefined;
  #launchedAt = 0;
  #inFlight = 0;
  #sentAgain: number[] = [];
  readonly #run: WindowOwner;
  readonly #campaignId: string;
  readonly #send: ActivityInterfaceFor<SendActivities>;

  constructor(input: CampaignInput, run: WindowOwner) {
    this.#run = run;
    this.#campaignId = input.campaignId;
    this.#send = sendsOf(input);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Sending makes no sense before then (Unix ms); 0 = it does. */
  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** The messaging limit that has no room. */
  get fullLimit(): number | undefined {
    return this.#fullLimit;
  }

  /** The run's history has no room for more sends. */
  get isFull(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength >= EVENTS_PER_RUN;
  }

  /**
   * Sends the numbers that `take` gives until it gives none or the run is full, keeping a window of sends
   * in flight. Resolves when none is in flight any more.
   */
  async sendWhile(take: () => number | undefined): Promise<void> {
    for (;;) {
      await condition(
        () => this.#run.isStopped || (!this.#run.isPaused && this.#inFlight + this.#groupSize <= this.#window),
      );
      if (!this.#run.isStopped && this.#closedUntil > Date.now()) {
        await this.#waitForOpening();
        continue;
      }
      const group = this.#run.isStopped ? [] : this.#nextGroup(take);
      if (group.length > 0) {
        if (await this.#turnComes()) this.#launch(group);
        else this.#sentAgain.push(...group);
      } else {
        await condition(() => this.#inFlight === 0);
        if (this.#sentAgain.length === 0 || this.#run.isStopped) break;
      }
    }
  }

  #nextGroup(take: () => number | undefined): number[] {
    const group: number[] = [];
    while (group.length < this.#groupSize) {
      const n = this.#sentAgain.pop() ?? (this.isFull ? undefined : take());
      if (n === undefined) break;
      group.push(n);
    }
    return group;
  }

  /** A slow campaign keeps the distance between its sends by a timer. False when it must not send after all. */
  async #turnComes(): Promise<boolean> {
    while (this.#run.ratePerSecond < SLOW_RATE) {
      const rate = this.#run.ratePerSecond;
      const leftMs = this.#launchedAt + 1000 / rate - Date.now();
      if (leftMs <= 0) break;
      await condition(() => this.#run.isStopped || this.#run.isPaused || this.#run.ratePerSecond !== rate, leftMs, {
        summary: 'until the next send',
      });
      if (this.#run.isStopped || this.#run.isPaused) return false;
    }
    this.#launchedAt = Date.now();
    return true;
  }

  get #groupSize(): number {
    return this.#fullLimit === undefined ? sendsTogether(this.#run.ratePerSecond) : 1;
  }

  get #window(): number {
    return this.#fullLimit === undefined ? sendWindow(this.#run.ratePerSecond) : 1;
  }

  /** Outside the sending hours, or without room: a durable timer, after the last send in flight. */
  async #waitForOpening(): Promise<void> {
    await condition(() => this.#inFlight === 0);
    const until = this.#closedUntil;
    const resumes = this.#run.resumes;
    this.#run.describe();
    // Whoever resumes it while it waits for room wants it to look at once.
    const isTold = (): boolean =>
      this.#run.isStopped || (this.#fullLimit !== undefined && this.#run.resumes !== resumes);
    await condition(isTold, Math.max(1, until - Date.now()), {
      summary:
        this.#fullLimit === undefined ? 'until the sending hours begin' : 'until the messaging limit may have room',
    });
    this.#closedUntil = 0;
    this.#run.describe();
  }

  /** Resolves when no send is in flight: what one puts back later would stay in the queue for good. */
  async endOfSends(): Promise<void> {
    await condition(() => this.#inFlight === 0);
  }

  #launch(group: readonly number[]): void {
    this.#inFlight += group.length;
    // A send is not to be given up half-way: cancelled from outside, the campaign waits for its end.
    void CancellationScope.nonCancellable(() => this.#sendGroup(group));
  }

  #sendGroup(group: readonly number[]): Promise<void> {
    return this.#outcomesOf(group)
      .then(
        (open) => this.#heed(open, group),
        (error: unknown) => this.#run.breakOff(String(error)),
      )
      .finally(() => void (this.#inFlight -= group.length));
  }

  async #outcomesOf(group: readonly number[]): Promise<OpenSend[]> {
    const campaignId = this.#campaignId;
    const options = { summary: sendSummary(group) };
    const input = { campaignId, ns: [...group], ...this.#run.remembered };
    const { open, latest } = await this.#send.sendDeliveries.executeWithOptions(options, [input]);
    if (latest) this.#run.claimed(latest);
    return open;
  }

  /** What became of a group means something for the sends after it. */
  async #heed(open: readonly OpenSend[], group: readonly number[]): Promise<void> {
    // One that was admitted before the others were refused says nothing.
    if (open.length < group.length && this.#closedUntil === 0) this.#fullLimit = undefined;
    for (const one of open) {
      if (one.kind !== 'later') this.#sentAgain.push(one.n);
      if (one.kind === 'closed' || one.kind === 'full') {
        this.#closedUntil = one.until;
        this.#fullLimit = one.kind === 'full' ? one.limit : undefined;
      }
    }
    const stop = open.find((one) => one.kind === 'stop');
    if (stop) {
      const { code, detail, values } = stop;
      await this.#run.standStill({ code, detail, ...(values && { values }) });
    }
  }
}
