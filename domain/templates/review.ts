/** Why Meta rejected a template: its word for the reason, of what Gupshup passes on (whatsapp.md#rejections). */

/** Those that have a text of their own: `templates.reasons.<reason>` of the locales. */
const REJECTION_REASONS = [
  'ABUSIVE_CONTENT',
  'CATEGORY_NOT_AVAILABLE',
  'INCORRECT_CATEGORY',
  'INVALID_FORMAT',
  'NONE',
  'PROMOTIONAL',
  'SCAM',
  'TAG_CONTENT_MISMATCH',
] as const;
type RejectionReason = (typeof REJECTION_REASONS)[number];

/** The word, and what stands beside it; a text without a known word is all detail. */
export function readRejection(reason: string | undefined): { word?: RejectionReason; detail?: string } {
  const given = reason?.trim() ?? '';
  if (given === '') return { word: 'NONE' };
  const word = REJECTION_REASONS.find((one) => new RegExp(`(?:^|[^A-Z_])${one}(?![A-Z_])`).test(given.toUpperCase()));
  if (!word) return { detail: given };
  const detail = given.replace(new RegExp(word, 'i'), '').replace(/^[\s:.,;—–-]+|[\s:,;—–-]+$/g, '');
  return { word, ...(detail !== '' && { detail }) };
}
