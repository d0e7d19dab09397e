/** What a campaign's workflow knows of its senders. */

/** One of them, and its part in the campaign's pace. */
export interface SenderShare {
  /** The Gupshup app. */
  sender: string;
  /** Its cap among the caps of all; together they are 1. Not how many people it gets: those go to the one that is ready. */
  share: number;
}

/** At least one, in the order in which they were named. */
export function sharesOf({ sender, senders }: { sender: string; senders?: readonly SenderShare[] }): SenderShare[] {
  return senders ? [...senders] : [{ sender, share: 1 }];
}

/** Their names, if there are several. */
export function severalOf(senders: readonly { sender: string }[]): string[] | undefined {
  return senders.length > 1 ? senders.map(({ sender }) => sender) : undefined;
}

/** As messages and the Temporal UI name them. */
export function namesOf(senders: readonly { sender: string }[]): string {
  return senders.map(({ sender }) => sender).join(', ');
}
