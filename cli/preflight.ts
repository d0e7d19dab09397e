/** Renders the preflight as text and as JSON. */
import type { Preflight } from '../campaigns/contract';
import { areTelling, shareText } from '../campaigns/countries';
import { mediaLabel } from '../domain/templates/uploaded-media';
import { explain, refusalOf, type Refusal } from '../config/errors';
import { countryText, dayText, moneySpanText, moneyText, numberText } from '../config/formats';
import { aboutText } from '../config/spec-text';
import { sourceOf, type AudienceSource, type ParameterSource } from '../domain/audience';
import type { CostEstimate } from '../domain/cost';
import { nightGuard } from '../domain/guards';
import type { FilledTemplate } from '../domain/templates/template';
import { letterOf } from '../domain/variants';
import { withHint } from '../domain/reading/transforms';
import { skipDetail } from '../report/columns';
import { ENGLISH, type Speech } from './speech';

/** The figures only, of a campaign that starts at `at`; the text version shows the messages. */
export function preflightDocument(preflight: Preflight, at: Date): object {
  const { total, sendable, skips, secondsToSend, hours, messagingRoom, cost, wallet, warnings, unclearNumbers } =
    preflight;
  const { countries } = preflight;
  const night = nightOf(preflight, at);
  return {
    audience: { total, sendable, skips },
    ...(preflight.variants && {
      variants: preflight.variants.map(({ template, people }) => ({ template: template.name, people })),
    }),
    ...(preflight.rest !== undefined && { rest: preflight.rest }),
    secondsToSend,
    ...(hours && { hours }),
    ...(messagingRoom && { messagingRoom }),
    ...(cost && { cost }),
    ...(preflight.wholeCost && { wholeCost: preflight.wholeCost }),
    ...(countries && { countries: countries.map(({ guard: _guard, ...one }) => one) }),
    ...(unclearNumbers && { unclearNumbers }),
    ...(wallet !== undefined && { wallet }),
    ...(night && { night: { ...night.values, code: night.code, message: explain(night, 'en') } }),
    warnings: warnings.map((one) => ({ code: one.code, message: explain(one, 'en') })),
  };
}

/** What hour it is where the people are when it starts at `at`, if that is worth a warning. */
function nightOf({ clocks = [], hours }: Preflight, at: Date): Refusal | undefined {
  const night = nightGuard(at, clocks, hours);
  return night && refusalOf(night);
}

/** Everything that blocks and, if no one is left, why each person was skipped. */
export function blockedText(
  preflight: Preflight,
  audience: AudienceSource,
  parameters: readonly ParameterSource[] = [],
  speech: Speech = ENGLISH,
): string {
  const why = preflight.total > 0 ? [countsText(preflight, speech), ...skipLines(preflight, audience, speech)] : [];
  return [
    ...preflight.blocking.map((refusal) => explain(refusal, speech.language)),
    ...readingLines(preflight, parameters, speech),
    ...why,
  ].join('\n');
}

/** How to choose a reading of a date or sum: the given parameter with a hint added. */
function readingLines({ unclear = [] }: Preflight, parameters: readonly ParameterSource[], { t }: Speech): string[] {
  return unclear.flatMap(({ position, column, readings }) =>
    readings.map(({ hint, value }) => {
      const source = parameters[position - 1];
      const steps = withHint((source?.kind === 'column' && source.transform) || [], hint).map((transform) =>
        [
          transform.name,
          ...('currency' in transform && transform.currency ? [transform.currency] : []),
          ...('decimal' in transform && transform.decimal ? [transform.decimal] : []),
          ...('order' in transform && transform.order ? [transform.order] : []),
        ].join(':'),
      );
      const param = [`${position}=column:${column}`, ...steps].join('|');
      return t('  --param "{{param}}" means {{value}}', { param, value });
    }),
  );
}

/** A refusal that does not block. */
export function warningText(one: Refusal, { t, language }: Speech): string {
  return t('Warning: {{warning}}', { warning: explain(one, language) });
}

/** Counts, some skipped people, the first message filled, time, cost, and warnings, of a campaign that starts at `at`. */
export function preflightText(
  preflight: Preflight,
  audience: AudienceSource,
  at: Date,
  speech: Speech = ENGLISH,
): string {
  const { t, language } = speech;
  const { sendable, secondsToSend, messagingRoom: room, cost, wholeCost, wallet, warnings } = preflight;
  const night = nightOf(preflight, at);
  const takes = t('Sending takes about {{duration}}.', { duration: aboutText(secondsToSend, language) });
  const beyond =
    room && sendable > room.left
      ? t(
          'The messaging limit of {{limit}} people in 24 hours has room for {{left}} of them now; the rest follow as room appears.',
          {
            limit: numberText(room.limit, language),
            left: numberText(room.left, language),
          },
        )
      : '';
  const kept =
    beyond && room?.kept
      ? t('Of the limit {{kept}} are kept for tests and single messages.', { kept: numberText(room.kept, language) })
      : '';
  return [
    [countsText(preflight, speech), takes, beyond, kept].filter(Boolean).join(' '),
    ...skipLines(preflight, audience, speech),
    ...variantTexts(preflight, speech),
    ...countryTexts(preflight, speech),
    ...firstOfEach(preflight).map(({ message }) => sampleText(message)),
    ...(cost ? [costText(cost, speech)] : []),
    ...(wholeCost
      ? [
          t('With its follow-ups: at most {{sum}}, should everybody get them all.', {
            sum: moneyText(wholeCost.to, wholeCost.currency, language),
          }),
        ]
      : []),
    ...(wallet !== undefined ? [t('Gupshup wallet: {{sum}}.', { sum: moneyText(wallet, 'USD', language) })] : []),
    ...[...(night ? [night] : []), ...warnings].map((one) => warningText(one, speech)),
  ].join('\n');
}

/** How many people get which template. */
function variantTexts({ variants = [], rest }: Preflight, { t, language }: Speech): string[] {
  const lines = variants.map(({ template, people }, variant) =>
    t('Variant {{variant}}, {{template}}: {{people}} people.', {
      variant: letterOf(variant),
      template: template.name,
      people: numberText(people, language),
    }),
  );
  if (rest) lines.push(t('What wins the test: {{people}} people.', { people: numberText(rest, language) }));
  return lines;
}

/** How many people of which country, and what the rules do there; nothing where all are of one and no rule speaks. */
function countryTexts({ countries = [] }: Preflight, { t, text, language }: Speech): string[] {
  if (!areTelling(countries)) return [];
  return countries.map(({ country, people, skipped, noConsent, action, lately }) => {
    const more = [
      ...(action === 'warn' ? [text('words.ruleActions.warn')] : []),
      ...(skipped > 0 ? [t('skipped by a rule {{count}}', { count: numberText(skipped, language) })] : []),
      ...(noConsent > 0 ? [t('without a consent {{count}}', { count: numberText(noConsent, language) })] : []),
      ...(lately
        ? [
            t('{{percent}} % of {{sent}} delivered in the last 30 days', {
              percent: shareText(lately, language),
              sent: numberText(lately.sent, language),
            }),
          ]
        : []),
    ].map((one) => `, ${one}`);
    return `  ${countryText(country, language)}: ${numberText(people, language)}${more.join('')}`;
  });
}

/** A message of each variant. */
function firstOfEach({ samples }: Preflight): Preflight['samples'] {
  return samples.filter((one, at) => samples.findIndex(({ variant }) => variant === one.variant) === at);
}

function countsText({ total, sendable, skips }: Preflight, speech: Speech): string {
  const { t, language } = speech;
  const [people, toMessage] = [total, sendable].map((count) => numberText(count, language)) as [string, string];
  const skipped = Object.entries(skips)
    .map(([reason, count]) => `${numberText(count, language)} ${reasonWord(reason, speech)}`)
    .join(', ');
  return skipped === ''
    ? t('{{total}} people, {{sendable}} to message.', { total: people, sendable: toMessage })
    : t('{{total}} people, {{sendable}} to message, skipped: {{skipped}}.', {
        total: people,
        sendable: toMessage,
        skipped,
      });
}

function skipLines({ skipExamples }: Preflight, audience: AudienceSource, speech: Speech): string[] {
  const where = (given: string): string => {
    const { source, origin } = sourceOf(audience, given);
    return speech.text(`report.origin.${source.kind}`, { origin });
  };
  return skipExamples.map(({ reason, origin, value }) => {
    // For a repeated number, the value says where it occurs first.
    const detail = skipDetail(reason, value, speech.language) ?? value;
    const shown =
      reason === 'duplicate' ? speech.t(', first at {{where}}', { where: where(value) }) : detail && `: ${detail}`;
    return `  ${where(origin)}: ${reasonWord(reason, speech)}${shown}`;
  });
}

/** A message as its recipient sees it, set off from our own text. */
export function sampleText({ header, mediaType, mediaUrl, body, footer, buttons, cards = [] }: FilledTemplate): string {
  const parts = [
    mediaType && `[${mediaType.toLowerCase()}${mediaUrl ? ` ${mediaLabel(mediaUrl)}` : ''}]`,
    header,
    body,
    footer,
    ...buttons.map(buttonText),
    ...cards.flatMap((card, index) => [
      `(${index + 1}) [${card.media.toLowerCase()}${card.mediaUrl ? ` ${mediaLabel(card.mediaUrl)}` : ''}]`,
      card.body,
      ...card.buttons.map(buttonText),
    ]),
  ];
  const lines = parts.flatMap((part) => (part ? part.split(/\r?\n/) : []));
  return lines.map((line) => `  │ ${line}`).join('\n');
}

const buttonText = ({ text, value }: FilledTemplate['buttons'][number]): string =>
  `[${text}]${value ? ` ${value}` : ''}`;

function costText({ from, to, currency, pricesOf, unpriced }: CostEstimate, speech: Speech): string {
  const { t, language } = speech;
  const isRange = from !== to;
  const sum = moneySpanText(from, to, currency, language);
  const estimate = t(
    isRange
      ? 'Estimated cost: {{sum}} if all are delivered (rates of {{day}}); undelivered messages are almost free.'
      : 'Estimated cost: at most {{sum}} (rates of {{day}}); undelivered messages are almost free.',
    { sum, day: dayText(pricesOf, language) },
  );
  return [estimate, ...unpricedText(unpriced, speech)].join(' ');
}

function unpricedText(unpriced: CostEstimate['unpriced'], { t, language }: Speech): string[] {
  if (unpriced.length === 0) return [];
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const countries = unpriced.map(({ country, people }) =>
    t('{{country}} ({{people}} people)', {
      country: country ? (names.of(country) ?? country) : t('numbers without a country'),
      people: numberText(people, language),
    }),
  );
  return [
    t('Wide because no rate is set for: {{countries}}. Add it to the price file (PRICES_FILE).', {
      countries: countries.join(', '),
    }),
  ];
}

const reasonWord = (reason: string, { text }: Speech): string => text(`words.skipReasons.${reason}`);
