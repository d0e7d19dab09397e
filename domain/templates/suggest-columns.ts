/**
 * Which of the people's columns a template's parameter asks for, guessed from the words around it, its own name and the
 * example that it was submitted with. A guess is offered, never taken by itself.
 */
import { parametersOf, type Template, type TemplateParameter } from './template';

/** A kind of value: how columns of it are called, and what a text says before or after a variable that means it. */
interface Kind {
  column: RegExp;
  before?: RegExp;
  after?: RegExp;
  example?: RegExp;
}

const GREETING =
  /(?:здравствуйте|привет|добр(?:ый|ое|ой) (?:день|утро|вечер)|уважаем(?:ый|ая|ые)|дорог(?:ой|ая|ие)|hello|hi|hey|dear|good (?:morning|day|evening))[\s,!]*$/iu;
const KINDS: readonly Kind[] = [
  // What is one name comes before a full one: a message greets people by it.
  { column: /^(?:имя|first[ _]?name|given[ _]?name)$/iu, before: GREETING },
  { column: /имя|фио|клиент|контакт|получател|name|contact|client|customer/iu, before: GREETING },
  { column: /заказ|order/iu, before: /(?:заказ\p{L}*|order)\s*(?:№|#|no\.?|number|номер)?\s*$/iu },
  { column: /договор|contract/iu, before: /(?:договор\p{L}*|contract)\s*(?:№|#)?\s*$/iu },
  { column: /промокод|купон|code|coupon/iu, before: /(?:промокод\p{L}*|код\p{L}*|code|coupon)[\s:«"“]*$/iu },
  { column: /скидк|discount/iu, before: /(?:скидк\p{L}*|discount)(?:\s+(?:of|до|в))?\s*$/iu },
  {
    column: /сумм|цен|стоим|бюджет|долг|оплат|price|sum|amount|total|budget/iu,
    before:
      /(?:сумм\p{L}*|цен\p{L}*|стоимост\p{L}*|долг\p{L}*|оплат\p{L}*|к оплате|price|amount|total|sum|pay)[\s:—–-]*(?:of|на)?\s*$/iu,
    after: /^\s*(?:₽|руб|р\.|\$|€|usd|rub|eur)/iu,
    example: /^\d[\d\s.,]*\s*(?:₽|руб\p{L}*|р\.|\$|€)$/iu,
  },
  {
    column: /дат|срок|день|date|day|until|deadline/iu,
    before: /(?:(?<!\p{L})до|дат\p{L}*|срок\p{L}*|until|by|on|date|till)[\s:]*$/iu,
    example: /^\d{1,2}(?:[./]\d{1,2}(?:[./]\d{2,4})?|\s+\p{L}{3,}\.?(?:\s+\d{4})?)$/u,
  },
  { column: /врем|час|time/iu, before: /(?:в|at|время|time)[\s:]*$/iu, example: /^\d{1,2}:\d{2}$/ },
  { column: /адрес|address/iu, before: /(?:адрес\p{L}*|по адресу|address)[\s:]*$/iu },
  { column: /город|city/iu, before: /(?:город\p{L}*|city)[\s:]*$/iu },
  { column: /менеджер|ответствен|manager|responsible/iu, before: /(?:менеджер\p{L}*|manager)[\s,:—–-]*$/iu },
];

/** Words of a column's name from so many letters on are looked for around a variable, as far as their stem. */
const STEM_LETTERS = 4;
/** So many characters before and after a variable speak of it. */
const BEFORE = 40;
const AFTER = 20;

/** For each parameter in order the column's name, or undefined where nothing speaks for one; no column twice. */
export function suggestColumns(template: Template, columns: readonly string[]): (string | undefined)[] {
  const free = new Set(columns);
  return parametersOf(template).map((parameter) => {
    const found = columnFor(parameter, template, [...free]);
    if (found !== undefined) free.delete(found);
    return found;
  });
}

function columnFor(parameter: TemplateParameter, template: Template, columns: readonly string[]): string | undefined {
  // An earlier campaign's own values: p1 was in the first place there.
  const earlier = columns.find((name) => name === `p${parameter.position}`);
  if (earlier !== undefined && columns.every((name) => /^p\d+$/.test(name))) return earlier;
  const { before, after } = around(parameter, template);
  const variable = parameter.variable.replace(/[{}\s]/g, '');
  const ownName = /^\d+$/.test(variable) ? undefined : variable.replaceAll('_', ' ');
  const example = template.examples?.[parameter.position - 1]?.trim() ?? '';
  const named = ownName && columns.find((name) => plain(name) === plain(ownName));
  if (named) return named;
  for (const kind of KINDS) {
    const speaks =
      kind.before?.test(before) ||
      kind.after?.test(after) ||
      (ownName !== undefined && kind.column.test(ownName)) ||
      (example !== '' && kind.example?.test(example));
    const found = speaks ? columns.find((name) => kind.column.test(name)) : undefined;
    if (found !== undefined) return found;
  }
  const words = `${before} ${after}`.toLowerCase();
  return columns.find((name) => stemsOf(name).some((stem) => words.includes(stem)));
}

/** What stands around the variable, other variables made blank. */
function around(
  { place, variable, button }: TemplateParameter,
  template: Template,
): Record<'before' | 'after', string> {
  const text =
    place === 'header' && template.header?.type === 'TEXT'
      ? template.header.text
      : place === 'body'
        ? template.body
        : '';
  if (text === '') return { before: place === 'copy_code' ? 'code ' : (button ?? ''), after: '' };
  const at = text.indexOf(variable);
  return {
    before: sentence(text.slice(Math.max(0, at - BEFORE), at)).replace(/^.*}}/s, ''),
    after: text.slice(at + variable.length, at + variable.length + AFTER).replace(/[.,!?\n{].*$/s, ''),
  };
}

/** The last sentence of a text. */
function sentence(text: string): string {
  return text.split(/[.!?\n]\s/).at(-1) ?? text;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** The beginnings of a column's longer words: `Заказ` is found in "заказа", `Сумма заказа` in "сумму". */
function stemsOf(name: string): string[] {
  return (name.toLowerCase().match(/\p{L}+/gu) ?? [])
    .filter((word) => word.length >= STEM_LETTERS)
    .map((word) => word.slice(0, Math.max(STEM_LETTERS, word.length - 2)));
}
