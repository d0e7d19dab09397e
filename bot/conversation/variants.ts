/** What may be made of a column's values before they go into a message, as its example suggests. */
import type { ParameterSource } from '../../domain/audience';
import type { Cell } from '../../domain/reading/cell';
import { transformed, withHint, type ParameterTransform, type Writing } from '../../domain/reading/transforms';
import { columnsOfAudience, type Column } from './chosen-audience';
import type { Draft } from './draft';
import type { Texts } from '../texts';

export interface Variant {
  transform: ParameterTransform[];
  /** The example, so written. */
  shown: string;
}

const NAMES = /имя|фио|клиент|контакт|name|contact/i;
/** Columns of the CRM: what is one name already, and what is a lead's. */
const NO_FULL_NAMES = ['first_name', 'last_name', 'lead_name'];
const SUMS = /сумм|цен|стоим|бюджет|долг|price|sum|amount|total|budget/i;
const DATE = /^(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{10}$)/;
const NUMBER = /^\d[\d\s\u00a0.,]*$/;

/** None when the example says of nothing that it would become better. */
export function variantsOf({ name, example, cell = example }: Column, writing: Writing): Variant[] {
  return suggestions(name, cell, writing.language).flatMap((transform) => {
    const written = transformed(cell, transform, writing);
    // Of what can be read in two ways both are offered: the choice is the answer.
    if (!written.ok && written.problem === 'unclear') {
      return written.readings.map(({ hint, value }) => ({ transform: withHint(transform, hint), shown: value }));
    }
    return written.ok && written.value !== '' && written.value !== example ? [{ transform, shown: written.value }] : [];
  });
}

function suggestions(name: string, cell: Cell, language: string): ParameterTransform[][] {
  // Also of a single word: ИВАН becomes Иван.
  if (NAMES.test(name) && !NO_FULL_NAMES.includes(name)) return [[{ name: 'first_name' }, { name: 'title_case' }]];
  if (typeof cell === 'string' ? DATE.test(cell) : 'day' in cell) return [[{ name: 'date' }], [{ name: 'date_short' }]];
  if (SUMS.test(name) && (typeof cell === 'string' ? NUMBER.test(cell) : 'number' in cell)) {
    return [[language.startsWith('ru') ? { name: 'money', currency: 'RUB' } : { name: 'money' }]];
  }
  return [];
}

/** What the answered parameters would be for the person whose values serve as examples. */
export function exampleValues({ parameters, audience, template }: Draft, texts: Texts): string[] {
  const columns = audience ? columnsOfAudience(audience) : [];
  const writing = { language: template?.language ?? texts.language, timezone: texts.zone };
  return parameters.map((source) => exampleOfSource(source, columns, writing));
}

/** What a parameter would be for the person whose values serve as examples. */
function exampleOfSource(source: ParameterSource, columns: readonly Column[], writing: Writing): string {
  if (source.kind === 'link') return source.target;
  if (source.kind === 'text') return source.value;
  const column = columns.find(({ name }) => name === source.column);
  const written = transformed(column?.cell ?? column?.example ?? '', source.transform ?? [], writing);
  return (written.ok && written.value) || source.fallback || source.column;
}
