/**
 * One run of a campaign: its state, what commands change in it, and the window of sends in flight.
 * The story itself is in campaign.ts, the wiring of the commands in commands.ts.
 */
import {
  CancellationScope,
  condition,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
  type ActivityInterfaceFor,
} from '@temporalio/workflow';
import type { SendActivities } from '../activities/contract';
import { hasEnded, type CampaignState, type StateReason } from '../domain/campaign';
import { LATE, lateness } from '../domain/late-start';
import {
  EVENTS_PER_RUN,
  FORMER_LARGEST_WINDOW,
  LARGEST_WINDOW,
  SENDS_PER_RUN,
  sendWindow,
  SLOW_RATE,
} from '../domain/pace';
import { bestEffort, light, preparing, sendsOf } from './activities';
import {
  SEARCH_ATTRIBUTES,
  type CampaignInput,
  type CampaignProgress,
  type Carried,
  type RetrySelection,
} from './messages';
import { runDetails } from './run-details';

/** Buttons are pressed twice within minutes, not after fifty other commands. */
const REMEMBERED_UPDATES = 50;

/** The campaign was told to end, by an admin or by what it found. */
export class CampaignStopped extends Error {
  constructor(
    readonly state: 'cancelled' | 'failed',
    readonly reason: StateReason,
  ) {
    super(`campaign ${state}`);
  }
}

export class CampaignRun {
  state: CampaignState;
  sendable: number;
  next: number;
  settling: Carried['settling'];
  #reason: StateReason | undefined;
  #startAt: number | undefined;
  #rate: number;
  #stop: CampaignStopped | undefined;
  #closing: CampaignState | undefined;
  /** Deliveries are being made, or exist. */
  #begun: boolean;
  /** Sending makes no sense before then (Unix ms): outside the hours, or without room in the messaging limit. */
  #closedUntil = 0;
  /** The limit that had no room, until a send has found some again: so long they go one by one. */
  #fullLimit: number | undefined;
  #resumes = 0;
  /** Of the last thing recorded where bot and CLI read it. */
  #order: number;
  #launchedAt = 0;
  #inFlight = 0;
  #launched = 0;
  #wakes = 0;
  #sentAgain: number[] = [];
  #taken: string[];
  #recording: Promise<void> = Promise.resolve();
  readonly #send: ActivityInterfaceFor<SendActivities>;
  readonly #largestWindow: number;
  readonly #spacesSlowSends: boolean;
  readonly #countsEvents: boolean;
  readonly #sendsOutliveCancel: boolean;

  constructor(readonly input: CampaignInput) {
    const { carried } = input;
    this.state = carried?.state ?? (input.startAt === undefined ? 'preparing' : 'scheduled');
    this.#reason = carried?.reason;
    this.sendable = carried?.sendable ?? 0;
    this.next = carried?.next ?? 0;
    this.settling = carried?.settling;
    this.#taken = carried?.taken ?? [];
    this.#order = carried?.order ?? 0;
    this.#begun = carried !== undefined;
    this.#startAt = input.startAt;
    this.#rate = input.ratePerSecond;
    this.#send = sendsOf(input);
    this.#largestWindow = patched('narrow-window') ? LARGEST_WINDOW : FORMER_LARGEST_WINDOW;
    this.#spacesSlowSends = patched('space-slow-sends');
    this.#countsEvents = patched('count-events');
    this.#sendsOutliveCancel = patched('sends-outlive-cancel');
    this.#describe();
  }

  /** What the next run needs. */
  carry(): CampaignInput {
    return {
      ...this.input,
      ...(this.#startAt === undefined ? {} : { startAt: this.#startAt }),
      ratePerSecond: this.#rate,
      carried: {
        state: this.state,
        ...(this.#reason ? { reason: this.#reason } : {}),
        sendable: this.sendable,
        next: this.next,
        ...(this.settling ? { settling: this.settling } : {}),
        taken: this.#taken,
        order: this.#order,
      },
    };
  }

  get isFull(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    const hasRoom = !this.#countsEvents || historyLength < EVENTS_PER_RUN;
    return this.#launched >= SENDS_PER_RUN || continueAsNewSuggested || !hasRoom;
  }

  get isPaused(): boolean {
    return this.state === 'paused';
  }

  /** Enters a state: seen in the Temporal UI at once, and written where bot and CLI read it, in order. */
  async enter(state: CampaignState, reason?: StateReason): Promise<void> {
    this.state = state;
    this.#reason = reason;
    this.#describe();
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.state, value: state }]);
    const { campaignId } = this.input;
    const order = this.#nextOrder();
    this.#recording = this.#recording.then(() =>
      light.recordState.executeWithOptions({ summary: `state: ${state}` }, [
        { campaignId, state, ...(reason ? { reason } : {}), order },
      ]),
    );
    await this.#recording;
  }

  /** Rises with each thing recorded; by the time, so that it also does after a reset in the Temporal UI. */
  #nextOrder(): number {
    return (this.#order = Math.max(Date.now(), this.#order + 1));
  }

  /** Waits for the start time, which an admin may move meanwhile. */
  async waitForStart(): Promise<void> {
    while (this.#startAt !== undefined && this.#startAt > Date.now()) {
      const startAt = this.#startAt;
      await condition(() => this.#stop !== undefined || this.#startAt !== startAt, startAt - Date.now(), {
        summary: 'until the start',
      });
      this.checkStop();
    }
  }

  /** A start that comes too late, after an outage, goes by the campaign's policy: on, to its end, or to an admin. */
  async obeyLatePolicy(): Promise<void> {
    const { lateStart } = this.input;
    const detail = lateStart && this.#startAt !== undefined && lateness(this.#startAt, Date.now(), lateStart);
    if (!detail || lateStart.policy === 'send') return;
    const trouble = { code: LATE, detail };
    if (lateStart.policy === 'skip') throw new CampaignStopped('cancelled', { error: trouble });
    await this.standStill(trouble);
    await this.whenGoing(() => undefined);
  }

  async prepareAudience(): Promise<void> {
    this.#begun = true;
    const { campaignId } = this.input;
    const frozen = await preparing.prepareAudience.executeWithOptions({ summary: 'freeze the audience' }, [
      { campaignId },
    ]);
    this.checkStop();
    if ('problem' in frozen) throw new CampaignStopped('failed', { error: frozen.problem });
    this.sendable = frozen.sendable;
    if (frozen.ratePerSecond !== undefined) this.#rate = Math.min(this.#rate, frozen.ratePerSecond);
  }

  /**
   * Sends the numbers that `take` gives until it gives none or the run is full, keeping a window of sends
   * in flight. Resolves when none is in flight any more.
   */
  async sendWhile(take: () => number | undefined): Promise<void> {
    for (;;) {
      await condition(() => this.#stop !== undefined || (!this.isPaused && this.#inFlight < this.#window));
      if (!this.#stop && this.#closedUntil > Date.now()) {
        await this.#waitForOpening();
        continue;
      }
      const n = this.#stop ? undefined : (this.#sentAgain.pop() ?? (this.isFull ? undefined : take()));
      if (n !== undefined) {
        if (await this.#turnComes()) this.#launch(n);
        else this.#sentAgain.push(n);
      } else {
        await condition(() => this.#inFlight === 0);
        if (this.#sentAgain.length === 0 || this.#stop) break;
      }
    }
    this.checkStop();
  }

  /** A slow campaign keeps the distance between its sends by a timer. False when it must not send after all. */
  async #turnComes(): Promise<boolean> {
    while (this.#spacesSlowSends && this.#rate < SLOW_RATE) {
      const rate = this.#rate;
      const leftMs = this.#launchedAt + 1000 / rate - Date.now();
      if (leftMs <= 0) break;
      await condition(() => this.#stop !== undefined || this.isPaused || this.#rate !== rate, leftMs, {
        summary: 'until the next send',
      });
      if (this.#stop || this.isPaused) return false;
    }
    this.#launchedAt = Date.now();
    return true;
  }

  get #window(): number {
    return this.#fullLimit === undefined ? sendWindow(this.#rate, this.#largestWindow) : 1;
  }

  /** Outside the sending hours, or without room: a durable timer, after the last send in flight. */
  async #waitForOpening(): Promise<void> {
    await condition(() => this.#inFlight === 0);
    const until = this.#closedUntil;
    const resumes = this.#resumes;
    this.#describe();
    // Whoever resumes it while it waits for room wants it to look at once.
    const isTold = (): boolean =>
      this.#stop !== undefined || (this.#fullLimit !== undefined && this.#resumes !== resumes);
    await condition(isTold, Math.max(1, until - Date.now()), {
      summary:
        this.#fullLimit === undefined ? 'until the sending hours begin' : 'until the messaging limit may have room',
    });
    this.#closedUntil = 0;
    this.#describe();
  }

  /** Resolves when no send is in flight: what one puts back later would stay in the queue for good. */
  async endOfSends(): Promise<void> {
    await condition(() => this.#inFlight === 0);
  }

  /** From here on it ends as `state`, and no command is taken any more. */
  close(state: CampaignState): void {
    this.#closing = state;
  }

  /** Throws if the campaign was told to end. */
  checkStop(): void {
    if (this.#stop) throw this.#stop;
  }

  /** Sleeps until there is something to do: the campaign is told to end, or deliveries were put back. */
  async sleep(ms: number, summary: string): Promise<void> {
    const wakes = this.#wakes;
    await condition(() => this.#stop !== undefined || this.#wakes !== wakes, ms, { summary });
    this.checkStop();
  }

  /**
   * Takes a step of the story once the campaign is not paused. The step begins in one go with the check: a
   * pause that is answered with yes cannot be run over by it.
   */
  async whenGoing<T>(step: () => T): Promise<Awaited<T>> {
    do {
      await condition(() => this.#stop !== undefined || !this.isPaused);
      this.checkStop();
    } while (this.isPaused);
    return await step();
  }

  #launch(n: number): void {
    this.#inFlight++;
    this.#launched++;
    // A send is not to be given up half-way: cancelled from outside, the campaign waits for its end.
    if (this.#sendsOutliveCancel) void CancellationScope.nonCancellable(() => this.#sendOne(n));
    else void this.#sendOne(n);
  }

  #sendOne(n: number): Promise<void> {
    const { campaignId } = this.input;
    return this.#send.sendDelivery
      .executeWithOptions({ summary: `delivery ${n}` }, [{ campaignId, n }])
      .then(
        async (outcome) => {
          if (outcome.kind === 'held') this.#sentAgain.push(n);
          if (outcome.kind === 'closed' || outcome.kind === 'full') {
            this.#sentAgain.push(n);
            this.#closedUntil = outcome.until;
          }
          if (outcome.kind === 'full') this.#fullLimit = outcome.limit;
          if (outcome.kind === 'closed') this.#fullLimit = undefined;
          // One that was admitted before the others were refused says nothing.
          if (outcome.kind === 'done' && this.#closedUntil === 0) this.#fullLimit = undefined;
          if (outcome.kind === 'stop') {
            this.#sentAgain.push(n);
            await this.standStill({ code: outcome.code, detail: outcome.detail });
          }
        },
        (error: unknown) => {
          this.#stop ??= new CampaignStopped('failed', { error: { code: 'send_broken', detail: String(error) } });
        },
      )
      .finally(() => void this.#inFlight--);
  }

  /** The state that decides which commands fit: once the end has begun, the end. */
  get commandState(): CampaignState {
    return this.#closing ?? this.#stop?.state ?? this.state;
  }

  /** True when a command with this update id was carried out before. */
  hasTaken(updateId: string | undefined): boolean {
    return updateId !== undefined && this.#taken.includes(updateId);
  }

  remember(updateId: string | undefined): void {
    if (updateId !== undefined) this.#taken = [...this.#taken.slice(-REMEMBERED_UPDATES + 1), updateId];
  }

  resume(): Promise<void> {
    this.#resumes++;
    return this.enter(this.settling ? 'settling' : this.#begun ? 'running' : 'scheduled');
  }

  cancel(by: string): void {
    this.#stop ??= new CampaignStopped('cancelled', { by });
  }

  async reschedule(at: number): Promise<void> {
    this.#startAt = at;
    this.#describe();
    await light.recordSchedule({ campaignId: this.input.campaignId, at, order: this.#nextOrder() });
  }

  async setRate(ratePerSecond: number): Promise<void> {
    this.#rate = ratePerSecond;
    this.#describe();
    await light.recordRate({ campaignId: this.input.campaignId, ratePerSecond, order: this.#nextOrder() });
  }

  /** Puts deliveries back into the queue; settling sends them as soon as the first pass is done. */
  async retry(selection: RetrySelection): Promise<number> {
    const count = await light.putBack({ campaignId: this.input.campaignId, selection });
    this.#wakes++;
    return count;
  }

  progress(): CampaignProgress {
    return {
      state: this.state,
      ...(this.#reason ? { reason: this.#reason } : {}),
      sendable: this.sendable,
      next: this.next,
      inFlight: this.#inFlight,
      ...(this.#startAt === undefined ? {} : { startAt: this.#startAt }),
      ratePerSecond: this.#rate,
    };
  }

  /** The sender or the template cannot send: pause and tell the admins, once. */
  async standStill(trouble: { code: string; detail: string }): Promise<void> {
    if (this.isPaused || hasEnded(this.state)) return;
    await this.enter('paused', { error: trouble });
    const { campaignId } = this.input;
    await bestEffort.notify
      .executeWithOptions({ summary: 'tell the admins why it stands still' }, [{ campaignId, event: 'paused' }])
      .catch(() => undefined);
  }

  #describe(): void {
    const { sender, carried } = this.input;
    setCurrentDetails(
      runDetails({
        state: this.state,
        reason: this.#reason,
        sender,
        ratePerSecond: this.#rate,
        startAt: this.#startAt,
        closedUntil: this.#closedUntil,
        fullLimit: this.#fullLimit,
        sendable: this.sendable,
        began: carried?.next ?? 0,
      }),
    );
  }
}
