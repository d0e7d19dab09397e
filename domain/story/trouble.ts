/**
 * The catalogue of troubles: Bobcofer's own reasons why a campaign is paused or ended. Codes of Gupshup and Meta are in
 * error-policy.ts.
 *
 * `detail` is for operators (Temporal, logs, JSON); people read the text in config/locales/<language>/troubles.json,
 * made from `values`. A test compares both with docs/errors.md.
 */

/**
 * What a catalogue says of the values that its texts quote: to the compiler a type, at run time its name, which the page
 * docs/errors.md is made from. Used by this catalogue and that of refusals (config/errors.ts).
 */
export const VALUE_KINDS = {
  text: 'text' as unknown as string,
  number: 'number' as unknown as number,
  either: 'text or number' as unknown as string | number,
};
const { text, number } = VALUE_KINDS;

/** Every code, with the values that its text quotes. */
export const TROUBLES = {
  /** Too many of the latest messages failed; `code` is the most frequent. */
  failure_share: { failed: number, tried: number, code: text },
  /** Gupshup reports that the template can no longer be sent. */
  template_event: { template: text, status: text },
  /** At the start the template is not approved or no longer exists. */
  template_not_approved: { template: text, status: text },
  /** The template was deleted and created again with another text. */
  template_changed: { template: text },
  /** WhatsApp rates the template red while a campaign sends it. */
  template_quality: { template: text },
  /** WhatsApp flags the sender's number: its quality is low. */
  number_flagged: { sender: text },
  /** The first people of a campaign have it, and somebody is to say whether it goes on to the rest. */
  canary_ask: { people: number, failed: number, unknown: number, optedOut: number, delivered: number, read: number },
  /** The same, because something is wrong: `why` is a finding of domain/canary.ts. */
  canary_bad: {
    people: number,
    failed: number,
    unknown: number,
    optedOut: number,
    delivered: number,
    read: number,
    why: text,
  },
  /** Variants were tested, and somebody is to say which goes to the rest. `counts`: of each variant; `best`: its letter. */
  winner_ask: { people: number, counts: text, by: text, best: text },
  /** The same, because the difference between them may be chance. */
  winner_chance: { people: number, counts: text, by: text, best: text },
  /** The database does not know which variant the rest gets: it was restored from a backup. */
  winner_open: {},
  /** Gupshup reports an account event that ends all sending. */
  account_event: { event: text },
  /** No worker has the campaign's sender in its settings. */
  sender_missing: { sender: text },
  /** A bug in the program. */
  send_broken: { error: text },
  /** The campaign's workflow was ended from outside, or Temporal does not know it. */
  workflow_gone: { status: text },
  /** The database is older than the workflow's memory: it was restored, and `after-restore` has not run. */
  database_older: {},
  /** `after-restore` has run. */
  restored: { taken: text },
  /** The campaign is active in the restored database but has ended in Temporal. */
  ended_since_copy: { status: text },
  /** A second person must say yes first (domain/approval.ts). */
  approval_needed: { people: number },
  /** A scheduled campaign could not start on time. */
  late: { planned: text, minutes: number },
};

export const WINNER_OPEN = 'winner_open';

export type TroubleCode = keyof typeof TROUBLES;
export type TroubleValues = { [C in TroubleCode]: (typeof TROUBLES)[C] };

/** What is wrong. */
export interface Trouble {
  /** Our own code, or one of Gupshup, Meta or HTTP (`131031`, `http_401`). */
  code: string;
  /** In English, for operators. Never parsed, and not shown to an admin when the code is known. */
  detail: string;
  /** Only for our own codes. */
  values?: Readonly<Record<string, string | number>>;
}

const DETAILS: { [C in TroubleCode]: (values: TroubleValues[C]) => string } = {
  failure_share: ({ failed, tried, code }) => `${failed} of the last ${tried} messages failed, most with ${code}`,
  template_event: ({ template, status }) => `template ${template} is ${status}`,
  template_not_approved: ({ template, status }) => `template ${template} is ${status}, expected APPROVED`,
  template_changed: ({ template }) => `template ${template} was deleted and created again with a different text`,
  template_quality: ({ template }) => `template ${template} is rated RED`,
  number_flagged: ({ sender }) => `the number of ${sender} is FLAGGED`,
  canary_ask: (values) => `the first ${values.people} have it (${canaryCounts(values)}); go on?`,
  canary_bad: ({ why, ...values }) => `the first ${values.people} have it, and ${why} (${canaryCounts(values)})`,
  winner_ask: (values) => `variants were tested on ${values.people}: ${testCounts(values)}; which goes to the rest?`,
  winner_chance: (values) =>
    `variants were tested on ${values.people}, and the difference may be chance: ${testCounts(values)}; which goes to the rest?`,
  winner_open: () => 'the database does not know which variant the rest gets; resuming writes it down again',
  account_event: ({ event }) => `Gupshup account: ${event}`,
  sender_missing: ({ sender }) => `no worker has sender ${sender} in its settings`,
  send_broken: ({ error }) => error,
  workflow_gone: ({ status }) => `its workflow is ${status} in Temporal`,
  database_older: () =>
    "the database is older than Temporal's history: it was restored from a backup and lacks what was sent since; " +
    'stop the workers and run `bobcofer after-restore --taken <time of the backup>`',
  restored: ({ taken }) => `the database was restored from a backup of ${taken} and lacks what was sent since`,
  ended_since_copy: ({ status }) =>
    `its workflow had already ended as ${status} when the database was restored from a backup`,
  approval_needed: ({ people }) => `waits for a second person to approve sending to ${people} people`,
  late: ({ planned, minutes }) => `planned for ${planned}, ${span(minutes)} late`,
};

export function trouble<C extends TroubleCode>(code: C, values: TroubleValues[C]): Trouble {
  return { code, detail: DETAILS[code](values), values };
}

export function isOwnTrouble(code: string): code is TroubleCode {
  return Object.hasOwn(TROUBLES, code);
}

function canaryCounts({ failed, unknown, optedOut, delivered, read }: TroubleValues['canary_ask']): string {
  return `${failed} failed, ${unknown} unknown, ${optedOut} opted out, ${delivered} delivered, ${read} read`;
}

function testCounts({ counts, by, best }: TroubleValues['winner_ask']): string {
  return `${counts} by ${by}, best so far ${best}`;
}

function span(minutes: number): string {
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
