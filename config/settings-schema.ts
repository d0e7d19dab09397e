/**
 * The settings' schema: what each value must be, its default, and which service needs it. `.env.example` explains each.
 */
import { resolve } from 'node:path';
import { type CountryCode, getCountries } from 'libphonenumber-js';
import { z } from 'zod';
import { readTimeOfDay } from '../domain/digest';
import { readLimit } from '../domain/messaging-limit';
import { CONSENT_DEMANDS } from '../domain/opt-outs/consent';
import { DEFAULT_OPT_OUT_WORDS } from '../domain/opt-outs/opt-out-words';
import { readResultDays, RESULT_DAYS } from '../domain/results';
import { readWriteBack } from '../domain/story/write-back';
import { readCategories } from '../domain/templates/template';
import { readDates, readDays, readHours } from '../domain/times/sending-hours-text';
import { canonicalZone } from '../domain/times/zone';
import { readEncryptionKeys } from './encryption-keys';
import { readProxy } from './proxy-address';
import { doubledSenders } from './senders';
import { readSendersFile, senderCap, senderNumber, type FileSender } from './senders-file';

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
/** https, or http on this machine, where the sandbox is. */
const linksUrl = url.refine(
  (value) => /^https:|^http:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(value),
  'expected an https address, such as https://go.example.com',
);
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
/** The path of the file; each problem in it is one of the setting. */
const senders = text.transform((path, context): FileSender[] => {
  const read = readSendersFile(resolve(path));
  if ('senders' in read) return read.senders;
  for (const { path: where, message } of read.problems) {
    const place = where.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
    // Its own word of what was got, or a key would be shown: no path, no value.
    context.addIssue({ code: 'custom', path: ['file'], message: place ? `${place}: ${message}` : message });
  }
  return z.NEVER;
});
const port = z.coerce.number().int().min(0).max(65535);

/** As OpenTelemetry writes them: values percent-encoded. */
function readHeaders(value: string): Record<string, string> | undefined {
  const pairs = value.split(',').map((pair) => /^\s*([\w-]+)\s*=\s*(\S.*?)\s*$/.exec(pair));
  try {
    return Object.fromEntries(pairs.map((pair) => [pair![1]!, decodeURIComponent(pair![2]!)]));
  } catch {
    return undefined;
  }
}

/** A certificate or key as text. */
const pem = (what: string) =>
  text.refine(
    (value) => new RegExp(`-----BEGIN ([A-Z]+ )?${what}-----[\\s\\S]+-----END ([A-Z]+ )?${what}-----`).test(value),
    `expected a ${what.toLowerCase()} in PEM, from -----BEGIN … to -----END …`,
  );
/** As Temporal takes them. */
const deploymentName = text.regex(/^[\w-][\w.-]{0,99}$/, 'expected letters, digits, or - _ .');

/** A number of days; fewer than `least` would take away what sending or settling still asks for. */
const days = (least: number, most = 36_500) => z.coerce.number().int().min(least).max(most);

/** Each group is what one service needs. A role asks for the groups it uses. */
export const GROUPS = {
  telegram: z
    .object({
      TELEGRAM_BOT_TOKEN: text.regex(/^\d+:[\w-]+$/, 'expected a token like 123456:ABC-def'),
      TELEGRAM_API_ROOT: url.default('https://api.telegram.org'),
      ADMIN_IDS: ids,
      /** Through which every call to Telegram goes; absent = straight. May hold a password. */
      TELEGRAM_PROXY: readable(
        readProxy,
        'http://, https:// or socks5://, a host and a port, before them user:password@ if the proxy asks (signs such as @ in them percent-encoded)',
      ).optional(),
      /** Where Telegram reaches the bot's own server; absent = the bot asks Telegram for updates (polling). */
      TELEGRAM_WEBHOOK_URL: url.optional(),
      /** What Telegram then sends with every update. */
      TELEGRAM_WEBHOOK_SECRET: text.regex(/^[\w-]{16,256}$/, 'expected 16 to 256 letters, digits, or - _').optional(),
      TELEGRAM_WEBHOOK_HOST: text.default('0.0.0.0'),
      TELEGRAM_WEBHOOK_PORT: port.default(8084),
    })
    .refine((s) => (s.TELEGRAM_WEBHOOK_URL === undefined) === (s.TELEGRAM_WEBHOOK_SECRET === undefined), {
      path: ['TELEGRAM_WEBHOOK_SECRET'],
      // Also when another setting of the group is wrong: all problems are listed together.
      when: () => true,
      message: 'give TELEGRAM_WEBHOOK_URL and TELEGRAM_WEBHOOK_SECRET, or neither',
    }),
  gupshup: z
    .object({
      GUPSHUP_API_KEY: text,
      GUPSHUP_APP_NAME: text,
      GUPSHUP_APP_ID: text,
      GUPSHUP_SOURCE: senderNumber,
      GUPSHUP_BASE_URL: url.default('https://api.gupshup.io'),
      /** Messages a second over all workers and campaigns of this sender. */
      GUPSHUP_SENDS_PER_SECOND: senderCap.default(20),
      /** The other senders, read from this file; absent = the one above is the only one. */
      SENDERS_FILE: senders.optional(),
      /**
       * Different people in a moving 24 hours over all numbers of the portfolio; absent = as Gupshup's events report it.
       */
      MESSAGING_LIMIT: readable(readLimit, 'a whole number such as 2000, or unlimited').optional(),
      /** So many people of that limit campaigns leave to tests and single messages; half of the limit at most. */
      MESSAGING_KEPT: z.coerce.number().int().nonnegative().default(0),
    })
    .superRefine(
      (given, context) => {
        for (const message of doubledSenders(given)) {
          context.addIssue({ code: 'custom', path: ['SENDERS_FILE', 'file'], message });
        }
      },
      // Also when another setting is wrong: all problems are listed together.
      { when: () => true },
    ),
  /** All absent: amoCRM is not used. */
  amocrm: z
    .object({
      AMOCRM_BASE_URL: url.optional(),
      AMOCRM_TOKEN: text.optional(),
      AMOCRM_CLIENT_ID: text.optional(),
      AMOCRM_CLIENT_SECRET: text.optional(),
      AMOCRM_REDIRECT_URI: url.optional(),
      /** What is written to amoCRM after every campaign; absent = nothing. */
      AMOCRM_WRITE_BACK: readable(
        readWriteBack,
        'note, tag:NAME, move:PIPELINE:STATUS (ids), task, or some of them',
      ).optional(),
    })
    .refine((s) => s.AMOCRM_BASE_URL ?? Object.values(s).every((value) => value === undefined), {
      path: ['AMOCRM_BASE_URL'],
      // Also when another setting of the group is wrong: all problems are listed together.
      when: () => true,
      message: 'is missing',
    })
    .refine(hasAmocrmAccess, {
      path: ['AMOCRM_TOKEN'],
      when: () => true,
      message: 'give AMOCRM_TOKEN, or all of AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET, AMOCRM_REDIRECT_URI',
    }),
  temporal: z
    .object({
      TEMPORAL_ADDRESS: text.regex(/^[^\s:/]+:\d+$/, 'expected host:port'),
      TEMPORAL_NAMESPACE: text.default('default'),
      TEMPORAL_API_KEY: text.optional(),
      /** Absent: on when an API key, a CA, a certificate or a server's name is given. */
      TEMPORAL_TLS: z.enum(['on', 'off']).optional(),
      /** Who has signed the server's certificate; absent: somebody whom the system trusts. */
      TEMPORAL_TLS_CA: pem('CERTIFICATE').optional(),
      /** The client's own, for mTLS. */
      TEMPORAL_TLS_CERT: pem('CERTIFICATE').optional(),
      TEMPORAL_TLS_KEY: pem('PRIVATE KEY').optional(),
      /** The name in the server's certificate, where it is not the address's. */
      TEMPORAL_TLS_SERVER_NAME: text.optional(),
      /** Encrypts what is stored in Temporal; absent = nothing. */
      TEMPORAL_ENCRYPTION_KEYS: readable(
        readEncryptionKeys,
        'keys such as 2026-11:… of 32 bytes in base64 (`openssl rand -base64 32`), the one in use first, separated by commas',
      ).optional(),
      /** The Worker Deployment and the build that this worker is; absent = no Worker Versioning. */
      TEMPORAL_DEPLOYMENT: deploymentName.optional(),
      TEMPORAL_BUILD_ID: deploymentName.optional(),
    })
    .superRefine(
      (given, context) => {
        const pairs = [
          ['TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY'],
          ['TEMPORAL_DEPLOYMENT', 'TEMPORAL_BUILD_ID'],
        ] as const;
        for (const [one, other] of pairs) {
          if ((given[one] === undefined) === (given[other] === undefined)) continue;
          context.addIssue({ code: 'custom', path: [other], message: `give ${one} and ${other}, or neither` });
        }
      },
      // Also when another setting is wrong: all problems are listed together.
      { when: () => true },
    ),
  /** The codec server, which decrypts for the Temporal UI. */
  codec: z.object({
    CODEC_HOST: text.default('127.0.0.1'),
    CODEC_PORT: port.default(8085),
    /** Absent only where the codec server does not run. */
    CODEC_TOKEN: text.regex(/^[\w.~-]{24,200}$/, 'expected 24 to 200 letters, digits, or - _ . ~').optional(),
    /** Where the Temporal UI is opened, which alone may ask from a browser. */
    CODEC_UI_ORIGIN: url.default('http://127.0.0.1:8233'),
  }),
  mongodb: z.object({
    MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\//, 'expected mongodb://… or mongodb+srv://…'),
  }),
  webhooks: z.object({
    WEBHOOK_HOST: text.default('0.0.0.0'),
    WEBHOOK_PORT: port.default(8080),
    /** Part of a path, unescaped. */
    WEBHOOK_SECRET: text.refine(
      (value) => webhookSecrets(value) !== undefined,
      'expected 24 to 200 letters, digits, or - _ . ~, or two such secrets, the new and the old, with a comma between',
    ),
    PUBLIC_URL: url.optional(),
  }),
  /** The redirect role's own; it runs only where LINKS_URL is set. */
  links: z.object({
    LINKS_HOST: text.default('0.0.0.0'),
    LINKS_PORT: port.default(8087),
    /** Where unknown codes lead; absent = a short page that says so. */
    LINKS_UNKNOWN_URL: z.url({ protocol: /^https$/ }).optional(),
  }),
  /** What every role has; each with a default. */
  common: z.object({
    BOBCOFER_HOME: text.default('.bobcofer').transform((path) => resolve(path)),
    DEFAULT_COUNTRY: text
      .toUpperCase()
      .refine((code) => (getCountries() as string[]).includes(code), 'expected a two-letter country code such as RU')
      .transform((code) => code as CountryCode)
      .default('RU'),
    DEFAULT_TIMEZONE: readable(canonicalZone, 'an IANA time zone such as Europe/Moscow').default('Europe/Moscow'),
    /**
     * Of recipients whose number does not tell where they are; absent = the campaign's, which is DEFAULT_TIMEZONE
     * unless it names one.
     */
    RECIPIENT_TIMEZONE: readable(canonicalZone, 'an IANA time zone such as Asia/Yekaterinburg').optional(),
    DEFAULT_LANGUAGE: z.enum(['ru', 'en']).default('ru'),
    /**
     * Health and metrics of a role, which nobody outside needs to reach; the port's default is the role's
     * (config/health.ts).
     */
    HEALTH_HOST: text.default('127.0.0.1'),
    HEALTH_PORT: port.optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    /** Where traces are sent (OTLP over HTTP); absent = there are none. */
    OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
    /** Of every request to it. */
    OTEL_EXPORTER_OTLP_HEADERS: readable(readHeaders, 'name=value, separated by commas').optional(),
    /** The share of traces that are recorded. */
    OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
    /** Settling ends when no receipt has arrived for this long (seconds)… */
    SETTLE_QUIET_SECONDS: z.coerce.number().positive().default(600),
    /** …or after this long in any case (seconds). */
    SETTLE_MAX_SECONDS: z.coerce.number().positive().default(86_400),
    /** When campaigns may send that name no hours of their own: hours, ISO weekdays, dates to leave out. */
    SENDING_HOURS: readable(readHours, 'hours such as 09:00-20:00').optional(),
    /** The same for marketing, on the recipients' clocks, where SENDING_HOURS and SENDING_DAYS are not set. */
    MARKETING_HOURS: readable(
      (typed) => (/^any$/i.test(typed.trim()) ? ('any' as const) : readHours(typed)),
      'hours such as 09:00-21:00, or any',
    ).optional(),
    SENDING_DAYS: readable(readDays, 'days from 1 (Monday) to 7 such as 1-5,7').optional(),
    SENDING_HOLIDAYS: readable(readDates, 'dates such as 2026-12-31, separated by commas').optional(),
    /** Somebody's first campaign to so many people asks for their number to be typed in the bot; 0 = none does. */
    LARGE_SEND_PEOPLE: z.coerce.number().int().nonnegative().default(1000),
    /** While the last campaign of a series still sends: leave the next one out, or start it too. */
    SERIES_OVERLAP: z.enum(['skip', 'allow']).default('skip'),
    /** A campaign to more people than this, … */
    APPROVAL_PEOPLE: z.coerce.number().int().positive().optional(),
    /** … that may cost more than this (USD), … */
    APPROVAL_COST: z.coerce.number().positive().optional(),
    /** … or of these categories needs a second person's yes… */
    APPROVAL_CATEGORIES: readable(
      readCategories,
      'marketing, utility or authentication, separated by commas',
    ).optional(),
    /** …within this many hours; else it is cancelled. */
    APPROVAL_HOURS: z.coerce
      .number()
      .positive()
      .max(24 * 30)
      .default(24),
    /** When the team gets its daily digest; `off` = never. */
    DIGEST_AT: readable(
      (value) => (value.toLowerCase() === 'off' ? 'off' : readTimeOfDay(value)),
      'a time of day such as 09:00, or off',
    )
      .default('09:00')
      .transform((value) => (value === 'off' ? undefined : value)),
    /** The team is told of a wallet with less (USD). */
    WALLET_ALERT_BELOW: z.coerce.number().nonnegative().default(10),
    /** Which messages need a recorded consent of the person. */
    REQUIRE_CONSENT: z.enum(CONSENT_DEMANDS).default('none'),
    /** Maximum marketing messages per person across all campaigns… */
    FREQUENCY_CAP_MESSAGES: z.coerce.number().int().positive().optional(),
    /** …within this many days. */
    FREQUENCY_CAP_DAYS: z.coerce.number().positive().default(7),
    /**
     * What opts out of marketing and what takes it back, besides what is understood anyway
     * (domain/opt-outs/opt-out-grammar.ts).
     */
    STOP_WORDS: words.default([...DEFAULT_OPT_OUT_WORDS.stop]),
    START_WORDS: words.default([...DEFAULT_OPT_OUT_WORDS.start]),
    STOP_BUTTONS: words.default([...DEFAULT_OPT_OUT_WORDS.stopButtons]),
    /** Days after which data that identifies people is removed (store/retention.ts); absent = kept. */
    RETENTION_DAYS_DELIVERIES: days(30).optional(),
    RETENTION_DAYS_CONTACTS: days(1).optional(),
    RETENTION_DAYS_LISTS: days(1).optional(),
    RETENTION_DAYS_REPLIES: days(1).optional(),
    /** Not longer: the database removes them itself after 30 days. */
    RETENTION_DAYS_RECEIPTS: days(2, 30).default(30),
    /** The address under which tracked links are opened, such as https://go.example.com; absent = there are none. */
    LINKS_URL: linksUrl.optional(),
    /** Days after its end on which the leads of every campaign are read again, for what came of them; absent = of none. */
    RESULTS_DAYS: readable(
      readResultDays,
      `up to ${RESULT_DAYS.most} days from 1 to ${RESULT_DAYS.last}, ascending, such as 1,7,30`,
    ).optional(),
    /** The table of prices for estimates, in place of config/prices.json. */
    PRICES_FILE: text.transform((path) => resolve(path)).optional(),
  }),
};

/** A token or the whole OAuth triple; neither where amoCRM is not used. */
function hasAmocrmAccess(given: Record<string, unknown>): boolean {
  const oauth = ['AMOCRM_CLIENT_ID', 'AMOCRM_CLIENT_SECRET', 'AMOCRM_REDIRECT_URI'];
  if (given['AMOCRM_TOKEN'] !== undefined || oauth.every((name) => given[name] !== undefined)) return true;
  return Object.values(given).every((value) => value === undefined);
}

/** Every setting there is. */
export const SETTING_NAMES: readonly string[] = Object.values(GROUPS).flatMap((group) => Object.keys(group.shape));

/** Settings that are secrets, or long: each can be given as a file that holds it, named by `<NAME>_FILE`. */
export const SECRET_NAMES = [
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_WEBHOOK_SECRET',
  'TELEGRAM_PROXY',
  'GUPSHUP_API_KEY',
  'AMOCRM_TOKEN',
  'AMOCRM_CLIENT_SECRET',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CA',
  'TEMPORAL_TLS_CERT',
  'TEMPORAL_TLS_KEY',
  'TEMPORAL_ENCRYPTION_KEYS',
  'CODEC_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'MONGODB_URI',
  'WEBHOOK_SECRET',
] as const;
export const SECRET_FILE_NAMES: readonly string[] = SECRET_NAMES.map((name) => `${name}_FILE`);

export type Groups = { [G in keyof typeof GROUPS]: z.output<(typeof GROUPS)[G]> };
export type SettingsGroup = Exclude<keyof Groups, 'common'>;
export type Settings<G extends SettingsGroup = SettingsGroup> = Groups['common'] & Pick<Groups, G>;

/** Stands in a path, unescaped. */
const SECRET = /^[\w.~-]{24,200}$/;

export interface WebhookSecrets {
  /** The one that Gupshup is given. */
  current: string;
  /** All that open. */
  all: string[];
}

/** Undefined when it is not one secret, or two. */
export function webhookSecrets(value: string): WebhookSecrets | undefined {
  const all = value.split(',').map((secret) => secret.trim());
  const [current] = all;
  return current !== undefined && all.length <= 2 && all.every((secret) => SECRET.test(secret))
    ? { current, all }
    : undefined;
}
