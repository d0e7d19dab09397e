/**
 * The settings: one schema, read once at start, all problems listed together (design §7).
 *
 * A value comes from, first hit wins: the environment, the file `.env` in the working folder,
 * and `settings` in `<BOBCOFER_HOME>/stack.json`, which a running local stack writes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { getCountries, type CountryCode } from 'libphonenumber-js';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { CONSENT_DEMANDS } from '../domain/consent';
import { DEFAULT_OPT_OUT_WORDS } from '../domain/opt-out-words';
import { readLimit } from '../domain/messaging-limit';
import { readDates, readDays, readHours } from '../domain/sending-hours-text';
import { readWriteBack } from '../domain/write-back';

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const ids = text.transform((value, context) => {
  const parts = value.split(',').map((part) => part.trim());
  const numbers = parts.map(Number);
  if (numbers.some((n) => !Number.isSafeInteger(n) || n === 0)) {
    context.addIssue({ code: 'custom', message: 'expected Telegram ids as whole numbers, separated by commas' });
    return z.NEVER;
  }
  return numbers;
});
const words = text.transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean),
);
/** A text that `read` understands; `expected` says what it would have understood. */
const readable = <T>(read: (value: string) => T | undefined, expected: string) =>
  text.transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });
const port = z.coerce.number().int().min(0).max(65535);

/** Each group is what one service needs. A role asks for the groups it uses. */
const GROUPS = {
  telegram: z.object({
    TELEGRAM_BOT_TOKEN: text.regex(/^\d+:[\w-]+$/, 'expected a token like 123456:ABC-def'),
    TELEGRAM_API_ROOT: url.default('https://api.telegram.org'),
    ADMIN_IDS: ids,
  }),
  gupshup: z.object({
    GUPSHUP_API_KEY: text,
    GUPSHUP_APP_NAME: text,
    GUPSHUP_APP_ID: text,
    GUPSHUP_SOURCE: text.regex(/^\d{7,15}$/, 'expected digits with the country code, no +'),
    GUPSHUP_BASE_URL: url.default('https://api.gupshup.io'),
    /** Messages a second over all workers and campaigns of this sender. */
    GUPSHUP_SENDS_PER_SECOND: z.coerce.number().positive().max(1000).default(20),
    /** Different people in a moving 24 hours over all numbers of the portfolio; absent = as Gupshup's events report it. */
    MESSAGING_LIMIT: readable(readLimit, 'a whole number such as 2000, or unlimited').optional(),
  }),
  amocrm: z
    .object({
      AMOCRM_BASE_URL: url,
      AMOCRM_TOKEN: text.optional(),
      AMOCRM_CLIENT_ID: text.optional(),
      AMOCRM_CLIENT_SECRET: text.optional(),
      AMOCRM_REDIRECT_URI: url.optional(),
      /** What amoCRM gets to hear of every campaign that ends; absent = nothing. */
      AMOCRM_WRITE_BACK: readable(
        readWriteBack,
        'note, tag:NAME, move:PIPELINE:STATUS (ids), task, or some of them',
      ).optional(),
    })
    .refine((s) => s.AMOCRM_TOKEN ?? (s.AMOCRM_CLIENT_ID && s.AMOCRM_CLIENT_SECRET && s.AMOCRM_REDIRECT_URI), {
      path: ['AMOCRM_TOKEN'],
      // Also when another setting of the group is wrong: all problems are listed together.
      when: () => true,
      message: 'give AMOCRM_TOKEN, or all of AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET, AMOCRM_REDIRECT_URI',
    }),
  temporal: z.object({
    TEMPORAL_ADDRESS: text.regex(/^[^\s:/]+:\d+$/, 'expected host:port'),
    TEMPORAL_NAMESPACE: text.default('default'),
    TEMPORAL_API_KEY: text.optional(),
  }),
  mongodb: z.object({
    MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\//, 'expected mongodb://… or mongodb+srv://…'),
  }),
  webhooks: z.object({
    WEBHOOK_HOST: text.default('0.0.0.0'),
    WEBHOOK_PORT: port.default(8080),
    /** It stands in a path, unescaped. */
    WEBHOOK_SECRET: text.regex(/^[\w.~-]{8,200}$/, 'expected 8 to 200 letters, digits, or - _ . ~'),
    PUBLIC_URL: url.optional(),
    /** Messages that opt out of marketing, and those that take it back; buttons besides those with a STOP word. */
    STOP_WORDS: words.default([...DEFAULT_OPT_OUT_WORDS.stop]),
    START_WORDS: words.default([...DEFAULT_OPT_OUT_WORDS.start]),
    STOP_BUTTONS: words.default([...DEFAULT_OPT_OUT_WORDS.stopButtons]),
  }),
  /** What every role has; each with a default. */
  common: z.object({
    BOBCOFER_HOME: text.default('.bobcofer').transform((path) => resolve(path)),
    DEFAULT_COUNTRY: text
      .toUpperCase()
      .refine((code) => (getCountries() as string[]).includes(code), 'expected a two-letter country code such as RU')
      .transform((code) => code as CountryCode)
      .default('RU'),
    DEFAULT_TIMEZONE: text
      .refine((zone) => IANAZone.isValidZone(zone), 'expected an IANA time zone such as Europe/Moscow')
      .default('Europe/Moscow'),
    DEFAULT_LANGUAGE: z.enum(['ru', 'en']).default('ru'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    /** Settling ends when no receipt has come for this long (seconds)… */
    SETTLE_QUIET_SECONDS: z.coerce.number().positive().default(600),
    /** …or after this long in any case (seconds). */
    SETTLE_MAX_SECONDS: z.coerce.number().positive().default(86_400),
    /** When campaigns may send that name no hours of their own: hours, ISO weekdays, dates to leave out. */
    SENDING_HOURS: readable(readHours, 'hours such as 09:00-20:00').optional(),
    SENDING_DAYS: readable(readDays, 'days from 1 (Monday) to 7 such as 1-5,7').optional(),
    SENDING_HOLIDAYS: readable(readDates, 'dates such as 2026-12-31, separated by commas').optional(),
    /** While the last campaign of a series still sends: leave the next one out, or start it too. */
    SERIES_OVERLAP: z.enum(['skip', 'allow']).default('skip'),
    /** Which messages need a recorded consent of the person. */
    REQUIRE_CONSENT: z.enum(CONSENT_DEMANDS).default('none'),
    /** At most so many marketing messages to a person over all campaigns… */
    FREQUENCY_CAP_MESSAGES: z.coerce.number().int().positive().optional(),
    /** …in so many days. */
    FREQUENCY_CAP_DAYS: z.coerce.number().positive().default(7),
    /** The table of prices for estimates, in place of config/prices.json. */
    PRICES_FILE: text.transform((path) => resolve(path)).optional(),
  }),
};

/** Every setting there is; `.env.example` explains each. */
export const SETTING_NAMES: readonly string[] = Object.values(GROUPS).flatMap((group) => Object.keys(group.shape));

type Groups = { [G in keyof typeof GROUPS]: z.output<(typeof GROUPS)[G]> };
export type SettingsGroup = Exclude<keyof Groups, 'common'>;
export type Settings<G extends SettingsGroup = SettingsGroup> = Groups['common'] & Pick<Groups, G>;

/** One wrong or missing setting: its name, what was expected, what was got (secrets shortened). */
export interface SettingProblem {
  name: string;
  problem: string;
}

/** Thrown by `readSettings`; the message lists every problem, a line each, and says what to do. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    super(
      [
        'Wrong settings:',
        ...problems.map(({ name, problem }) => `  ${name}: ${problem}`),
        '.env.example explains each.',
      ].join('\n'),
    );
    this.name = 'SettingsError';
  }
}

/** `<BOBCOFER_HOME>/stack.json`, written by `npm start` once everything answers. */
export interface StackFile {
  temporalAddress: string;
  temporalUi: string;
  mongodbUri: string;
  webhooksUrl: string;
  chatUrl: string;
  /** Process id of each role: temporal, mongodb, sandbox, worker, bot, webhooks, start. */
  processes: Record<string, number>;
  /** Settings of the local stand-ins, by variable name. */
  settings: Record<string, string>;
}

/** The running (or last) local stack of this home, if one was ever started. */
export function readStackFile(home: string): StackFile | undefined {
  const path = join(home, 'stack.json');
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StackFile;
  } catch (cause) {
    throw new Error(`cannot read ${path}: expected JSON as npm start writes it; delete the file and start anew`, {
      cause,
    });
  }
}

/**
 * Reads and validates the groups a role needs, plus the common ones.
 * Throws `SettingsError` with every problem found, never just the first.
 */
export function readSettings<G extends SettingsGroup>(
  groups: readonly G[],
  environment: NodeJS.ProcessEnv = process.env,
): Settings<G> {
  const { read, problems } = readGroups(['common', ...groups], allValues(environment));
  if (problems.length > 0) throw new SettingsError(problems);
  const { common, ...rest } = read;
  return { ...common, ...rest } as Settings<G>;
}

/** What can be said about all settings at once, for `doctor`. */
export interface ExaminedSettings {
  /** The groups without a problem. */
  groups: Partial<Groups>;
  /** Of every group. */
  problems: SettingProblem[];
  /** Where the value of each setting that has one comes from; no values. */
  sources: Record<string, 'environment' | '.env' | 'stack.json'>;
}

/** Reads every group; nothing is thrown for a wrong setting. Rejects a stack.json that is no JSON, as `readStackFile` does. */
export function examineSettings(environment: NodeJS.ProcessEnv = process.env): ExaminedSettings {
  const values = allValues(environment);
  const { read: groups, problems } = readGroups(Object.keys(GROUPS) as (keyof Groups)[], values);
  const given = givenSettings(environment);
  const sources = SETTING_NAMES.filter((name) => values[name] !== undefined).map((name) => [
    name,
    given[name] === undefined ? 'stack.json' : environment[name]?.trim() ? 'environment' : '.env',
  ]);
  return { groups, problems, sources: Object.fromEntries(sources) as ExaminedSettings['sources'] };
}

function readGroups(
  groups: readonly (keyof Groups)[],
  values: Record<string, string | undefined>,
): { read: Partial<Groups>; problems: SettingProblem[] } {
  const results = groups.map((group) => ({ group, result: GROUPS[group].safeParse(values) }));
  const read = results.flatMap(({ group, result }) => (result.success ? [[group, result.data]] : []));
  const problems = results.flatMap(({ result }) =>
    (result.error?.issues ?? []).map(({ path, message }) => {
      const name = String(path[0]);
      return { name, problem: describe(name, values[name], message) };
    }),
  );
  return { read: Object.fromEntries(read) as Partial<Groups>, problems };
}

/** What the user has set: the environment before `.env`; an empty string counts as absent. */
export function givenSettings(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const dotEnv = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...withoutEmpty(dotEnv), ...withoutEmpty(environment) };
}

/** All values by the order of precedence. */
function allValues(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const given = givenSettings(environment);
  const stack = readStackFile(resolve(given['BOBCOFER_HOME'] ?? '.bobcofer'));
  return { ...stack?.settings, ...given };
}

function withoutEmpty(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]?.trim()));
}

const SECRET = /TOKEN|KEY|SECRET|URI/;

function describe(name: string, value: string | undefined, message: string): string {
  if (value === undefined) return 'is missing';
  return `${message}, got ${SECRET.test(name) ? `a value of ${value.length} characters` : JSON.stringify(value)}`;
}
