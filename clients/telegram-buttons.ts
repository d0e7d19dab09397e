/**
 * The data of the bot's buttons, for every process that makes them: `1:<area>:<part>:…`. The first part is the version
 * of this scheme, so that an old keyboard is recognised instead of misread. At most 64 bytes (telegram.md#errors).
 */

const VERSION = '1';
const MAX_BYTES = 64;

/**
 * - `noop` does nothing: page counters, blanks in a grid
 * - `menu` the main menu, valid at any time: item
 * - `draft` a step of the conversation: revision of the screen, action, argument
 * - `report` a report: its subject, action, argument
 * - `campaigns` the list of campaigns: page
 * - `campaign` one campaign: id, action
 * - `schedules` recurring campaigns: id or page, action
 * - `templates` the catalogue: action, argument
 * - `funnel` the CRM's funnel: action, pipeline, stage
 * - `optOut` a possible opt-out: key, the admin's answer
 * - `approval` a campaign that waits for a second person's yes: campaign, question, answer
 * - `audit` who did what: page
 * - `lists` saved lists: action, list
 * - `reply` an answer to a campaign: its key, action; or the list of those that are open: `list`, page
 * - `team` the team and its invitations: action, person or invitation, role
 */
const AREAS = [
  'noop',
  'menu',
  'draft',
  'campaigns',
  'campaign',
  'schedules',
  'templates',
  'funnel',
  'optOut',
  'team',
  'report',
  'approval',
  'audit',
  'lists',
  'reply',
] as const;
export type ButtonArea = (typeof AREAS)[number];

/** Each area is one letter, because space is short. */
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
  report: 'r',
  team: 'p',
  approval: 'y',
  audit: 'a',
  lists: 'b',
  reply: 'e',
};

export interface ButtonPress {
  area: ButtonArea;
  parts: string[];
}

/** Throws when the result does not fit: a bug, because ids are short by design. */
export function buttonData(area: ButtonArea, ...parts: (string | number)[]): string {
  const data = [VERSION, LETTERS[area], ...parts].join(':');
  const bytes = Buffer.byteLength(data);
  if (bytes > MAX_BYTES)
    throw new Error(`button data: expected at most ${MAX_BYTES} bytes, got ${bytes} in area ${area}`);
  return data;
}

/** Undefined for data that this version did not make. */
export function parseButtonData(data: string): ButtonPress | undefined {
  const [version, letter, ...parts] = data.split(':');
  const area = AREAS.find((name) => LETTERS[name] === letter);
  return version === VERSION && area ? { area, parts } : undefined;
}

/** In a `buttonPattern`, matches a part that differs from button to button. */
export const ANY = /([^:]*)/;

/**
 * The pattern with which Telegraf's `composer.action` matches an area's buttons; every `ANY` is captured, words match
 * literally.
 */
export function buttonPattern(area: ButtonArea, ...parts: (string | RegExp)[]): RegExp {
  const data = [VERSION, LETTERS[area], ...parts.map((part) => (typeof part === 'string' ? part : part.source))];
  return new RegExp(`^${data.join(':')}$`);
}
