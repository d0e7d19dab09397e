/**
 * Retries that fall due while the first pass still goes on: taken between first sends. A campaign that is spread over
 * days would otherwise come back to them days later.
 */
import { condition } from '@temporalio/workflow';
import type { CampaignRun } from './campaign-run';
import { light } from './activities';

/** So many at once. */
const PAGE = 500;
/** Looks are so far apart (ms): what falls due meanwhile is taken together. */
const LOOKS_APART_MS = 15_000;

export class DueRetries {
  #due: number[] = [];
  /** When the next one is due, as far as it is known (Unix ms). */
  #nextDueAt: number | undefined;
  #isLooking = false;
  /** Or, before the first look, since when sends are taken. */
  #lookedAt: number | undefined;
  #wakesSeen: number;

  constructor(private readonly run: CampaignRun) {
    this.#wakesSeen = run.wakes;
    this.#nextDueAt = run.input.carried?.retriesDueAt;
  }

  /** When to look again, for the run that continues this one (Unix ms). */
  get nextDueAt(): number | undefined {
    const hasSome = this.#due.length > 0 || this.#isLooking || this.#wakesSeen !== this.run.wakes;
    return hasSome ? 0 : this.#nextDueAt;
  }

  /** A send went back to the queue, due then (Unix ms). */
  comes(at: number): void {
    this.#nextDueAt = Math.min(at, this.#nextDueAt ?? Infinity);
  }

  /** The next that is due, if one is known to be. Looks for more when it is time, and waits for nothing. */
  take(): number | undefined {
    this.#lookedAt ??= Date.now();
    if (this.#isTime) void this.#look();
    const n = this.#due.shift();
    if (n !== undefined) this.run.sends.doubt(n);
    return n;
  }

  get #isTime(): boolean {
    if (this.#isLooking || this.#due.length > 0 || Date.now() < this.#lookedAt! + LOOKS_APART_MS) return false;
    return this.#wakesSeen !== this.run.wakes || (this.#nextDueAt !== undefined && Date.now() >= this.#nextDueAt);
  }

  /** When it is worth looking for those that are due (Unix ms), as far as it is known. */
  get nextLookAt(): number | undefined {
    const { nextDueAt } = this;
    return nextDueAt === undefined ? undefined : Math.max(nextDueAt, (this.#lookedAt ?? 0) + LOOKS_APART_MS);
  }

  /** Those that are due, looked for now. */
  async fetch(): Promise<number[]> {
    if (this.#isLooking) await condition(() => !this.#isLooking);
    else if (this.#due.length === 0) await this.#look();
    const due = this.#due;
    this.#due = [];
    due.forEach((n) => this.run.sends.doubt(n));
    return due;
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    this.#wakesSeen = this.run.wakes;
    this.#nextDueAt = undefined;
    try {
      const { campaignId } = this.run.input;
      const options = { summary: 'retries that are due meanwhile' };
      const { due, nextDueAt } = await light.dueRetries.executeWithOptions(options, [
        { campaignId, before: this.run.next, limit: PAGE },
      ]);
      // One that is on its way is still queued until it is claimed: twice on its way it would meet its own claim.
      this.#due = due.filter((n) => !this.run.sends.isOnItsWay(n));
      if (nextDueAt !== undefined) this.comes(nextDueAt);
    } catch {
      // Cancelled with the run; what is due is looked for once more while it settles.
    } finally {
      this.#lookedAt = Date.now();
      this.#isLooking = false;
    }
  }
}
