/** A message to the team about a possible opt-out: who, when, what they wrote, and the decision. */
import type { Language } from '../config/i18n';
import { translate } from '../config/i18n';
import { escapeHtml, shorten } from '../config/text';
import { choicesOf, type OptOutChoice, type PossibleOptOut } from '../domain/opt-outs/possible-opt-out';
import { createWords, type TextOptions } from './words';

/** Maximum characters of the text shown. */
const SHOWN = 500;

export interface PossibleOptOutMessage {
  /** Telegram's HTML. */
  html: string;
  /** The answers an admin can give, with their button texts. */
  choices: { choice: OptOutChoice; text: string }[];
}

export function renderPossibleOptOut(one: PossibleOptOut, options: TextOptions): PossibleOptOutMessage {
  const { language } = options;
  const t = (key: string, values?: Record<string, string>): string =>
    translate(language, `report.possibleOptOut.${key}`, values);
  return {
    html: [titleOf(one, t), '', ...factsOf(one, options, t), '', outcomeOf(one, options, t)].join('\n'),
    choices: choicesOf(one).map((choice) => ({ choice, text: t(`buttons.${choice}`) })),
  };
}

type T = (key: string, values?: Record<string, string>) => string;

function titleOf({ phone, clear, answer }: PossibleOptOut, t: T): string {
  if (answer) return t('title.answered');
  if (phone !== undefined) return t('title.unsure');
  return t(clear ? 'title.unnamed' : 'title.unsureUnnamed');
}

function factsOf(
  { at, by, phone, userId, name, text, campaign }: PossibleOptOut,
  options: TextOptions,
  t: T,
): string[] {
  const fact = (key: string, value: string | undefined): string[] =>
    value ? [t(`facts.${key}`, { value: escapeHtml(value) })] : [];
  const said = text ? shorten(text, SHOWN) : undefined;
  return [
    ...(said ? [`<blockquote>${escapeHtml(said)}</blockquote>`] : []),
    ...fact('phone', phone),
    ...fact('name', name),
    ...(phone === undefined ? fact('userId', userId) : []),
    ...fact('campaign', campaign),
    t('facts.at', { value: createWords(options).time(at), by: t(`by.${by}`) }),
  ];
}

function outcomeOf({ phone, answer }: PossibleOptOut, { language, timezone }: TextOptions, t: T): string {
  if (!answer) return t(phone === undefined ? 'ask.unnamed' : 'ask.unsure');
  const { choice, by, at } = answer;
  return t(`outcome.${choice}`, {
    by: actorText(language, by),
    at: createWords({ language, timezone }).time(at),
    phone: phone ?? '',
  });
}

function actorText(language: Language, by: NonNullable<PossibleOptOut['answer']>['by']): string {
  return translate(language, `report.possibleOptOut.actor.${by.kind}`, { id: by.kind === 'telegram' ? by.id : '' });
}
