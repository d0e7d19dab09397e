/** A delivery as a row of a table: the same columns in every file, and why somebody was left out, in words. */
import { type Language, translate } from '../config/i18n';
import type { SkipReason } from '../domain/story/delivery';
import type { DeliveryDocument } from '../store/documents';
import { meaningOf } from './meaning';

const TEXT_COLUMNS = ['n', 'phone', 'name', 'state', 'skipReason', 'code', 'meaning', 'messageId'] as const;
export const TIME_COLUMNS = ['claimedAt', 'acceptedAt', 'sentAt', 'deliveredAt', 'readAt', 'failedAt'] as const;
/** Names of the columns in order: those of text, then those of times. */
export const DELIVERY_COLUMNS = [...TEXT_COLUMNS, ...TIME_COLUMNS] as const;

/** The columns of text. A skipped number shows as it stood in the source, since it has no other. */
export function textCells(delivery: DeliveryDocument, language: Language): string[] {
  const { n, phone, original, name, state, skipReason, code, detail, messageId } = delivery;
  return [
    String(n),
    phone ?? original ?? '',
    name ?? '',
    translate(language, `words.deliveryStates.${state}`),
    skipReason ? translate(language, `words.skipReasons.${skipReason}`) : '',
    code ?? '',
    code
      ? meaningOf(code, language, detail)
      : ((skipReason && detail && parameterTrouble(skipReason, detail, language)) ?? ''),
    messageId ?? '',
  ];
}

const PARAMETER = /^parameter (?<position>\d+) .+: (?<problem>\w+)$/;
const LENGTH = /^text of (?<length>\d+) characters, at most (?<most>\d+)$/;

/** `undefined` for other reasons, whose detail is not a sentence, and for a detail that reads otherwise. */
export function parameterTrouble(reason: SkipReason, detail: string, language: Language): string | undefined {
  if (reason !== 'empty_parameter' && reason !== 'bad_parameter') return undefined;
  const length = LENGTH.exec(detail)?.groups;
  if (length) return translate(language, 'report.parameterTrouble.length', length);
  const { position = '', problem = '' } = PARAMETER.exec(detail)?.groups ?? {};
  const key = `report.parameterTrouble.problems.${problem}`;
  const text = translate(language, key);
  return text === key ? undefined : translate(language, 'report.parameterTrouble.of', { position, problem: text });
}
