/**
 * What should be known before a campaign starts, and what can be done about it: night where the people are, people who
 * got something lately, a first large send, trouble of the sender, the template or the wallet. Decisions only; what they
 * need is looked up elsewhere. Not for workflows, because night depends on the machine's time zone data.
 */
import { DateTime } from 'luxon';
import { openingAt, type SendingHours } from './times/sending-hours';

/** The hours in which a marketing message disturbs nobody, on the recipient's clock. */
export const SAFE_HOURS = { from: '09:00', to: '21:00' };
/** From when it is sent, if an admin is asked at night. */
export const MORNING = { from: '10:00', to: '21:00' };

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const DAY_MS = 86_400_000;
/** Within this time (ms) the same template again is worth a word… */
const SAME_TEMPLATE_MS = 7 * DAY_MS;
/** …and any other campaign, before marketing. */
const ANOTHER_MS = DAY_MS;

/** Since when messages to the people matter here. */
export function latelySince(now: Date): Date {
  return new Date(now.getTime() - SAME_TEMPLATE_MS);
}

/** One guard: a code of config/errors.ts and its values. */
export interface Guard {
  code:
    | 'night_there'
    | 'night_waits'
    | 'people_lately_template'
    | 'people_lately'
    | 'first_large_send'
    | 'sender_trouble'
    | 'wallet_low'
    | 'template_low_quality'
    | 'template_opt_out_missing'
    | 'template_opt_out_unknown'
    | 'country_warned'
    | 'marketing_to_russia'
    | 'marketing_to_us';
  values: Record<string, string | number>;
}

/**
 * What an admin can do about a guard:
 * - `morning`        send from 10:00 on the recipients' clocks
 * - `anyTime`        send at once, whatever the hour
 * - `hours`          choose the hours
 * - `leaveOut`       leave out the people who got something lately
 * - `leaveOutCountries` leave out the people of these countries
 * - `rules`          look at the rules by country
 * - `otherTemplate`  choose another template
 * - `recheck`        look again, once it is mended
 */
export type GuardAction =
  'morning' | 'anyTime' | 'hours' | 'leaveOut' | 'leaveOutCountries' | 'rules' | 'otherTemplate' | 'recheck';

/** In the order in which they are shown. */
const ACTIONS: Record<Guard['code'], readonly GuardAction[]> = {
  sender_trouble: ['recheck'],
  night_there: ['morning', 'hours'],
  night_waits: ['anyTime'],
  people_lately_template: ['leaveOut'],
  people_lately: ['leaveOut'],
  first_large_send: [],
  template_low_quality: ['otherTemplate'],
  wallet_low: ['recheck'],
  template_opt_out_missing: ['otherTemplate'],
  template_opt_out_unknown: ['otherTemplate'],
  country_warned: ['leaveOutCountries', 'rules'],
  marketing_to_russia: ['leaveOutCountries', 'rules'],
  marketing_to_us: ['leaveOutCountries', 'rules'],
};

const ORDER = Object.keys(ACTIONS);

/** Of all that is worth knowing what stands in the block above the send buttons, the most pressing first. */
export function guardsAmong<T extends { code: string }>(warnings: readonly T[]): T[] {
  return warnings
    .filter(({ code }) => Object.hasOwn(ACTIONS, code))
    .toSorted((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
}

/** What can be done about these guards, each action once. */
export function actionsAgainst(guards: readonly { code: string }[]): GuardAction[] {
  return [...new Set(guards.flatMap(({ code }) => ACTIONS[code as Guard['code']] ?? []))];
}

/** How many people share their possible time zones; several where the number does not tell which. */
export interface ZonePeople {
  zones: readonly string[];
  people: number;
}

/**
 * Whether messages that leave from `at` on, within the campaign's hours, come outside SAFE_HOURS (`night_there`), or
 * would have if its hours did not hold them back (`night_waits`). Undefined by day.
 */
export function nightGuard(
  at: Date,
  clocks: readonly ZonePeople[],
  hours: SendingHours | undefined,
): Guard | undefined {
  const of = clocks.reduce((sum, { people }) => sum + people, 0);
  const woken: ZonePeople[] = [];
  const waiting: ZonePeople[] = [];
  for (const group of clocks) {
    const leavesAt = firstSend(at, group.zones, hours);
    if (leavesAt && isNight(leavesAt, group.zones)) woken.push(group);
    else if (isNight(at, group.zones)) waiting.push(group);
  }
  const [groups, code] = woken.length > 0 ? ([woken, 'night_there'] as const) : ([waiting, 'night_waits'] as const);
  const [most] = groups.toSorted((a, b) => b.people - a.people);
  if (!most) return undefined;
  const count = groups.reduce((sum, { people }) => sum + people, 0);
  const moment = code === 'night_there' ? (firstSend(at, most.zones, hours) ?? at) : at;
  const clock = DateTime.fromJSDate(moment, { zone: mostNightly(moment, most.zones) }).toFormat('HH:mm');
  return {
    code,
    values: { count, of, clock, ...(code === 'night_there' ? SAFE_HOURS : { opens: hours?.from ?? '' }) },
  };
}

/** When the first message to people of these zones leaves; undefined when the hours never allow it. */
function firstSend(at: Date, zones: readonly string[], hours: SendingHours | undefined): Date | undefined {
  if (!hours) return at;
  const opening = openingAt(at, hours, hours.zone === 'recipient' ? zones : [hours.timezone]);
  return opening.open ? at : opening.opensAt;
}

/** Of people who may be in one of several zones, when it is night in at least half of them. */
function isNight(at: Date, zones: readonly string[]): boolean {
  return zones.filter((zone) => !isSafe(at, zone)).length * 2 >= zones.length;
}

function isSafe(at: Date, zone: string): boolean {
  const safe: SendingHours = { ...SAFE_HOURS, days: EVERY_DAY, holidays: [], zone: 'recipient', timezone: zone };
  return openingAt(at, safe, [zone]).open;
}

function mostNightly(at: Date, zones: readonly string[]): string {
  return zones.find((zone) => !isSafe(at, zone)) ?? zones[0] ?? 'UTC';
}

/** Sending hours on the recipients' clocks, every day. `timezone` is of people whose number shows none. */
export function recipientHours(
  hours: Pick<SendingHours, 'from' | 'to'>,
  timezone: string,
  holidays: readonly string[] = [],
): SendingHours {
  return { ...hours, days: EVERY_DAY, holidays: [...holidays], zone: 'recipient', timezone };
}

/** A message that one of the people got, or may have got. */
export interface EarlierMessage {
  /** The same for all spellings of a number. */
  person: string;
  campaignId: string;
  at: Date;
}

/** What is known of a campaign that sent such messages. */
export interface EarlierCampaign {
  name: string;
  /** It sent the very template that is to be sent now. */
  sameTemplate: boolean;
}

export interface Lately {
  guards: Guard[];
  /** The campaigns that the guards count, those with most of the people first. */
  campaigns: { id: string; name: string; people: number }[];
}

/**
 * Whether the people got the same template within a week or, before marketing, another campaign within a day. `of` is
 * how many people were looked at; campaigns that are not in the map (tests) do not count.
 */
export function latelyGuards(
  messages: readonly EarlierMessage[],
  campaigns: ReadonlyMap<string, EarlierCampaign>,
  { of, marketing, now }: { of: number; marketing: boolean; now: Date },
): Lately {
  const within = ({ at }: EarlierMessage, ms: number): boolean => now.getTime() - at.getTime() <= ms;
  const same = messages.filter((one) => campaigns.get(one.campaignId)?.sameTemplate && within(one, SAME_TEMPLATE_MS));
  const others = messages.filter(
    (one) => marketing && campaigns.get(one.campaignId)?.sameTemplate === false && within(one, ANOTHER_MS),
  );
  const guards: Guard[] = [];
  const counted = new Map<string, Set<string>>();
  for (const [code, found] of [
    ['people_lately_template', same],
    ['people_lately', others],
  ] as const) {
    if (found.length === 0) continue;
    const byCampaign = peopleByCampaign(found);
    for (const [id, people] of byCampaign) counted.set(id, people);
    const [[top] = ['']] = [...byCampaign].toSorted(([, a], [, b]) => b.size - a.size);
    const span = found.every((one) => within(one, DAY_MS)) ? 'day' : 'week';
    const count = new Set(found.map(({ person }) => person)).size;
    guards.push({ code, values: { count, of, span, campaign: campaigns.get(top)?.name ?? '' } });
  }
  return {
    guards,
    campaigns: [...counted]
      .map(([id, people]) => ({ id, name: campaigns.get(id)?.name ?? '', people: people.size }))
      .sort((a, b) => b.people - a.people),
  };
}

function peopleByCampaign(messages: readonly EarlierMessage[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { campaignId, person } of messages) {
    found.set(campaignId, (found.get(campaignId) ?? new Set()).add(person));
  }
  return found;
}

/**
 * Whether a send to so many people asks for their number to be typed: it is large, and nobody's second. `from` = 0:
 * never. `largest` = the most people whom the same person has sent one campaign to.
 */
export function firstLargeGuard({ people, largest, from }: Record<'people' | 'largest' | 'from', number>): Guard[] {
  return from > 0 && people >= from && largest < from
    ? [{ code: 'first_large_send', values: { count: people, largest } }]
    : [];
}

/** Whether the text is the number of people, however its thousands are set apart. */
export function isTypedCount(typed: string, count: number): boolean {
  const digits = typed.trim().replace(/(?<=\d)[\s\u00a0\u202f.,'’](?=\d{3}(?!\d))/g, '');
  return /^\d+$/.test(digits) && Number(digits) === count;
}
