/** What a run knows of its deliveries by number, whichever sender has them. */
export class HandedOut {
  /** Given to an attempt, or about to be. */
  readonly onItsWay = new Set<number>();
  /** Handed out before, or to an attempt of which nobody knows what it did. */
  readonly doubtful = new Set<number>();
  /** Came back unsent, and wait to be handed out again. */
  readonly back: number[] = [];
}
