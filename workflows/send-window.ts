/** Keeps a window of a sender's sends in flight, and closes it while nothing may be sent. */
import { CancellationScope, condition, workflowInfo, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { OpenSend, SendActivities, SentGroup } from '../activities/contract';
import type { Remembered, Witness } from '../domain/story/restored';
import { EVENTS_PER_RUN, sendsTogether, sendWindow, SLOW_RATE } from '../domain/story/pace';
import type { SenderShare } from '../domain/story/sender-share';
import { sendsOf } from './activities';
import type { HandedOut } from './handed-out';
import type { CampaignInput } from './messages';
import { sendSummary } from './run-details';
import type { Trouble } from '../domain/story/trouble';
import { Unanswered } from './unanswered';

/** The run as its send window sees it. */
export interface WindowOwner {
  /** The run must end. */
  readonly isStopped: boolean;
  readonly isPaused: boolean;
  readonly ratePerSecond: number;
  /** How often it has been told that there may be something to do. */
  readonly wakes: number;
  /** This sender cannot send, or nobody can. */
  cannotSend(sender: string, trouble: Trouble): Promise<void>;
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

export interface WindowOptions {
  input: CampaignInput;
  sender: SenderShare;
  run: WindowOwner;
  numbers: HandedOut;
  /** Have left, and their answers are outstanding. */
  unanswered?: readonly number[];
  isAside?: boolean;
}

export class SendWindow {
  readonly sender: string;
  /** It sends nothing, while other senders go on. */
  isAside: boolean;
  /** Nothing may be sent before then (Unix ms): outside the hours, or no room in the messaging limit. */
  #closedUntil = 0;
  /** The limit that had no room; until a send finds room again, sends go one at a time. */
  #fullLimit: number | undefined;
  #launchedAt = 0;
  /** In groups that have not come back. */
  #inFlight = 0;
  /** The campaign goes from others. */
  #isRetired = false;
  /** How often it has come back. */
  #returns = 0;
  readonly #share: number;
  readonly #numbers: HandedOut;
  readonly #run: WindowOwner;
  readonly #campaignId: string;
  readonly #send: ActivityInterfaceFor<SendActivities>;
  readonly #unanswered: Unanswered;

  constructor({ input, sender: { sender, share }, run, numbers, unanswered = [], isAside = false }: WindowOptions) {
    this.sender = sender;
    this.isAside = isAside;
    this.#share = share;
    this.#numbers = numbers;
    this.#run = run;
    this.#campaignId = input.campaignId;
    this.#send = sendsOf({ ...input, sender });
    for (const n of unanswered) numbers.onItsWay.add(n);
    this.#unanswered = new Unanswered(
      {
        campaignId: input.campaignId,
        send: this.#send,
        // Whether an earlier attempt called for them is not known.
        answered: (group, open) => void this.#heed(open, { group, isLate: true }),
        broke: (error) => this.#run.breakOff(String(error)),
      },
      unanswered,
    );
  }

  /** It stands aside no longer. What groups from before meant for it is over. */
  comeBack(): void {
    this.#returns++;
    this.isAside = false;
  }

  /** It takes nothing any more. */
  retire(): void {
    this.#isRetired = true;
  }

  get inFlight(): number {
    return this.#inFlight + this.#unanswered.count;
  }

  /** Numbers that have left and whose answers are outstanding, for the run that continues this one. */
  get unanswered(): number[] {
    return this.#unanswered.numbers;
  }

  /** Nothing may be sent before then (Unix ms); 0 = sending is possible. */
  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** The messaging limit that has no room. */
  get fullLimit(): number | undefined {
    return this.#fullLimit;
  }

  /**
   * Sends the numbers from `take` until it gives none, the run is full or the window is aside, keeping a window of sends
   * in flight. Resolves when none is in flight; of a full run some answers may be outstanding (`unanswered`).
   */
  async sendWhile(take: () => number | undefined): Promise<void> {
    this.#unanswered.ask();
    for (;;) {
      await condition(() => this.#isOver || (!this.#run.isPaused && this.#groupSize <= this.#places));
      if (!this.#isOver && this.#closedUntil > Date.now()) {
        await this.#waitForOpening();
        continue;
      }
      const wasOver = this.#isOver;
      const group = wasOver ? [] : this.#nextGroup(take);
      if (group.length > 0) {
        if (await this.#turnComes()) this.#launch(group);
        else this.#numbers.back.push(...group);
      } else {
        await condition(() => this.#inFlight === 0);
        if (!isHistoryFull() && !this.#run.isStopped) await this.endOfSends();
        // One that stood aside may have been taken back meanwhile.
        if (this.#isOver || (!wasOver && this.#numbers.back.length === 0)) break;
      }
    }
  }

  get #isOver(): boolean {
    return this.#run.isStopped || this.isAside || this.#isRetired;
  }

  #nextGroup(take: () => number | undefined): number[] {
    const group: number[] = [];
    while (group.length < this.#groupSize) {
      const n = this.#numbers.back.pop() ?? (isHistoryFull() ? undefined : take());
      if (n === undefined) break;
      this.#numbers.onItsWay.add(n);
      group.push(n);
    }
    return group;
  }

  /** Spaces the sends of a slow campaign with a timer. False if it must not send after all. */
  async #turnComes(): Promise<boolean> {
    while (this.#rate < SLOW_RATE) {
      const rate = this.#rate;
      const leftMs = this.#launchedAt + 1000 / rate - Date.now();
      if (leftMs <= 0) break;
      await condition(() => this.#isOver || this.#run.isPaused || this.#rate !== rate, leftMs, {
        summary: 'until the next send',
      });
      if (this.#isOver || this.#run.isPaused) return false;
    }
    this.#launchedAt = Date.now();
    return true;
  }

  /** Messages a second: its part of the campaign's. */
  get #rate(): number {
    return this.#run.ratePerSecond * this.#share;
  }

  get #groupSize(): number {
    return this.#fullLimit === undefined ? sendsTogether(this.#rate) : 1;
  }

  get #window(): number {
    return this.#fullLimit === undefined ? sendWindow(this.#rate) : 1;
  }

  /**
   * How many more sends may be in flight. Answers that take long cost no place until there are as many as the window
   * has: then the provider stands still.
   */
  get #places(): number {
    return this.#window - this.#inFlight - Math.max(0, this.#unanswered.count - this.#window);
  }

  /** Outside the sending hours or without room: a durable timer, after the last send in flight. */
  async #waitForOpening(): Promise<void> {
    await condition(() => this.#inFlight === 0);
    const until = this.#closedUntil;
    const { wakes } = this.#run;
    this.#run.describe();
    // Whoever resumes it while it waits for room wants it to look at once; a message that failed leaves its room.
    const isTold = (): boolean => this.#isOver || (this.#fullLimit !== undefined && this.#run.wakes !== wakes);
    await condition(isTold, Math.max(1, until - Date.now()), {
      summary:
        this.#fullLimit === undefined ? 'until the sending hours begin' : 'until the messaging limit may have room',
    });
    this.#closedUntil = 0;
    this.#run.describe();
  }

  /** Resolves when no send is in flight: a delivery put back later would stay queued for good. */
  async endOfSends(): Promise<void> {
    this.#unanswered.ask();
    await condition(() => this.inFlight === 0);
  }

  #launch(group: readonly number[]): void {
    this.#inFlight += group.length;
    // A send must not be abandoned halfway: if the campaign is cancelled from outside, it waits for the send to finish.
    void CancellationScope.nonCancellable(() => this.#sendGroup(group));
  }

  #sendGroup(group: readonly number[]): Promise<void> {
    const returns = this.#returns;
    return this.#outcomesOf(group)
      .then(
        ({ open, first }) => this.#heed(open, { group, isFirst: first, returns }),
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
    {
      group,
      isFirst,
      isLate,
      returns = this.#returns,
    }: {
      group: readonly number[];
      isFirst?: true | undefined;
      isLate?: true;
      /** How often the sender had come back when they were handed out. */
      returns?: number;
    },
  ): Promise<void> {
    const { onItsWay, doubtful, back } = this.#numbers;
    group.forEach((n) => onItsWay.delete(n));
    // One that was admitted before the others were refused says nothing, nor does an old one's answer.
    const left = open.filter(({ kind }) => kind === 'unanswered').map(({ n }) => n);
    if (!isLate && open.length - left.length < group.length && this.#closedUntil === 0) this.#fullLimit = undefined;
    left.forEach((n) => onItsWay.add(n));
    this.#unanswered.add(left);
    for (const one of open) {
      if (one.kind === 'unanswered') continue;
      if (!isFirst) doubtful.add(one.n);
      if (one.kind === 'later') {
        if (one.until !== undefined) this.#run.later(one.until);
      } else {
        onItsWay.add(one.n);
        back.push(one.n);
      }
      if (one.kind === 'closed' || one.kind === 'full') {
        this.#closedUntil = one.until;
        this.#fullLimit = one.kind === 'full' ? one.limit : undefined;
      }
    }
    const stop = open.find((one) => one.kind === 'stop');
    if (stop && returns === this.#returns) {
      const { code, detail, values } = stop;
      await this.#run.cannotSend(this.sender, { code, detail, ...(values && { values }) });
    }
  }
}

/** The run's history has no room for more sends. */
export function isHistoryFull(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= EVENTS_PER_RUN;
}
