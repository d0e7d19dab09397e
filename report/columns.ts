/**
 * A delivery as a table row, with the same columns in every file, and the reason in words if the person was left out.
 */
import { countryText } from '../config/formats';
import { type Language, translate } from '../config/i18n';
import { crmLead, leadPage, sourceOf, type AudienceSource } from '../domain/audience';
import type { SkipReason } from '../domain/story/delivery';
import type { DeliveryDocument } from '../store/documents';
import type { RowWords } from './row-words';

const TEXT_COLUMNS = [
  'n',
  'phone',
  'name',
  'origin',
  'state',
  'skipReason',
  'code',
  'meaning',
  'messageId',
  'sender',
] as const;
export const TIME_COLUMNS = ['claimedAt', 'acceptedAt', 'sentAt', 'deliveredAt', 'readAt', 'failedAt'] as const;
/** Column names in order: text columns, then times. */
export const DELIVERY_COLUMNS = [...TEXT_COLUMNS, ...TIME_COLUMNS] as const;

/** What the rows of a campaign share. */
export interface RowCampaign {
  audience: AudienceSource;
  /** Of one with several senders, the first; a delivery then names its own. */
  sender: string;
}

/** The text columns. A skipped number is shown as written in the source, because it has no other form. */
export function textCells(delivery: DeliveryDocument, { audience, sender }: RowCampaign, words: RowWords): string[] {
  const { n, phone, original, name, state, skipReason, code, detail, messageId } = delivery;
  return [
    String(n),
    phone ?? original ?? '',
    name ?? '',
    words.origin(delivery, audience),
    words.state(state),
    skipReason ? words.skip(skipReason) : '',
    code ?? '',
    code
      ? words.meaning(code, detail)
      : ((skipReason && detail && skipDetail(skipReason, detail, words.language)) ?? ''),
    messageId ?? '',
    // Who was never tried has none.
    delivery.claimedAt ? (delivery.sender ?? sender) : '',
  ];
}

/** The lead's page in the CRM at `crmUrl`, if the person comes from a lead. */
export function leadLink({ origin }: DeliveryDocument, audience: AudienceSource, crmUrl?: string): string | undefined {
  const lead = crmLead(sourceOf(audience, origin));
  return crmUrl && lead !== undefined ? leadPage(crmUrl, lead) : undefined;
}

/** What is known closer of why somebody was left out, in words: which parameter, which country. */
export function skipDetail(reason: SkipReason, detail: string, language: Language): string | undefined {
  return reason === 'country_rule' ? countryText(detail, language) : parameterTrouble(reason, detail, language);
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
