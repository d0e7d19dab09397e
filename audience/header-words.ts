/** Interprets column names word by word: programs and people write the same name in a dozen ways. */

/**
 * Splits `Рабочий телефон (контакт)`, `phone_number2`, `contactPhone` into words, in lower case, ё as е, digits
 * separate.
 */
export function wordsOf(header: string): string[] {
  const apart = header
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('ё', 'е');
  return apart.match(/\p{L}[\p{L}\p{M}]*|\d+/gu) ?? [];
}

function anyOf(...stems: string[]): RegExp {
  return new RegExp(`^(?:${stems.join('|')})$`, 'u');
}

const PHONE = anyOf(
  'телефон(?:а|у|ом|е|ы|ов|ам|ами|ах)?',
  'телефонн(?:ый|ого|ые|ых|ая)',
  'тел',
  'тлф',
  'моб',
  'мобила',
  'мобильник',
  'мобильн(?:ый|ого|ые|ых|ая)',
  'сот',
  'номертелефона',
  'сотов(?:ый|ого|ые|ых|ая)',
  'в[ао][тц]с?[аэ]пп?',
  'whatsapp',
  'wa',
  'waid|jid',
  'msisdn',
  '(?:home|work|office|mobile|cell|tele|main|primary|own|personal|client|customer|contact|user|lead)?phones?(?:number|no|num)?',
  'mobiles?(?:number|no|num)?',
  'cell(?:ular)?',
  'tel(?:[eé](?:f[oó]no?s?|fones?))?',
  'fone',
  'celular',
  'm[oó]vil',
  'm[oó]vel',
  'mobil(?:nummer|funk|telefon)?',
  'handy(?:nummer)?',
  'rufnummer',
  'telefon(?:nummer|u|y)?',
  'gsm',
);
/** These may mean something else, such as an order or a channel. */
const MAYBE_PHONE = anyOf(
  'номер(?:а|у|ом|ов)?',
  'numbers?',
  'num',
  'контакт(?:ы|а|ов)?',
  'contacts?',
  'связь',
  'связи',
);
/** Numbers that are not phones, although many could be read as phones. */
const OTHER_NUMBER = anyOf(
  'инн|кпп|огрн|огрнип|бик|снилс|inn|tin|ssn|vat|cpf|cnpj|dni|cuit|cuil|curp|rfc|rut|pesel|nip|iban|imei|iccid|vin|ean|sku|upc',
  'паспорт(?:а|ы)?|passport',
  'счет(?:а|у)?|account|карт(?:а|ы)|card',
  'заказ(?:а|ы|ов)?|order|договор(?:а|ы)?|contract|заявк(?:а|и)|лид(?:а|ы)?|lead|сделк(?:а|и)|deal|invoice|чек(?:а)?',
  'id|ид|uid|uuid|guid|код|code|артикул|штрихкод|barcode|индекс|zip|postal',
  'дата|date|время|time|timestamp|created|updated|day|birthday|рождения',
  'сумма|цена|стоимость|бюджет|долг|sum|price|amount|total|budget|баланс|balance',
  'факс(?:а|ы)?|fax',
);
/** People who look after the person, and the company's own lines. */
const STAFF = anyOf(
  'ответственн(?:ый|ого|ая|ые)',
  'менеджер(?:а|у|ы|ов)?',
  'manager',
  'managers',
  'responsible',
  'agents?',
  'агент(?:а|ы)?',
  'operators?',
  'оператор(?:а|ы)?',
  'сотрудник(?:а|и)?',
  'employee',
  'staff',
  'rep',
  'salesperson',
  'seller',
  'продав(?:ец|ца)',
  'консультант(?:а|ы)?',
  'куратор(?:а|ы)?',
  'рекрутер(?:а|ы)?',
  'recruiter',
  'owner',
  'assistants?',
  'ассистент(?:а|ы)?',
  'помощник(?:а|и|ов)?',
  'tracking',
  'подменный',
  'секретар(?:ь|я)',
  'assignee',
  'assigned',
  'source',
  'источник(?:а|и)?',
  'line',
  'линия',
  'линии',
  'кампании',
  'support',
  'поддержк(?:а|и)',
  'callcenter',
  'sender',
  'отправител(?:ь|я)',
  'компани(?:я|и)',
  'организаци(?:я|и)',
  'company',
  'office',
  'switchboard',
  'callback',
);
/**
 * Among those, words for a place where a person's own phone may be: they count as foreign only beside a better column.
 */
const COMPANY = anyOf('компани(?:я|и)', 'организаци(?:я|и)', 'company', 'office', 'callback');
/** People to contact only in an emergency. */
const NEXT_OF_KIN = anyOf(
  'экстренн(?:ый|ая|ого|ой|ые|ых)',
  'доверенн(?:ый|ое|ого|ая|ые)',
  'родственник(?:а|и|ов)?',
  'родственниц(?:а|ы)',
  'родител(?:ь|я|и|ей)',
  'мам(?:а|ы)|пап(?:а|ы)|мать|матери|отец|отца',
  'муж(?:а)?|жен(?:а|ы)|супруг(?:а|и)?',
  'друг(?:а)?|знаком(?:ый|ого)',
  'близк(?:ий|ого|ие|их)',
  'поручител(?:ь|я|и)',
  'рекомендател(?:ь|я)',
  'опекун(?:а)?',
  'emergency|ice',
  'kin',
  'relatives?',
  'guardian',
  'parents?|mother|father',
  'spouse|wife|husband|partner',
  'guarantor',
  'referrer|referral|reference',
  'friend',
);

/** Whose number a column holds: the person's own, their employer's, their relative's, or our staff's. */
export type Owner = 'own' | 'company' | 'next_of_kin' | 'staff';

export interface HeaderMeaning {
  /** `phone`: the name says so; `maybe`: номер, contact; `other`: it names another kind of number; `none`: no hint. */
  kind: 'phone' | 'maybe' | 'other' | 'none';
  owner: Owner;
}

/** What a column's name says about the numbers in it. */
export function meaningOf(header: string): HeaderMeaning {
  const words = wordsOf(header);
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  const kind =
    has(PHONE) || isWhatsApp(words) ? 'phone' : has(OTHER_NUMBER) ? 'other' : has(MAYBE_PHONE) ? 'maybe' : 'none';
  return { kind, owner: ownerOf(words, has) };
}

function ownerOf(words: readonly string[], has: (pattern: RegExp) => boolean): Owner {
  if (words.some((word) => STAFF.test(word) && !COMPANY.test(word))) return 'staff';
  if (has(NEXT_OF_KIN)) return 'next_of_kin';
  return has(COMPANY) ? 'company' : 'own';
}

/** Whether a column holds WhatsApp ids: its digits begin with the country code. */
export function namesChatId(header: string): boolean {
  const words = wordsOf(header);
  return words.some(
    (word, at) => /^(?:waid|jid)$/.test(word) || (/^(?:wa|whatsapp)$/.test(word) && words[at + 1] === 'id'),
  );
}

function isWhatsApp(words: readonly string[]): boolean {
  return words.some((word, at) => /^what'?s$/.test(word) && words[at + 1] === 'app');
}

/** Whether a column's name means someone other than the person: their manager, their mother. */
export function namesAnother(words: readonly string[]): boolean {
  return words.some((word) => STAFF.test(word) || NEXT_OF_KIN.test(word));
}
