/**
 * What a campaign is asked to be: one schema, and the type that follows from it. A new option is a line here; who keeps,
 * copies or passes on a spec takes it along unseen, and config/spec-text.ts says it in words.
 *
 * What becomes of the campaign (its rate in force, its schedule, its counts) are facts beside the spec and never in it.
 * A spec is JSON: it lives in sessions, in the database and on the command line. Workflows import the type alone.
 */
import { z } from 'zod';
import { audienceSchema, parametersSchema } from './audience-schema';
import { charactersOf, MAX_NAME_CHARACTERS } from './campaign-name';
import { LATE_POLICIES } from './story/late-start';
import { holdsNumber, withoutNumbers } from './story/number-like';
import { openingAt } from './times/sending-hours';
import { hoursProblem } from './times/sending-hours-text';
import { isMediaLink } from './templates/template';

/** Codes of the catalogue of refusals (config/errors.ts) that a spec alone can earn. */
const SPEC_PROBLEM_CODES = [
  'campaign_name_missing',
  'campaign_name_too_long',
  'campaign_name_has_number',
  'audience_invalid',
  'parameters_invalid',
  'media_link_invalid',
  'rate_invalid',
  'spread_invalid',
  'hours_invalid',
  'days_invalid',
  'holidays_invalid',
  'timezone_invalid',
  'hours_never',
  'note_invalid',
  'option_invalid',
] as const;
type SpecProblemCode = (typeof SPEC_PROBLEM_CODES)[number];

/** Longest note, in characters. */
export const MAX_NOTE_CHARACTERS = 500;

/** One thing that is wrong with a spec. */
export interface SpecProblem {
  code: SpecProblemCode;
  values: Record<string, string | number>;
}

/** Names are shown in Temporal, in lists and in reports: short, and without a number. */
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
    /** `HH:mm` of the local day, the first minute that is open. */
    from: z.string(),
    /** `HH:mm`, the first minute that is closed again; `24:00` is midnight. Not after `from`: the next day's. */
    to: z.string(),
    /** ISO weekdays, 1 = Monday. A window over midnight belongs to the day it begins on. */
    days: z.array(z.number()),
    /** Dates (`2026-12-31`) on which no window begins. */
    holidays: z.array(z.string()),
    /** Whose clock counts. */
    zone: z.enum(['campaign', 'recipient']),
    /** IANA zone of the campaign; also of recipients whose zone is not known, unless `recipientTimezone` is. */
    timezone: z.string(),
    /** IANA zone of recipients whose number does not tell one. */
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

const paceSchema = z.strictObject({
  /** Messages a second at most; the sender's cap holds besides. */
  ratePerSecond: z.number(as('rate_invalid')).positive(as('rate_invalid')).exactOptional(),
  /** Evenly over so much sending time (ms), closed hours not counted. A rate given with it is its upper bound. */
  spreadMs: z.number(as('spread_invalid')).positive(as('spread_invalid')).exactOptional(),
});

export const campaignSpec = z.strictObject({
  name: nameSchema,
  /** Template name or Gupshup id; `name/language` when several languages share the name. */
  template: z.string().min(1),
  audience: audienceSchema,
  /** What the audience is called in messages: file name, list, "pipeline / stage". */
  audienceLabel: z.string(),
  /** One for each parameter of the template, in order. */
  parameters: parametersSchema,
  /** https link for an IMAGE, VIDEO or DOCUMENT header. */
  mediaUrl: mediaUrlSchema.exactOptional(),
  /** How fast it sends; absent = as fast as its sender may. */
  pace: paceSchema.exactOptional(),
  /** When it may send; absent = as the settings say when it is created, which may be `any` time too. */
  hours: z.union([z.literal('any'), hoursSchema]).exactOptional(),
  /** Messages that WhatsApp holds back (131049) go again on later days; absent = they do not. */
  laterWaves: z
    .strictObject({
      /** How often a message goes again at most. */
      max: z.int().positive(),
      /** No wave after this, ISO 8601. */
      until: z.iso.datetime({ offset: true }).exactOptional(),
    })
    .exactOptional(),
  /** What becomes of it when it cannot start on time; absent = it asks an hour after its time. */
  lateStart: z
    .strictObject({
      policy: z.enum(LATE_POLICIES),
      /** How much later than planned is late. */
      afterMs: z.number().nonnegative(),
    })
    .exactOptional(),
  /** What colleagues should know of it, in free words; never in Temporal. Phone numbers in it are hidden. */
  note: noteSchema.exactOptional(),
});

export type CampaignSpec = z.infer<typeof campaignSpec>;

/** What a spec says besides whom the campaign is for and what it is called. */
export type CampaignOptions = Omit<CampaignSpec, 'name' | 'template' | 'audience' | 'audienceLabel' | 'parameters'>;

export type SendingHours = z.infer<typeof hoursSchema>;
export type Pace = z.infer<typeof paceSchema>;

/** All that is wrong with a spec as it stands, in the order of its fields; what the things that it names are like is not asked. */
export function specProblems(spec: unknown): SpecProblem[] {
  return problemsIn(campaignSpec.safeParse(spec, { reportInput: true }));
}

/** One option as somebody typed it: as the schema reads it, or what is wrong with it. */
export function readOption<K extends keyof CampaignOptions>(
  option: K,
  value: unknown,
): { value: NonNullable<CampaignOptions[K]> } | { problem: SpecProblem } {
  const read = campaignSpec.shape[option].safeParse(value);
  const [problem] = problemsIn(read);
  return problem ? { problem } : { value: read.data as NonNullable<CampaignOptions[K]> };
}

/** What is wrong with a name alone. */
export function nameProblem(name: string): SpecProblem | undefined {
  return problemsIn(nameSchema.safeParse(name))[0];
}

/** What is wrong with sending hours alone. */
export function sendingHoursProblem(hours: SendingHours): SpecProblem | undefined {
  return problemsIn(hoursSchema.safeParse(hours))[0];
}

function problemsIn({ error }: z.ZodSafeParseResult<unknown>): SpecProblem[] {
  const problems = error?.issues.map(problemOf) ?? [];
  // A part that is wrong in several places is told once.
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

/** For a check of zod's own: what it refuses earns this code, with the value. */
function as(code: SpecProblemCode): { error: string } {
  return { error: code };
}

/** A check of ours, which says what its value earns. */
function earns<T>(problemWith: (value: T) => SpecProblem | undefined): (value: T, context: z.RefinementCtx<T>) => void {
  return (value, context) => {
    const problem = problemWith(value);
    if (problem) context.addIssue({ code: 'custom', message: problem.code, params: { ...problem } });
  };
}
