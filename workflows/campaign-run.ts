/**
 * One run of a campaign: its state, and how commands change it. The story is in campaign.ts, the wiring of commands in
 * commands.ts, the sends in send-window.ts.
 */
import {
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { hasEnded, type CampaignState, type StateReason } from '../domain/story/campaign';
import { lateness } from '../domain/story/late-start';
import type { CampaignEvent } from '../activities/contract';
import { bestEffort, light, preparing } from './activities';
import { DATABASE_OLDER, laterOf, RESTORED, type Remembered, type Witness } from '../domain/story/restored';
import { namesOf, severalOf, sharesOf, type SenderShare } from '../domain/story/sender-share';
import {
  SEARCH_ATTRIBUTES,
  type CampaignInput,
  type CampaignProgress,
  type Carried,
  type MovedTo,
  type Restored,
  type RetrySelection,
} from './messages';
import { DueRetries } from './due-retries';
import { runDetails } from './run-details';
import type { WindowOwner } from './send-window';
import { SendWindows } from './send-windows';
import { VariantTest } from './winner';
import { trouble, WINNER_OPEN, type Trouble } from '../domain/story/trouble';

/** A button is pressed twice within minutes, not after fifty other commands. */
const REMEMBERED_UPDATES = 50;

/** The campaign must end, because of an admin or a finding of its own. */
export class CampaignStopped extends Error {
  constructor(
    readonly state: 'cancelled' | 'failed',
    readonly reason: StateReason,
  ) {
    super(`campaign ${state}`);
  }
}

export class CampaignRun implements WindowOwner {
  state: CampaignState;
  sendable: number;
  next: number;
  settling: Carried['settling'];
  readonly sends: SendWindows;
  readonly retries: DueRetries;
  readonly test: VariantTest;
  #reason: StateReason | undefined;
  #startAt: number | undefined;
  #rate: number;
  #senders: readonly SenderShare[];
  #stop: CampaignStopped | undefined;
  #closing: CampaignState | undefined;
  /** Deliveries exist or are being created. */
  #begun: boolean;
  /** Of the last thing recorded where bot and CLI read it. */
  #order: number;
  /** Order of the last write known to be recorded. */
  #recorded: number | undefined;
  #remembered: Remembered;
  #canary: Carried['canary'];
  /** It stands still because this last of its several senders could not send. */
  #lastOut: string | undefined;
  /** The trouble for which it must pause before it sends. */
  #hold: Trouble | undefined;
  /** It is being told which deliveries were certainly not sent. */
  #trusting = 0;
  /** It is being moved to other senders. */
  #moving = 0;
  #wakes = 0;
  #taken: string[];
  #recording: Promise<void> = Promise.resolve();
  #recordingSenders: Promise<void> = Promise.resolve();

  constructor(readonly input: CampaignInput) {
    const { carried } = input;
    this.state = carried?.state ?? (input.startAt === undefined ? 'preparing' : 'scheduled');
    this.#reason = carried?.reason;
    this.sendable = carried?.sendable ?? 0;
    this.next = carried?.next ?? 0;
    this.settling = carried?.settling;
    this.#taken = carried?.taken ?? [];
    this.#order = carried?.order ?? 0;
    this.#recorded = carried?.recorded;
    this.#remembered = carried?.remembered ?? {};
    this.#canary = carried?.canary;
    this.#lastOut = carried?.lastOut;
    this.#begun = carried !== undefined;
    this.#startAt = input.startAt;
    this.#rate = input.ratePerSecond;
    this.#senders = sharesOf(input);
    this.sends = new SendWindows(input, this);
    this.retries = new DueRetries(this);
    this.test = new VariantTest(this);
    this.describe();
  }

  /** The state the next run needs. */
  carry(): CampaignInput {
    const { senders: _former, ...input } = this.input;
    const [first, second] = this.#senders;
    return {
      ...input,
      sender: first!.sender,
      ...(second && { senders: [...this.#senders] }),
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
        ...(this.#recorded !== undefined && { recorded: this.#recorded }),
        remembered: this.#remembered,
        ...(this.#canary && { canary: this.#canary }),
        ...this.test.carry(),
        ...(this.#lastOut !== undefined && { lastOut: this.#lastOut }),
        ...(this.retries.nextDueAt !== undefined && { retriesDueAt: this.retries.nextDueAt }),
        ...this.sends.carry(),
      },
    };
  }

  /** The numbers below this one may be sent now: all, or those of a canary or a test of variants that is not over. */
  get mayReach(): number {
    return Math.min(this.sendable, this.canaryEnd ?? Infinity, this.test.reach ?? Infinity);
  }

  /** Where a canary that is not over ends: within the test of variants, if there is one. */
  get canaryEnd(): number | undefined {
    const { canary } = this.input;
    return canary && this.#canary !== 'passed' ? Math.min(canary.people, this.test.reach || Infinity) : undefined;
  }

  /** Until when the first people are watched (Unix ms); fixed when it is first asked. */
  watchCanaryUntil(): number {
    if (typeof this.#canary !== 'object') this.#canary = { until: Date.now() + (this.input.canary?.waitMs ?? 0) };
    this.describe();
    return this.#canary.until;
  }

  passCanary(): void {
    this.#canary = 'passed';
    this.describe();
  }

  get isStopped(): boolean {
    return this.#stop !== undefined;
  }

  get ratePerSecond(): number {
    return this.#rate;
  }

  get remembered(): Remembered {
    return this.#remembered;
  }

  claimed(claim: Witness): void {
    this.#remembered = { ...this.#remembered, witness: laterOf(this.#remembered.witness, claim) };
  }

  get isPaused(): boolean {
    return this.state === 'paused' || this.#trusting > 0 || this.#moving > 0;
  }

  /**
   * Enters a state: shown in the Temporal UI at once, and written in order to where bot and CLI read it. A run
   * cancelled in Temporal enters no further state by itself; a state already entered is still recorded. `without` those
   * senders that stand aside: they still do.
   */
  async enter(state: CampaignState, reason?: StateReason, { without }: { without?: true } = {}): Promise<void> {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) await scope.cancelRequested;
    this.state = state;
    this.#reason = reason;
    this.#lastOut = undefined;
    this.describe();
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.state, value: state }]);
    const { campaignId } = this.input;
    const order = this.#nextOrder();
    this.#recording = this.#recording.then(() =>
      CancellationScope.nonCancellable(async () => {
        const previous = this.#recorded;
        await light.recordState.executeWithOptions({ summary: `state: ${state}` }, [
          {
            ...{ campaignId, state, ...(reason ? { reason } : {}), order },
            ...(previous !== undefined && { previous }),
            ...(without && { without }),
          },
        ]);
        this.#recorded = Math.max(order, this.#recorded ?? 0);
      }),
    );
    await this.#recording;
  }

  /** Rises with each write. Derived from the time, so that it also rises after a reset in the Temporal UI. */
  #nextOrder(): number {
    return (this.#order = Math.max(Date.now(), this.#order + 1));
  }

  /** Waits for the start time, which an admin may change meanwhile. */
  async waitForStart(): Promise<void> {
    while (this.#startAt !== undefined && this.#startAt > Date.now()) {
      const startAt = this.#startAt;
      await condition(() => this.#stop !== undefined || this.#startAt !== startAt, startAt - Date.now(), {
        summary: 'until the start',
      });
      this.checkStop();
    }
  }

  /** If an outage made the start late, the campaign's policy decides: continue, end, or ask an admin. */
  async obeyLatePolicy(): Promise<void> {
    const { lateStart } = this.input;
    const late = lateStart && this.#startAt !== undefined && lateness(this.#startAt, Date.now(), lateStart);
    if (!late || lateStart.policy === 'send') return;
    if (lateStart.policy === 'skip') throw new CampaignStopped('cancelled', { error: late });
    await this.standStill(late);
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
    this.test.begin(frozen.test);
    for (const { sender } of frozen.aside ?? []) this.sends.setAside(sender);
    if (frozen.aside) await this.tellAdmins('aside', 'tell the admins that others go on without it');
    this.#hold ??= frozen.hold;
    if (frozen.ratePerSecond !== undefined) this.#rate = Math.min(this.#rate, frozen.ratePerSecond);
  }

  /** From here on it ends as `state`, and accepts no more commands. */
  close(state: CampaignState): void {
    this.#closing = state;
  }

  /** Throws if the campaign must end. */
  checkStop(): void {
    if (this.#stop) throw this.#stop;
  }

  /** How often it has been woken. */
  get wakes(): number {
    return this.#wakes;
  }

  /** Deliveries may have been put back with their own due times: check again, whatever it is sleeping for. */
  wake(): void {
    this.#wakes++;
  }

  /**
   * Sleeps until the time is over, the campaign must end, or it is woken after `wakes` was read. Returns true only in
   * the last case.
   */
  async sleep(ms: number, summary: string, wakes: number): Promise<boolean> {
    const isWoken = await condition(() => this.#stop !== undefined || this.#wakes !== wakes, ms, { summary });
    this.checkStop();
    return isWoken;
  }

  /**
   * Runs a step once the campaign is not paused. The step starts synchronously with the check, so that it cannot run
   * after a pause has been confirmed.
   */
  async whenGoing<T>(step: () => T): Promise<Awaited<T>> {
    do {
      await condition(() => this.#stop !== undefined || !this.isPaused);
      this.checkStop();
    } while (this.isPaused);
    return await step();
  }

  /** The state that decides which commands are valid: during the end, the end state. */
  get commandState(): CampaignState {
    return this.#closing ?? this.#stop?.state ?? this.state;
  }

  /** True if a command with this update id has already been carried out. */
  hasTaken(updateId: string | undefined): boolean {
    return updateId !== undefined && this.#taken.includes(updateId);
  }

  remember(updateId: string | undefined): void {
    if (updateId !== undefined) this.#taken = [...this.#taken.slice(-REMEMBERED_UPDATES + 1), updateId];
  }

  later(until: number): void {
    this.retries.comes(until);
  }

  /** A send broke for a reason that is none of its outcomes: nothing more can be promised. */
  breakOff(error: string): void {
    this.#stop ??= new CampaignStopped('failed', { error: trouble('send_broken', { error }) });
  }

  /** It stands still until somebody says which variant goes to the rest. */
  get isAskedForWinner(): boolean {
    const code = this.state === 'paused' && this.#reason && 'error' in this.#reason && this.#reason.error.code;
    return code === 'winner_ask' || code === 'winner_chance';
  }

  async resume(): Promise<void> {
    // Without one nothing comes between: a command in the same task sees the campaign go on.
    const again = this.test.settleAgain();
    if (again) await again;
    // A sender that is still in trouble says so at its next send.
    this.sends.takeAllBack();
    // Messages whose trouble is mended may have been put back.
    this.wake();
    return this.enter(this.settling ? 'settling' : this.#begun ? 'running' : 'scheduled');
  }

  /** Returns what ends the campaign: an earlier decision takes precedence. */
  cancel(by: string): CampaignStopped {
    return (this.#stop ??= new CampaignStopped('cancelled', { by }));
  }

  async reschedule(at: number): Promise<void> {
    this.#startAt = at;
    this.describe();
    await light.recordSchedule({ campaignId: this.input.campaignId, at, order: this.#nextOrder() });
  }

  async setRate(ratePerSecond: number): Promise<void> {
    this.#rate = ratePerSecond;
    this.describe();
    await light.recordRate({ campaignId: this.input.campaignId, ratePerSecond, order: this.#nextOrder() });
  }

  /** Once nothing is on its way from the former senders. */
  async move({ senders, ratePerSecond }: MovedTo): Promise<void> {
    this.#moving++;
    try {
      await this.sends.endOfSends();
      const { campaignId } = this.input;
      const names = namesOf(senders);
      await light.recordSenders.executeWithOptions({ summary: `from now on from ${names}` }, [
        { campaignId, senders, order: this.#nextOrder() },
      ]);
      const before = severalOf(this.#senders);
      this.#senders = senders.map(({ sender, share }) => ({ sender, share }));
      this.#rate = ratePerSecond;
      this.sends.goFrom(this.#senders);
      this.#lastOut = undefined;
      const several = severalOf(this.#senders);
      upsertSearchAttributes([
        { key: SEARCH_ATTRIBUTES.sender, value: names },
        ...(several || before ? [{ key: SEARCH_ATTRIBUTES.senders, value: several ?? null }] : []),
      ]);
      this.describe();
    } finally {
      this.#moving--;
    }
  }

  /** Puts deliveries back into the queue; settling sends them once the first pass is done. */
  async retry(selection: RetrySelection): Promise<number> {
    const count = await light.putBack({ campaignId: this.input.campaignId, selection });
    this.wake();
    return count;
  }

  progress(): CampaignProgress {
    return {
      state: this.state,
      ...(this.#reason ? { reason: this.#reason } : {}),
      sendable: this.sendable,
      next: this.next,
      inFlight: this.sends.inFlight,
      ...(this.#startAt === undefined ? {} : { startAt: this.#startAt }),
      ratePerSecond: this.#rate,
    };
  }

  /** Others go on without this sender, if there are any; else the campaign stands still. */
  async cannotSend(sender: string, trouble: Trouble): Promise<void> {
    if ([RESTORED, DATABASE_OLDER, WINNER_OPEN].includes(trouble.code)) return this.standStill(trouble);
    if (this.state === 'paused' || this.isStopped || hasEnded(this.state)) return;
    const set = this.sends.setAside(sender);
    if (set === 'already') return;
    if (set === 'last') {
      const paused = this.standStill(trouble);
      if (severalOf(this.#senders) === undefined) return paused;
      this.#lastOut = sender;
      await this.#recordAside(sender, trouble);
      return paused;
    }
    this.describe();
    await this.#recordAside(sender, trouble);
    await this.tellAdmins('aside', 'tell the admins that others go on without it');
  }

  async #recordAside(sender: string, trouble: Trouble): Promise<void> {
    const { campaignId } = this.input;
    await this.#inTurn(() =>
      light.recordAside.executeWithOptions({ summary: `${sender} stands aside` }, [
        { campaignId, sender, trouble, order: this.#nextOrder() },
      ]),
    );
  }

  /**
   * It stood aside, and sends again. A campaign that stands still because its last sender could not send goes on with
   * it; one that somebody has paused stays paused. Nothing, if it does not stand aside.
   */
  async canSendAgain(sender: string, by: string): Promise<void> {
    const isOut = (): boolean => this.sends.isAside(sender) || this.#lastOut === sender;
    if (!isOut()) return;
    const { campaignId } = this.input;
    // First: until its trouble is struck out, a send would find it there.
    await this.#inTurn(() =>
      light.recordBack.executeWithOptions({ summary: `${sender} is back` }, [
        { campaignId, sender, order: this.#nextOrder() },
      ]),
    );
    // Resumed, or brought back by somebody else, meanwhile.
    if (!isOut()) return;
    this.sends.takeBack(sender);
    const last = this.#lastOut;
    if (last !== undefined && last !== sender) this.sends.setAside(last);
    this.describe();
    this.wake();
    if (last !== undefined && !this.isStopped)
      await this.enter(this.settling ? 'settling' : 'running', undefined, { without: true });
    // Whoever did it by hand sees it.
    if (by === 'system') await this.tellAdmins('back', 'tell the admins that it sends again', sender);
  }

  /** One after the other: what is written of one sender must not undo what is written of another. */
  #inTurn(write: () => Promise<void>): Promise<void> {
    return (this.#recordingSenders = this.#recordingSenders.then(write));
  }

  /** The senders or the template cannot send: pause and tell the admins once. */
  async standStill(trouble: Trouble): Promise<void> {
    if (trouble.code === RESTORED && !this.#heeds(trouble.detail)) return;
    if (this.state === 'paused' || this.isStopped || hasEnded(this.state)) return;
    await this.enter('paused', { error: trouble });
    await this.tellAdmins('paused', 'tell the admins why it is paused');
  }

  /** The campaign does not depend on its success. A cancellation passes through. */
  async tellAdmins(event: CampaignEvent, summary: string, sender?: string): Promise<void> {
    const { campaignId } = this.input;
    try {
      await bestEffort.notify.executeWithOptions({ summary }, [
        { campaignId, event, ...(sender !== undefined && { sender }) },
      ]);
    } catch (error) {
      if (isCancellation(error)) throw error;
    }
  }

  /**
   * The database was restored from a copy: what the workflow remembers is settled by `after-restore`, and nothing is
   * sent until an admin says so. `kept`: Temporal was not restored, so what it has not handed out, or got back unsent, was
   * not sent.
   */
  async afterRestore({ trouble, kept }: Restored): Promise<void> {
    if (kept && this.#begun) await this.#trustUnsent();
    if (this.state === 'running' || this.state === 'settling') await this.standStill(trouble);
    else if (this.state !== 'paused') this.#hold = trouble;
    else if (this.#heeds(trouble.detail)) await this.enter('paused', { error: trouble });
  }

  /** No send leaves meanwhile: one that finds itself unknown would be taken for done. */
  async #trustUnsent(): Promise<void> {
    this.#trusting++;
    try {
      // What is on its way comes back unsent: in the database the campaign stands still.
      await this.sends.endOfSends();
      await light.trustUnsent({ campaignId: this.input.campaignId, from: this.next, also: this.sends.unsent });
    } finally {
      this.#trusting--;
    }
  }

  /** Once: what is heard of it later, from sends of before a resume, stops nothing. What was claimed is settled by it. */
  #heeds(detail: string): boolean {
    if (this.#remembered.heeded === detail) return false;
    this.#remembered = { heeded: detail };
    return true;
  }

  /** Pauses if it was told to before it could. */
  async obeyHold(): Promise<void> {
    if (!this.#hold) return;
    const trouble = this.#hold;
    this.#hold = undefined;
    await this.standStill(trouble);
    await this.whenGoing(() => undefined);
  }

  /** What the Temporal UI shows about it. */
  describe(): void {
    const { carried } = this.input;
    setCurrentDetails(
      runDetails({
        state: this.state,
        reason: this.#reason,
        sender: namesOf(this.#senders),
        aside: this.sends.aside,
        ratePerSecond: this.#rate,
        startAt: this.#startAt,
        closedUntil: this.sends.closedUntil,
        fullLimit: this.sends.fullLimit,
        sendable: this.sendable,
        began: carried?.next ?? 0,
        canaryUntil: typeof this.#canary === 'object' ? this.#canary.until : undefined,
        testUntil: this.test.watchedUntil,
      }),
    );
  }
}
