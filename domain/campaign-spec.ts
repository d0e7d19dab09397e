/**
 * What a campaign is asked to be: one schema and the type derived from it. A new option is a line here; code that
 * stores, copies or passes a spec carries it along unchanged, and config/spec-text.ts puts it into words.
 *
 * Facts of the campaign's run (rate in force, schedule, counts) stand beside the spec, never in it. A spec is JSON: it
 * lives in sessions, in the database and on the command line. Workflows import only the type.
 */
import { z } from 'zod';
import { audienceSchema, parametersSchema } from './audience-schema';
import { charactersOf, MAX_NAME_CHARACTERS } from './campaign-name';
import { CONTROL_PERCENT } from './control-group';
import { isCountry } from './country-rules';
import { FOLLOW_UP_AFTER_MS, FOLLOW_UP_TO, MOST_FOLLOW_UPS } from './story/follow-ups';
import { onReplySchema } from './reply-orders';
import { areResultDays, RESULT_DAYS } from './results';
import { LATE_POLICIES } from './story/late-start';
import { holdsNumber, withoutNumbers } from './story/number-like';
import { openingAt } from './times/sending-hours';
import { hoursProblem } from './times/sending-hours-text';
import { MOST_VARIANTS, sharesOf, type Shared } from './variants';
import { isMediaLink } from './templates/template';
import { TEST_PERCENT, WINNER_MEASURES } from './winner';

/** Codes of config/errors.ts that a spec alone can cause. */
const SPEC_PROBLEM_CODES = [
  'campaign_name_missing',
  'campaign_name_too_long',
  'campaign_name_has_number',
  'audience_invalid',
  'parameters_invalid',
  'media_link_invalid',
  'rate_invalid',
  'spread_invalid',
  'control_invalid',
  'variants_shares_invalid',
  'winner_invalid',
  'follow_up_delay_invalid',
  'follow_ups_too_many',
  'hours_invalid',
  'days_invalid',
  'holidays_invalid',
  'timezone_invalid',
  'hours_never',
  'countries_invalid',
  'results_invalid',
  'note_invalid',
  'option_invalid',
] as const;
type SpecProblemCode = (typeof SPEC_PROBLEM_CODES)[number];

/** Longest note, in characters. */
export const MAX_NOTE_CHARACTERS = 500;

/** One error in a spec. */
export interface SpecProblem {
  code: SpecProblemCode;
  values: Record<string, string | number>;
}

/** Names appear in Temporal, lists and reports: they must be short and contain no phone number. */
const nameSchema = z
  .string()
  .trim()
  .superRefine(
    earns((name: string) => {
      const [characters, limit] = [charactersOf(name), MAX_NAME_CHARACTERS];
      if (characters === 0) return { code: 'campaign_name_missing', values: {} };
      if (characters > limit) return { code: 'campaign_name_too_long', values: { characters, limit } };
      return holdsNumber(name)
        ? { code: 'campaign_name_has_number', values: { name: withoutNumbers(name) } }
        : undefined;
    }),
  );

const mediaUrlSchema = z
  .string()
  .superRefine(
    earns((link: string) => (isMediaLink(link) ? undefined : { code: 'media_link_invalid', values: { value: link } })),
  );

const noteSchema = z
  .string()
  .trim()
  .superRefine(
    earns((note: string) => {
      const [characters, limit] = [charactersOf(note), MAX_NOTE_CHARACTERS];
      return characters > 0 && characters <= limit
        ? undefined
        : { code: 'note_invalid', values: { characters, limit } };
    }),
  )
  .overwrite(withoutNumbers);

const hoursSchema = z
  .strictObject({
    /** `HH:mm` of the local day, the first open minute. */
    from: z.string(),
    /** `HH:mm`, the first closed minute; `24:00` is midnight. If not after `from`, it belongs to the next day. */
    to: z.string(),
    /** ISO weekdays, 1 = Monday. A window across midnight belongs to the day it begins on. */
    days: z.array(z.number()),
    /** Dates (`2026-12-31`) on which no window begins. */
    holidays: z.array(z.string()),
    /** Whose time zone applies. */
    zone: z.enum(['campaign', 'recipient']),
    /** IANA zone of the campaign; also of recipients with an unknown zone, unless `recipientTimezone` is set. */
    timezone: z.string(),
    /** IANA zone of recipients whose number does not show one. */
    recipientTimezone: z.string().exactOptional(),
  })
  .superRefine(
    earns((hours: SendingHours) => {
      const problem = hoursProblem(hours);
      if (problem) return { code: problem.code, values: { value: problem.value } };
      const opening = openingAt(new Date(), hours, [hours.timezone]);
      return opening.open || opening.opensAt
        ? undefined
        : { code: 'hours_never', values: { value: `${hours.from}-${hours.to}` } };
    }),
  );

const variantsSchema = z
  .array(
    z.strictObject({
      /** As the campaign's own `template`. */
      template: z.string().min(1),
      /** One source for each parameter of this template, in order. */
      parameters: parametersSchema,
      /** For this template's header; absent = the campaign's own. */
      mediaUrl: mediaUrlSchema.exactOptional(),
      /** Whole percent of the people; all have one, or all get the same. The first template takes the rest. */
      share: z.int().positive().exactOptional(),
    }),
  )
  .min(1)
  .max(MOST_VARIANTS - 1)
  .superRefine(
    earns((variants: readonly Shared[]) => {
      const value = variants.map(({ share }) => share ?? '–').join(', ');
      return sharesOf(variants) ? undefined : { code: 'variants_shares_invalid', values: { value } };
    }),
  );

const followUpsSchema = z
  .array(
    z.strictObject({
      /** Of those whom the campaign reached: who have read, answered, or pressed in none of its messages so far. */
      to: z.enum(FOLLOW_UP_TO),
      /** Time from the end of the campaign, or of the step before, to this step (ms). */
      afterMs: z
        .int(as('follow_up_delay_invalid'))
        .min(FOLLOW_UP_AFTER_MS.least, as('follow_up_delay_invalid'))
        .max(FOLLOW_UP_AFTER_MS.most, as('follow_up_delay_invalid')),
      /** As the campaign's own `template`. */
      template: z.string().min(1),
      /** One source for each parameter; the columns are `name` and the campaign's own parameters p1, p2 … */
      parameters: parametersSchema,
      /** For this template's header. */
      mediaUrl: mediaUrlSchema.exactOptional(),
    }),
  )
  .min(1)
  .superRefine(
    earns((steps: readonly unknown[]) =>
      steps.length <= MOST_FOLLOW_UPS
        ? undefined
        : { code: 'follow_ups_too_many', values: { count: steps.length, most: MOST_FOLLOW_UPS } },
    ),
  );

const paceSchema = z.strictObject({
  /** Maximum messages per second; the sender's cap applies as well. */
  ratePerSecond: z.number(as('rate_invalid')).positive(as('rate_invalid')).exactOptional(),
  /**
   * Spread evenly over this much sending time (ms), not counting closed hours. A rate given as well is the upper bound.
   */
  spreadMs: z.number(as('spread_invalid')).positive(as('spread_invalid')).exactOptional(),
});

const resultsSchema = z
  .strictObject({
    /** Whole days, ascending. */
    days: z.array(z.number()),
  })
  .superRefine(
    earns(({ days }: { days: number[] }) => {
      const { most, last } = RESULT_DAYS;
      if (areResultDays(days)) return undefined;
      return { code: 'results_invalid', values: { value: days.join(','), most, last } };
    }),
  );

export const campaignSpec = z.strictObject({
  name: nameSchema,
  /** Template name or Gupshup id; `name/language` if several languages share the name. */
  template: z.string().min(1),
  audience: audienceSchema,
  /** The audience's name in messages: file name, list, "pipeline / stage". */
  audienceLabel: z.string(),
  /** One source for each parameter of the template, in order. */
  parameters: parametersSchema,
  /** The Gupshup app that sends; absent = the default one. */
  sender: z.string().min(1).exactOptional(),
  /** Further apps that send it as well, each with its own copy of the template. */
  alsoFrom: z.array(z.string().min(1)).min(1).exactOptional(),
  /** https link for an IMAGE, VIDEO or DOCUMENT header. */
  mediaUrl: mediaUrlSchema.exactOptional(),
  /** Sending pace; absent = as fast as the sender may. */
  pace: paceSchema.exactOptional(),
  /** Sending hours; absent = as in the settings at creation, which may also be `any`. */
  hours: z.union([z.literal('any'), hoursSchema]).exactOptional(),
  /** Resends messages that WhatsApp withholds (131049) on later days; absent = never. */
  laterWaves: z
    .strictObject({
      /** Maximum number of resends per message. */
      max: z.int().positive(),
      /** No wave after this time, ISO 8601. */
      until: z.iso.datetime({ offset: true }).exactOptional(),
    })
    .exactOptional(),
  /** What to do when it cannot start on time; absent = ask if an hour late. */
  lateStart: z
    .strictObject({
      policy: z.enum(LATE_POLICIES),
      /** Delay after the planned time that counts as late. */
      afterMs: z.number().nonnegative(),
    })
    .exactOptional(),
  /** So many percent of the people get nothing, to be compared with; absent = everybody is written to. */
  controlPercent: z
    .int(as('control_invalid'))
    .min(CONTROL_PERCENT.least, as('control_invalid'))
    .max(CONTROL_PERCENT.most, as('control_invalid'))
    .exactOptional(),
  /** Further templates (2 to 4 with the first), each for a part of the people, to see which does better. */
  variants: variantsSchema.exactOptional(),
  /** The variants go to a part of the people as a test, and the best of them to the rest; absent = all get them. */
  winner: z
    .strictObject({
      /** So many percent of the people are the test. */
      testPercent: z
        .int(as('winner_invalid'))
        .min(TEST_PERCENT.least, as('winner_invalid'))
        .max(TEST_PERCENT.most, as('winner_invalid')),
      by: z.enum(WINNER_MEASURES),
      /** How long the test is watched (ms), counted from the last of its sends. */
      waitMs: z
        .int()
        .positive()
        .max(14 * 86_400_000),
      /** The difference may be chance: the best goes on nevertheless, or an admin is asked. */
      ifChance: z.enum(['best', 'ask']),
      /** In a retry of such a campaign: the variant that the rest got. Nothing is tested again. */
      known: z
        .int()
        .min(0)
        .max(MOST_VARIANTS - 1)
        .exactOptional(),
    })
    .exactOptional(),
  /** Campaigns with the same key divide people alike: control group and variants. Absent = by the name. */
  splitKey: z.string().min(1).max(100).exactOptional(),
  /** Leaves out who has read none of the last so many messages that reached them; absent = nobody. */
  neverReads: z.strictObject({ campaigns: z.int().min(1).max(20) }).exactOptional(),
  /** Leaves out numbers of these countries (ISO codes in capitals), besides what the team's rules say; absent = none. */
  withoutCountries: z
    .array(z.string().refine(isCountry, as('countries_invalid')), as('countries_invalid'))
    .min(1, as('countries_invalid'))
    .exactOptional(),
  /** The first people alone, watched before the rest get it; absent = all at once. */
  canary: z
    .strictObject({
      /** How many go first. */
      people: z.int().positive().max(100_000),
      /** How long they are watched (ms), counted from the last of their sends. */
      waitMs: z
        .int()
        .positive()
        .max(7 * 86_400_000),
      /** With nothing against it. If something speaks against it, an admin is asked in any case. */
      goOn: z.enum(['itself', 'ask']),
    })
    .exactOptional(),
  /** Further messages, each some time after the one before, to those whom the campaign reached and who did not react. */
  followUps: followUpsSchema.exactOptional(),
  /**
   * On which days after its end its leads are read again in the CRM, for what came of them; no days = on none. Absent =
   * as in the settings at creation, which is none by default.
   */
  results: resultsSchema.exactOptional(),
  /** Telegram ids of those on the team who hear of replies whose lead has nobody responsible on the team. */
  repliesTo: z.array(z.int().positive()).min(1).exactOptional(),
  /** What an answer does to the person's lead in the CRM; absent = nothing. */
  onReply: onReplySchema.exactOptional(),
  /** Free text for colleagues; never in Temporal. Phone numbers in it are hidden. */
  note: noteSchema.exactOptional(),
});

export type CampaignSpec = z.infer<typeof campaignSpec>;

/** The spec without its names, its senders and the audience. */
export type CampaignOptions = Omit<
  CampaignSpec,
  'name' | 'template' | 'sender' | 'alsoFrom' | 'audience' | 'audienceLabel' | 'parameters'
>;

export type SendingHours = z.infer<typeof hoursSchema>;
export type FollowUpSpec = z.infer<typeof followUpsSchema>[number];
export type Variant = z.infer<typeof variantsSchema>[number];
export type Pace = z.infer<typeof paceSchema>;

/** All errors in the spec itself, in the order of its fields; it does not check the things the spec names. */
export function specProblems(spec: unknown): SpecProblem[] {
  return problemsIn(campaignSpec.safeParse(spec, { reportInput: true }));
}

/** One option as typed: the parsed value, or the error. */
export function readOption<K extends keyof CampaignOptions>(
  option: K,
  value: unknown,
): { value: NonNullable<CampaignOptions[K]> } | { problem: SpecProblem } {
  const read = campaignSpec.shape[option].safeParse(value);
  const [problem] = problemsIn(read);
  return problem ? { problem } : { value: read.data as NonNullable<CampaignOptions[K]> };
}

/** The error in a name, if any. */
export function nameProblem(name: string): SpecProblem | undefined {
  return problemsIn(nameSchema.safeParse(name))[0];
}

/** The error in sending hours, if any. */
export function sendingHoursProblem(hours: SendingHours): SpecProblem | undefined {
  return problemsIn(hoursSchema.safeParse(hours))[0];
}

function problemsIn({ error }: z.ZodSafeParseResult<unknown>): SpecProblem[] {
  const problems = error?.issues.map(problemOf) ?? [];
  // Report a part once, even if it is wrong in several places.
  return problems.filter(({ code }, index) => problems.findIndex((one) => one.code === code) === index);
}

function problemOf(issue: z.core.$ZodIssue): SpecProblem {
  const earned = issue.code === 'custom' ? (issue.params as SpecProblem | undefined) : undefined;
  if (earned) return earned;
  const [field] = issue.path;
  const detail = z.prettifyError(new z.ZodError([issue])).replace(/\s+/g, ' ');
  if (field === 'audience') return { code: 'audience_invalid', values: { detail } };
  if (field === 'parameters') return { code: 'parameters_invalid', values: { detail } };
  const code = SPEC_PROBLEM_CODES.find((one) => one === issue.message);
  return code
    ? { code, values: { value: String(issue.input) } }
    : { code: 'option_invalid', values: { option: issue.path.join('.'), detail } };
}

/** For one of zod's checks: its refusal gets this code, with the value. */
function as(code: SpecProblemCode): { error: string } {
  return { error: code };
}

/** For a check of our own, which returns the problem with its value. */
function earns<T>(problemWith: (value: T) => SpecProblem | undefined): (value: T, context: z.RefinementCtx<T>) => void {
  return (value, context) => {
    const problem = problemWith(value);
    if (problem) context.addIssue({ code: 'custom', message: problem.code, params: { ...problem } });
  };
}
