/** Keeps a window of a run's sends in flight, and closes it while nothing may be sent. */
import { CancellationScope, condition, workflowInfo, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { OpenSend, SendActivities, SentGroup } from '../activities/contract';
import type { Remembered, Witness } from '../domain/story/restored';
import { EVENTS_PER_RUN, sendsTogether, sendWindow, SLOW_RATE } from '../domain/story/pace';
import { sendsOf } from './activities';
import type { CampaignInput } from './messages';
import { sendSummary } from './run-details';
import type { Trouble } from '../domain/story/trouble';

/** The run as its send window sees it. */
export interface WindowOwner {
  /** The run must end. */
  readonly isStopped: boolean;
  readonly isPaused: boolean;
  readonly ratePerSecond: number;
  /** How often it has been told that there may be something to do. */
  readonly wakes: number;
  /** The sender or the template cannot send: pause and tell the admins. */
  standStill(trouble: Trouble): Promise<void>;
  /** A send went back to the queue, due then (Unix ms). */
  later(until: number): void;
  /** A send broke: the campaign ends. */
  breakOff(detail: string): void;
  /** What the Temporal UI shows about the window has changed. */
  describe(): void;
  /** The database must be at least this recent. */
  readonly remembered: Remembered;
  claimed(claim: Witness): void;
}

export class SendWindow {
  /** Nothing may be sent before then (Unix ms): outside the hours, or no room in the messaging limit. */
  #closedUntil = 0;
  /** The limit that had no room; until a send finds room again, sends go one at a time. */
  #fullLimit: number | undefined;
  #launchedAt = 0;
  #inFlight = 0;
  #sentAgain: number[] = [];
  readonly #onItsWay = new Set<number>();
  /** Handed out before, or to an attempt of which nobody knows what it did. */
  readonly #doubtful = new Set<number>();
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

  /** Nothing may be sent before then (Unix ms); 0 = sending is possible. */
  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** The messaging limit that has no room. */
  get fullLimit(): number | undefined {
    return this.#fullLimit;
  }

  /** Given to an attempt, or about to be. */
  isOnItsWay(n: number): boolean {
    return this.#onItsWay.has(n);
  }

  /** It may have been sent before. */
  doubt(n: number): void {
    this.#doubtful.add(n);
  }

  /** Numbers that came back unsent and wait to be handed out again; no attempt has called for them. */
  get unsent(): number[] {
    return this.#sentAgain.filter((n) => !this.#doubtful.has(n));
  }

  /** The run's history has no room for more sends. */
  get isFull(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength >= EVENTS_PER_RUN;
  }

  /**
   * Sends the numbers from `take` until it gives none or the run is full, keeping a window of sends in flight. Resolves
   * when none is in flight.
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
      this.#onItsWay.add(n);
      group.push(n);
    }
    return group;
  }

  /** Spaces the sends of a slow campaign with a timer. False if it must not send after all. */
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

  /** Outside the sending hours or without room: a durable timer, after the last send in flight. */
  async #waitForOpening(): Promise<void> {
    await condition(() => this.#inFlight === 0);
    const until = this.#closedUntil;
    const { wakes } = this.#run;
    this.#run.describe();
    // Whoever resumes it while it waits for room wants it to look at once; a message that failed leaves its room.
    const isTold = (): boolean => this.#run.isStopped || (this.#fullLimit !== undefined && this.#run.wakes !== wakes);
    await condition(isTold, Math.max(1, until - Date.now()), {
      summary:
        this.#fullLimit === undefined ? 'until the sending hours begin' : 'until the messaging limit may have room',
    });
    this.#closedUntil = 0;
    this.#run.describe();
  }

  /** Resolves when no send is in flight: a delivery put back later would stay queued for good. */
  async endOfSends(): Promise<void> {
    await condition(() => this.#inFlight === 0);
  }

  #launch(group: readonly number[]): void {
    this.#inFlight += group.length;
    // A send must not be abandoned halfway: if the campaign is cancelled from outside, it waits for the send to finish.
    void CancellationScope.nonCancellable(() => this.#sendGroup(group));
  }

  #sendGroup(group: readonly number[]): Promise<void> {
    return this.#outcomesOf(group)
      .then(
        ({ open, first }) => this.#heed(open, { group, first }),
        (error: unknown) => this.#run.breakOff(String(error)),
      )
      .finally(() => void (this.#inFlight -= group.length));
  }

  async #outcomesOf(group: readonly number[]): Promise<SentGroup> {
    const campaignId = this.#campaignId;
    const options = { summary: sendSummary(group) };
    const input = { campaignId, ns: [...group], ...this.#run.remembered };
    const sent = await this.#send.sendDeliveries.executeWithOptions(options, [input]);
    if (sent.latest) this.#run.claimed(sent.latest);
    return sent;
  }

  /** What became of a group means something for the sends after it. */
  async #heed(
    open: readonly OpenSend[],
    { group, first }: { group: readonly number[]; first: true | undefined },
  ): Promise<void> {
    group.forEach((n) => this.#onItsWay.delete(n));
    // One that was admitted before the others were refused says nothing.
    if (open.length < group.length && this.#closedUntil === 0) this.#fullLimit = undefined;
    for (const one of open) {
      if (!first) this.doubt(one.n);
      if (one.kind === 'later') {
        if (one.until !== undefined) this.#run.later(one.until);
      } else {
        this.#onItsWay.add(one.n);
        this.#sentAgain.push(one.n);
      }
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
