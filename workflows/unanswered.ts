/**
 * Sends of a campaign that have left and whose answers take long. They take no place in the send window, so that a few
 * slow answers do not empty it; the campaign's end waits for them all the same.
 */
import { CancellationScope, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { OpenSend, SendActivities } from '../activities/contract';

export interface UnansweredOwner {
  readonly campaignId: string;
  readonly send: ActivityInterfaceFor<SendActivities>;
  /** These have come to their end; `open`: those of them that are not done. */
  answered(ns: readonly number[], open: readonly OpenSend[]): void;
  /** Nobody can tell what became of them. */
  broke(error: unknown): void;
}

export class Unanswered {
  readonly #owner: UnansweredOwner;
  readonly #ns: Set<number>;
  #isAsking = false;

  constructor(owner: UnansweredOwner, carried: readonly number[] = []) {
    this.#owner = owner;
    this.#ns = new Set(carried);
  }

  get count(): number {
    return this.#ns.size;
  }

  get numbers(): number[] {
    return [...this.#ns];
  }

  add(ns: readonly number[]): void {
    for (const n of ns) this.#ns.add(n);
    this.ask();
  }

  /** Asks what became of them until all are known. Does nothing when it is asking already. */
  ask(): void {
    if (this.#isAsking || this.#ns.size === 0) return;
    this.#isAsking = true;
    // If the campaign is cancelled from outside, it waits for them as well.
    void CancellationScope.nonCancellable(() => this.#asking());
  }

  async #asking(): Promise<void> {
    const { campaignId, send } = this.#owner;
    while (this.#ns.size > 0) {
      const ns = this.numbers;
      try {
        const options = { summary: 'answers that take long' };
        const { open } = await send.awaitAnswers.executeWithOptions(options, [{ campaignId, ns }]);
        const still = new Set(open.flatMap(({ n, kind }) => (kind === 'unanswered' ? [n] : [])));
        const known = ns.filter((n) => !still.has(n));
        for (const n of known) this.#ns.delete(n);
        this.#owner.answered(
          known,
          open.filter(({ kind }) => kind !== 'unanswered'),
        );
      } catch (error) {
        this.#ns.clear();
        this.#owner.broke(error);
      }
    }
    this.#isAsking = false;
  }
}
