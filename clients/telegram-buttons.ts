/**
 * What a button of the bot carries, whichever process made it: `1:<area>:<part>:…`. The first part is the version of
 * this scheme, so that a keyboard from before a change is recognised and not misread. At most 64 bytes
 * (telegram.md#errors).
 */

const VERSION = '1';
const MAX_BYTES = 64;

/**
 * - `noop`       does nothing: page counters, blanks in a grid
 * - `menu`       the main menu, works at any time: what
 * - `draft`      a step of the conversation: revision of the screen, action, argument
 * - `campaigns`  the list of campaigns: page
 * - `campaign`   one campaign: id, action
 * - `schedules`  recurring campaigns: id or page, action
 * - `templates`  the catalogue: action, argument
 * - `funnel`     the CRM's funnel: action, pipeline, stage
 * - `optOut`     what may be an opt-out: key, what the admin says of it
 */
const AREAS = ['noop', 'menu', 'draft', 'campaigns', 'campaign', 'schedules', 'templates', 'funnel', 'optOut'] as const;
export type ButtonArea = (typeof AREAS)[number];

/** The areas are written with one letter each: there is little room. */
const LETTERS: Record<ButtonArea, string> = {
  noop: 'n',
  menu: 'm',
  draft: 'd',
  campaigns: 'l',
  campaign: 'c',
  schedules: 's',
  templates: 't',
  funnel: 'f',
  optOut: 'o',
};

export interface ButtonPress {
  area: ButtonArea;
  parts: string[];
}

/** Throws when the result would not fit: a bug, since ids are short by design. */
export function buttonData(area: ButtonArea, ...parts: (string | number)[]): string {
  const data = [VERSION, LETTERS[area], ...parts].join(':');
  const bytes = Buffer.byteLength(data);
  if (bytes > MAX_BYTES)
    throw new Error(`button data: expected at most ${MAX_BYTES} bytes, got ${bytes} in area ${area}`);
  return data;
}

/** `undefined` for what this version did not make. */
export function parseButtonData(data: string): ButtonPress | undefined {
  const [version, letter, ...parts] = data.split(':');
  const area = AREAS.find((name) => LETTERS[name] === letter);
  return version === VERSION && area ? { area, parts } : undefined;
}

/** Stands in a `buttonPattern` for a part that differs from button to button. */
export const ANY = /([^:]*)/;

/** What `composer.action` of Telegraf matches the buttons of an area by; every `ANY` is captured. Words stand for themselves. */
export function buttonPattern(area: ButtonArea, ...parts: (string | RegExp)[]): RegExp {
  const data = [VERSION, LETTERS[area], ...parts.map((part) => (typeof part === 'string' ? part : part.source))];
  return new RegExp(`^${data.join(':')}$`);
}
