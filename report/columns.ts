/** A delivery as a row of a table: the same columns in every file. */
import { translate, type Language } from '../config/i18n';
import type { DeliveryDocument } from '../store/documents';
import { meaningOf } from './meaning';
import { parameterTrouble } from './skip-detail';

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
