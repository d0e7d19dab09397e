/**
 * A delivery as a table row, with the same columns in every file, and the reason in words if the person was left out.
 */
import { type Language, translate } from '../config/i18n';
import type { SkipReason } from '../domain/story/delivery';
import type { DeliveryDocument } from '../store/documents';
import { meaningOf } from './meaning';

const TEXT_COLUMNS = ['n', 'phone', 'name', 'state', 'skipReason', 'code', 'meaning', 'messageId'] as const;
export const TIME_COLUMNS = ['claimedAt', 'acceptedAt', 'sentAt', 'deliveredAt', 'readAt', 'failedAt'] as const;
/** Column names in order: text columns, then times. */
export const DELIVERY_COLUMNS = [...TEXT_COLUMNS, ...TIME_COLUMNS] as const;

/** The text columns. A skipped number is shown as written in the source, because it has no other form. */
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

/** Undefined for other reasons, whose detail is not a sentence, and for details in another format. */
export function parameterTrouble(reason: SkipReason, detail: string, language: Language): string | undefined {
  if (reason !== 'empty_parameter' && reason !== 'bad_parameter') return undefined;
  const length = LENGTH.exec(detail)?.groups;
  if (length) return translate(language, 'report.parameterTrouble.length', length);
  const { position = '', problem = '' } = PARAMETER.exec(detail)?.groups ?? {};
  const key = `report.parameterTrouble.problems.${problem}`;
  const text = translate(language, key);
  return text === key ? undefined : translate(language, 'report.parameterTrouble.of', { position, problem: text });
}
