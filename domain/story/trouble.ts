/**
 * The catalogue of troubles: why a campaign stands still or ended, when Bobcofer itself says so. Codes of Gupshup and
 * Meta stand in error-policy.ts.
 *
 * `detail` is for operators (Temporal, logs, JSON); people read the text of config/locales/<language>/troubles.json,
 * made from `values`. A test compares the two and docs/errors.md.
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
  /** Too many of the latest messages failed; `code` is the most frequent one. */
  failure_share: { failed: number, tried: number, code: text },
  /** Gupshup reports that the template can no longer be sent. */
  template_event: { template: text, status: text },
  /** At the start the template is not approved, or gone. */
  template_not_approved: { template: text, status: text },
  /** The template was deleted and made again with another text. */
  template_changed: { template: text },
  /** Gupshup reports something about the account that ends all sending. */
  account_event: { event: text },
  /** A fault of the program. */
  send_broken: { error: text },
  /** The campaign's workflow was ended from outside, or Temporal does not know it. */
  workflow_gone: { status: text },
  /** The database is older than the workflow's memory: it was restored, and `after-restore` was not run. */
  database_older: {},
  /** `after-restore` was run. */
  restored: { taken: text },
  /** By the restored database the campaign goes on; by Temporal it has ended. */
  ended_since_copy: { status: text },
  /** A scheduled campaign could not start on time. */
  late: { planned: text, minutes: number },
};

export type TroubleCode = keyof typeof TROUBLES;
export type TroubleValues = { [C in TroubleCode]: (typeof TROUBLES)[C] };

/** What is wrong. */
export interface Trouble {
  /** One of ours, or of Gupshup, Meta or HTTP (`131031`, `http_401`). */
  code: string;
  /** In English, for operators. Never shown to an admin when the code is known, never parsed. */
  detail: string;
  /** Of a code of ours. */
  values?: Readonly<Record<string, string | number>>;
}

const DETAILS: { [C in TroubleCode]: (values: TroubleValues[C]) => string } = {
  failure_share: ({ failed, tried, code }) => `${failed} of the last ${tried} messages failed, most with ${code}`,
  template_event: ({ template, status }) => `template ${template} is ${status}`,
  template_not_approved: ({ template, status }) => `template ${template} is ${status}, expected APPROVED`,
  template_changed: ({ template }) =>
    `template ${template} was deleted and made again with another text than the campaign was made with`,
  account_event: ({ event }) => `Gupshup account: ${event}`,
  send_broken: ({ error }) => error,
  workflow_gone: ({ status }) => `its workflow is ${status} in Temporal`,
  database_older: () =>
    "the database is older than Temporal's history: it was restored from a copy, and what was sent since is not in it; " +
    'stop the workers and run `bobcofer after-restore --taken <time of the copy>`',
  restored: ({ taken }) => `the database was restored from a copy of ${taken}; what was sent since is not in it`,
  ended_since_copy: ({ status }) => `its workflow had ended ${status} when the database was restored from a copy`,
  late: ({ planned, minutes }) => `planned for ${planned}, ${span(minutes)} late`,
};

export function trouble<C extends TroubleCode>(code: C, values: TroubleValues[C]): Trouble {
  return { code, detail: DETAILS[code](values), values };
}

export function isOwnTrouble(code: string): code is TroubleCode {
  return Object.hasOwn(TROUBLES, code);
}

function span(minutes: number): string {
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
