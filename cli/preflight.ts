/** Renders the preflight as text and as JSON. */
import type { Preflight } from '../campaigns/contract';
import { mediaLabel } from '../domain/templates/uploaded-media';
import { explain, refusalOf, type Refusal } from '../config/errors';
import { translate } from '../config/i18n';
import { sourceOf, type AudienceSource, type ParameterSource } from '../domain/audience';
import type { CostEstimate } from '../domain/cost';
import { nightGuard } from '../domain/guards';
import type { FilledTemplate } from '../domain/templates/template';
import { withHint } from '../domain/reading/transforms';
import { parameterTrouble } from '../report/columns';

/** The figures only, of a campaign that starts at `at`; the text version shows the messages. */
export function preflightDocument(preflight: Preflight, at: Date): object {
  const { total, sendable, skips, secondsToSend, hours, messagingRoom, cost, wallet, warnings, unclearNumbers } =
    preflight;
  const night = nightOf(preflight, at);
  return {
    audience: { total, sendable, skips },
    secondsToSend,
    ...(hours && { hours }),
    ...(messagingRoom && { messagingRoom }),
    ...(cost && { cost }),
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
): string {
  const why = preflight.total > 0 ? [countsText(preflight), ...skipLines(preflight, audience)] : [];
  return [
    ...preflight.blocking.map((refusal) => explain(refusal, 'en')),
    ...readingLines(preflight, parameters),
    ...why,
  ].join('\n');
}

/** How to choose a reading of a date or sum: the given parameter with a hint added. */
function readingLines({ unclear = [] }: Preflight, parameters: readonly ParameterSource[]): string[] {
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
      return `  --param "${[`${position}=column:${column}`, ...steps].join('|')}" means ${value}`;
    }),
  );
}

/** Counts, some skipped people, the first message filled, time, cost, and warnings, of a campaign that starts at `at`. */
export function preflightText(preflight: Preflight, audience: AudienceSource, at: Date): string {
  const { sendable, secondsToSend, messagingRoom: room, cost, wallet, warnings } = preflight;
  const night = nightOf(preflight, at);
  const beyond =
    room && sendable > room.left
      ? ` The messaging limit of ${room.limit} people in 24 hours has room for ${room.left} of them now; the rest follow as room appears.`
      : '';
  return [
    `${countsText(preflight)} Sending takes about ${Math.ceil(secondsToSend)} s.${beyond}`,
    ...skipLines(preflight, audience),
    ...preflight.samples.slice(0, 1).map(({ message }) => sampleText(message)),
    ...(cost ? [costText(cost)] : []),
    ...(wallet !== undefined ? [`Gupshup wallet: ${dollars(wallet)}.`] : []),
    ...[...(night ? [night] : []), ...warnings].map((one) => `Warning: ${explain(one, 'en')}`),
  ].join('\n');
}

function countsText({ total, sendable, skips }: Preflight): string {
  const skipped = Object.entries(skips).map(([reason, count]) => `${count} ${reasonWord(reason)}`);
  return `${total} people, ${sendable} to message${skipped.length > 0 ? `, skipped: ${skipped.join(', ')}` : ''}.`;
}

function skipLines({ skipExamples }: Preflight, audience: AudienceSource): string[] {
  const where = (given: string): string => {
    const { source, origin } = sourceOf(audience, given);
    return translate('en', `report.origin.${source.kind}`, { origin });
  };
  return skipExamples.map(({ reason, origin, value }) => {
    // For a repeated number, the value says where it occurs first.
    const detail = parameterTrouble(reason, value, 'en') ?? value;
    const shown = reason === 'duplicate' ? `, first at ${where(value)}` : detail && `: ${detail}`;
    return `  ${where(origin)}: ${reasonWord(reason)}${shown}`;
  });
}

/** A message as its recipient sees it, set off from our own text. */
export function sampleText({ header, mediaType, mediaUrl, body, footer, buttons }: FilledTemplate): string {
  const parts = [
    mediaType && `[${mediaType.toLowerCase()}${mediaUrl ? ` ${mediaLabel(mediaUrl)}` : ''}]`,
    header,
    body,
    footer,
    ...buttons.map(({ text, value }) => `[${text}]${value ? ` ${value}` : ''}`),
  ];
  const lines = parts.flatMap((part) => (part ? part.split(/\r?\n/) : []));
  return lines.map((line) => `  │ ${line}`).join('\n');
}

function costText({ from, to, pricesOf, unpriced }: CostEstimate): string {
  const sum = from === to ? `at most ${dollars(to)}` : `between ${dollars(from)} and ${dollars(to)}`;
  const missing =
    unpriced.length > 0
      ? ` There is no price for ${unpriced.map(({ country, people }) => `${country || 'numbers without a country'} (${people} people)`).join(', ')}: ` +
        'the estimate uses the lowest and highest price of all countries. Add yours to the price file (PRICES_FILE).'
      : '';
  return `Estimated cost: ${sum}, by the prices of ${pricesOf}, if everyone gets it; undelivered messages are not charged.${missing}`;
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
const reasonWord = (reason: string): string => translate('en', `words.skipReasons.${reason}`);
