/**
 * Renders a campaign's spec in words: the same lines on the bot's cards, in the console, in reports and in the Temporal
 * UI. A schema option without words here does not compile. Also renders durations and sending hours.
 */
import { DateTime, Info } from 'luxon';
import type { CampaignOptions } from '../domain/campaign-spec';
import { stageText } from '../domain/reply-orders';
import { DEFAULT_LATE_START } from '../domain/story/late-start';
import { withoutNumbers } from '../domain/story/number-like';
import type { SendingHours } from '../domain/times/sending-hours';
import { letterOf, sharesOf } from '../domain/variants';
import { countryText, numberText, zoneText } from './formats';
import { type Language, translate } from './i18n';

/** How things are said. */
export interface Wording {
  language: Language;
  /** IANA zone in which times are shown. */
  timezone: string;
  /** The sender's cap, messages a second, where it is known. */
  cap?: number;
}

/** One option in words; no markup in it. */
export interface OptionLine {
  option: keyof CampaignOptions;
  /** An emoji, for places without room for tables. */
  sign: string;
  label: string;
  text: string;
}

interface Saying<T> {
  sign: string;
  /** Also shown in the Temporal UI, where nothing that people typed may stand. */
  inTemporal: boolean;
  /** Undefined for what need not be said. */
  text(value: T, wording: Wording): string | undefined;
}

/** In the order in which they are shown. */
const SAYINGS: { [K in keyof CampaignOptions]-?: Saying<NonNullable<CampaignOptions[K]>> } = {
  hours: {
    sign: '🕘',
    inTemporal: true,
    text: (hours, { language }) => (hours === 'any' ? undefined : hoursText(hours, language)),
  },
  pace: {
    sign: '⚡️',
    inTemporal: true,
    text: ({ ratePerSecond, spreadMs }, { language, cap = Infinity }) => {
      const say = (key: string, values = {}): string => translate(language, `words.options.pace.${key}`, values);
      if (spreadMs) return say('spread', { span: spanText(spreadMs / 1000, language) });
      if (ratePerSecond && ratePerSecond < cap) return say('rate', { rate: ratePerSecond });
      return cap === Infinity ? say('fastest') : say('fastestOf', { cap });
    },
  },
  laterWaves: {
    sign: '🌊',
    inTemporal: true,
    text: ({ max, until }, { language, timezone }) => {
      const say = (key: string, values: Record<string, string | number>): string =>
        translate(language, `words.options.laterWaves.${key}`, values);
      const most = say('most', { count: max });
      if (!until) return say('forWhat', { most });
      const at = DateTime.fromISO(until, { zone: timezone }).setLocale(language).toFormat('d MMMM yyyy, HH:mm');
      return say('forWhat', { most: say('until', { most, at: `${at} (${zoneText(timezone, language)})` }) });
    },
  },
  neverReads: {
    sign: '🙈',
    inTemporal: true,
    text: ({ campaigns }, { language }) => translate(language, 'words.options.neverReads.text', { count: campaigns }),
  },
  withoutCountries: {
    sign: '🌍',
    inTemporal: true,
    text: (countries, { language }) =>
      translate(language, 'words.options.withoutCountries.text', {
        countries: countries.map((country) => countryText(country, language)).join(', '),
      }),
  },
  canary: {
    sign: '🐤',
    inTemporal: true,
    text: ({ people, waitMs, goOn }, { language }) =>
      translate(language, `words.options.canary.${goOn}`, { people, span: spanText(waitMs / 1000, language) }),
  },
  lateStart: {
    sign: '⏰',
    inTemporal: true,
    text: ({ policy }, { language }) =>
      policy === DEFAULT_LATE_START.policy ? undefined : translate(language, `words.options.lateStart.${policy}`),
  },
  variants: {
    sign: '🆎',
    inTemporal: true,
    text: (variants, { language }) => {
      const shares = sharesOf(variants) ?? [];
      const names = [translate(language, 'words.options.variants.first'), ...variants.map(({ template }) => template)];
      return names
        .map((name, index) => `${letterOf(index)} ${name} ${numberText(Math.round(shares[index] ?? 0), language)} %`)
        .join(', ');
    },
  },
  winner: {
    sign: '🏆',
    inTemporal: true,
    text: ({ testPercent: percent, by, waitMs, ifChance, known }, { language }) => {
      const say = (key: string, values = {}): string => translate(language, `words.options.winner.${key}`, values);
      if (known !== undefined) return say('known', { letter: letterOf(known) });
      const span = spanText(waitMs / 1000, language);
      if (by === 'admin') return say('admin', { percent, span });
      return say('text', { percent, span, by: say(`by.${by}`), chance: say(ifChance) });
    },
  },
  followUps: {
    sign: '↪️',
    inTemporal: true,
    text: (steps, { language }) =>
      steps
        .map(({ to, afterMs, template }, index) =>
          translate(language, `words.options.followUps.step`, {
            ...{ step: index + 1, template },
            after: delayText(afterMs, language),
            to: translate(language, `words.followUpTo.${to}`),
          }),
        )
        .join('; '),
  },
  controlPercent: {
    sign: '🧪',
    inTemporal: true,
    text: (percent, { language }) => translate(language, 'words.options.controlPercent.text', { percent }),
  },
  // It means nothing to a reader.
  splitKey: { sign: '🧪', inTemporal: false, text: () => undefined },
  results: {
    sign: '💰',
    inTemporal: true,
    text: ({ days }, { language }) =>
      days.length === 0
        ? undefined
        : translate(language, 'words.options.results.text', { count: days.length, days: listText(days, language) }),
  },
  repliesTo: {
    sign: '💬',
    inTemporal: false,
    text: (people, { language }) => translate(language, 'words.options.repliesTo.people', { count: people.length }),
  },
  onReply: {
    sign: '🗂',
    inTemporal: false,
    text: ({ note, task, move }, { language }) => {
      const say = (key: string, values = {}): string => translate(language, `words.options.onReply.${key}`, values);
      return [
        ...(note ? [say('note')] : []),
        ...(task ? [say('task')] : []),
        ...(move
          ? [
              say(move.from ? 'moveFrom' : 'move', {
                stage: move.label ?? stageText(move),
                count: move.from?.length ?? 0,
              }),
            ]
          : []),
      ].join(', ');
    },
  },
  note: { sign: '📝', inTemporal: false, text: withoutNumbers },
  // The sample of the message shows it; a link may hold a secret.
  mediaUrl: { sign: '📎', inTemporal: false, text: () => undefined },
};

const OPTIONS = Object.keys(SAYINGS) as (keyof CampaignOptions)[];

/** One option in words; undefined when there is nothing to say. */
export function optionText<K extends keyof CampaignOptions>(
  option: K,
  value: NonNullable<CampaignOptions[K]>,
  wording: Wording,
): string | undefined {
  // The compiler does not see that the two belong to one option.
  const saying = SAYINGS[option] as Saying<NonNullable<CampaignOptions[K]>>;
  return saying.text(value, wording);
}

/** A line for each option that has something to say. */
export function optionLines(options: CampaignOptions, wording: Wording): OptionLine[] {
  return OPTIONS.flatMap((option) => lineOf(option, options, wording));
}

/** `Label: text` in English for the Temporal UI. */
export function temporalLines(options: CampaignOptions, timezone: string): string[] {
  return OPTIONS.filter((option) => SAYINGS[option].inTemporal)
    .flatMap((option) => lineOf(option, options, { language: 'en', timezone }))
    .map(({ label, text }) => `${label.toLowerCase()}: ${text}`);
}

function lineOf<K extends keyof CampaignOptions>(option: K, options: CampaignOptions, wording: Wording): OptionLine[] {
  const value = options[option];
  const text = value === undefined ? undefined : optionText(option, value, wording);
  if (text === undefined) return [];
  const label = translate(wording.language, `words.options.${option}.label`);
  return [{ option, sign: SAYINGS[option].sign, label, text }];
}

/** `1, 7 and 30`, `1, 7 и 30`. */
function listText(values: readonly number[], language: Language): string {
  return new Intl.ListFormat(language).format(values.map(String));
}

/** No markup in it. */
export function hoursText({ from, to, days, holidays, zone, timezone }: SendingHours, language: Language): string {
  return [
    from === '00:00' && to === '24:00' ? translate(language, 'words.hours.allDay') : `${from}–${to}`,
    ...(days.length < 7 ? [daysText(days, language)] : []),
    ...(holidays.length > 0 ? [translate(language, 'words.hours.holidays', { count: holidays.length })] : []),
    zone === 'recipient' ? translate(language, 'words.hours.recipient') : zoneText(timezone, language),
  ].join(', ');
}

/** `[1, 2, 3, 7]` → `Mon–Wed, Sun`. */
function daysText(days: readonly number[], language: Language): string {
  const names = Info.weekdays('short', { locale: language });
  const runs: number[][] = [];
  for (const day of [...days].sort()) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  return runs
    .map((run) =>
      (run.length > 2 ? [run[0]!, run.at(-1)!] : run).map((day) => names[day - 1]).join(run.length > 2 ? '–' : ', '),
    )
    .join(', ');
}

/** What stands after `about`: `45 seconds`, `3 minutes`, and longer spans as `spanText` has them. */
export function aboutText(seconds: number, language: Language): string {
  const minutes = Math.round(seconds / 60);
  if (seconds >= 60 && minutes >= 60) return spanText(seconds, language);
  const [unit, count] = seconds < 60 ? ['seconds', Math.max(1, Math.ceil(seconds))] : ['minutes', minutes];
  return translate(language, `words.durationAbout.${unit}`, { count: count as number });
}

/** `3 days`, `1 day`; what is no whole number of days as `spanText` has it. */
export function delayText(ms: number, language: Language): string {
  const days = ms / 86_400_000;
  return Number.isInteger(days)
    ? translate(language, 'words.duration.days', { count: days })
    : spanText(ms / 1000, language);
}

/** `45 s`, `3 min`, `1 h 20 min`. */
export function spanText(seconds: number, language: Language): string {
  const say = (key: string, values: Record<string, number>): string =>
    translate(language, `words.duration.${key}`, values);
  if (seconds < 60) return say('seconds', { seconds: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return say('minutes', { minutes });
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? say('wholeHours', { hours }) : say('hours', { hours, minutes: minutes % 60 });
}
