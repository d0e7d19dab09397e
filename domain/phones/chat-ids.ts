/** Recognises how WhatsApp's programs and links write a person's number: with the country code and without a plus. */

const PERSON = '(?:c\\.us|s\\.whatsapp\\.net)';
/** Groups, channels, and people whose number WhatsApp hides. */
const NO_PERSON = '(?:g\\.us|lid|hosted\\.lid|broadcast|newsletter)';
const PLUS = '(?:\\+|%2B)?';
const NUMBER = '(\\d[\\d\\s().-]{5,20}\\d|\\d{7,15})';

/** `79001234567@c.us`; a device number may precede the `@`. */
const ID = new RegExp(`${PLUS}(\\d{7,15})(?:[.:]\\d{1,3}){0,2}@${PERSON}(?![\\w.])`, 'giu');
const OTHER_ID = new RegExp(`[\\w.:-]{1,64}@${NO_PERSON}(?![\\w.])`, 'giu');
const LINK = new RegExp(
  `(?:https?://)?(?:www\\.)?(?:wa\\.me/|(?:(?:api|web)\\.)?whatsapp\\.com/send/?\\?(?:[^\\s#]*?&)?phone=|whatsapp://send/?\\?(?:[^\\s#]*?&)?phone=)${PLUS}(\\d{7,15})(?![\\d])\\S*`,
  'giu',
);
/** `whatsapp:+7900…`, `tel:+7-900-…;ext=5` */
const SCHEME = new RegExp(
  `(?<![\\p{L}\\d])(?:whatsapp|tel|callto|sms|viber):(?://)?${PLUS}${NUMBER}(?:;[a-z-]+=[^\\s,;]*)*`,
  'giu',
);
const HINT = /@|wa\.me|whatsapp|tel:|callto:|sms:|viber:/i;
const INTERNATIONAL = /^\d{7,15}$/;

/** The text with each such number as `+` and digits, and without the digits of groups and hidden people. */
export function withPlainNumbers(text: string): string {
  if (!HINT.test(text)) return text;
  return text
    .replace(OTHER_ID, (id) => id.replace(/\d/g, ''))
    .replace(ID, ' +$1 ')
    .replace(LINK, ' +$1 ')
    .replace(SCHEME, (found, number: string) => {
      const isInternational = /:(?:\/\/)?(?:\+|%2B)/i.test(found) || /^whatsapp:/i.test(found);
      return ` ${isInternational ? '+' : ''}${number} `;
    })
    .trim();
}

/** Whether the whole text is a WhatsApp id or link with a person's number. */
export function isChatId(text: string): boolean {
  return /^\+\d{7,15}$/.test(withPlainNumbers(text.trim())) && HINT.test(text);
}

/** The text of a `wa_id` column, where bare digits start with the country code. */
export function asInternational(text: string): string {
  return INTERNATIONAL.test(text) ? `+${text}` : text;
}
