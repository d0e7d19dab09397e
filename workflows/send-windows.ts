/**
 * The sends of a run: a window for each of its senders. Several take from the same numbers, the one that has room first:
 * a sender that is slow or in trouble leaves its people to the others.
 */
import { condition } from '@temporalio/workflow';
import { sharesOf, type SenderShare } from '../domain/story/sender-share';
import { HandedOut } from './handed-out';
import type { CampaignInput, Carried } from './messages';
import { isHistoryFull, SendWindow, type WindowOwner } from './send-window';

export class SendWindows {
  readonly #numbers = new HandedOut();
  readonly #input: CampaignInput;
  readonly #run: WindowOwner;
  /** At least one. */
  #windows: readonly SendWindow[];

  constructor(input: CampaignInput, run: WindowOwner) {
    this.#input = input;
    this.#run = run;
    const { unanswered, bySender } = input.carried ?? {};
    this.#windows = sharesOf(input).map((sender) => {
      const carried = bySender?.[sender.sender] ?? { ...(unanswered && { unanswered }) };
      return new SendWindow({ input, sender, run, numbers: this.#numbers, ...carried });
    });
  }

  get inFlight(): number {
    return this.#windows.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Nothing may be sent before then (Unix ms); 0 = sending is possible. */
  get closedUntil(): number {
    return Math.min(...this.#going.map(({ closedUntil }) => closedUntil));
  }

  /** The messaging limit that has no room. */
  get fullLimit(): number | undefined {
    return this.#going.find(({ fullLimit }) => fullLimit !== undefined)?.fullLimit;
  }

  get #going(): readonly SendWindow[] {
    const going = this.#windows.filter(({ isAside }) => !isAside);
    return going.length > 0 ? going : this.#windows;
  }

  /** Given to an attempt, or about to be. */
  isOnItsWay(n: number): boolean {
    return this.#numbers.onItsWay.has(n);
  }

  /** It may have been sent before. */
  doubt(n: number): void {
    this.#numbers.doubtful.add(n);
  }

  /** Numbers that came back unsent and wait to be handed out again; no attempt has called for them. */
  get unsent(): number[] {
    return this.#numbers.back.filter((n) => !this.#numbers.doubtful.has(n));
  }

  /** The run's history has no room for more sends. */
  get isFull(): boolean {
    return isHistoryFull();
  }

  /**
   * Sends the numbers from `take` until it gives none or the run is full, keeping a window of sends in flight. Resolves
   * when none is in flight; of a full run some answers may be outstanding (`carry`).
   */
  async sendWhile(take: () => number | undefined): Promise<void> {
    for (;;) {
      const windows = this.#windows;
      const [only, second] = windows;
      if (second === undefined) await only!.sendWhile(take);
      else await this.#together(windows, take);
      // What one gave back, another sends; and a campaign that was moved goes on from its new senders.
      if (windows === this.#windows && (this.#numbers.back.length === 0 || this.#run.isStopped)) return;
    }
  }

  async #together(windows: readonly SendWindow[], take: () => number | undefined): Promise<void> {
    const isOver = (): boolean => this.#run.isStopped || this.#windows !== windows;
    let sending = 0;
    const share = async (window: SendWindow): Promise<void> => {
      do {
        sending++;
        await window.sendWhile(take);
        sending--;
        // While others go on, it may join them again.
        if (window.isAside) await condition(() => !window.isAside || sending === 0 || isOver());
        else return;
      } while (!window.isAside && !isOver());
    };
    await Promise.all(windows.map(share));
  }

  /** Resolves when no send is in flight: a delivery put back later would stay queued for good. */
  async endOfSends(): Promise<void> {
    const [only, second] = this.#windows;
    await (second === undefined ? only!.endOfSends() : Promise.all(this.#windows.map((one) => one.endOfSends())));
  }

  /** The sender sends nothing from now on, while others go on; of the last one nothing is changed. */
  setAside(sender: string): 'aside' | 'already' | 'last' {
    const found = this.#windows.find((one) => one.sender === sender);
    if (!found || found.isAside) return 'already';
    if (!this.#windows.some((one) => one !== found && !one.isAside)) return 'last';
    found.isAside = true;
    return 'aside';
  }

  /** All send again; of several, what groups from before meant for them is over. */
  takeAllBack(): void {
    // The only one pauses again for a refusal from before: recorded runs of 0.1.0 have done so.
    if (this.#windows.length > 1) for (const one of this.#windows) one.comeBack();
  }

  /** The senders that stand aside. */
  get aside(): string[] {
    return this.#windows.filter(({ isAside }) => isAside).map(({ sender }) => sender);
  }

  isAside(sender: string): boolean {
    return this.aside.includes(sender);
  }

  /** If it stood aside, it sends again: what is still queued goes to it as to the others. */
  takeBack(sender: string): void {
    this.#windows.find((one) => one.sender === sender && one.isAside)?.comeBack();
  }

  /** From now on these send. No send is in flight. */
  goFrom(senders: readonly SenderShare[]): void {
    const former = this.#windows;
    const [input, run, numbers] = [this.#input, this.#run, this.#numbers];
    this.#windows = senders.map((sender) => new SendWindow({ input, sender, run, numbers }));
    for (const one of former) one.retire();
  }

  /** What the run that continues this one must know. */
  carry(): Pick<Carried, 'unanswered' | 'bySender'> {
    const [only, second] = this.#windows;
    if (second === undefined) return only!.unanswered.length > 0 ? { unanswered: only!.unanswered } : {};
    return {
      bySender: Object.fromEntries(
        this.#windows.map(({ sender, unanswered, isAside }) => [
          sender,
          { ...(unanswered.length > 0 && { unanswered }), ...(isAside && { isAside: true as const }) },
        ]),
      ),
    };
  }
}
