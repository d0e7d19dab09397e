/** `--param 1=column:name|first_name --param 2=text:Hello`: where each of the template's parameters comes from. */
import type { ParameterSource } from '../domain/audience';
import { isLinkTarget } from '../domain/links';
import { DATE_ORDERS } from '../domain/reading/read-date';
import { DECIMAL_MARKS } from '../domain/reading/read-sum';
import { isCurrency, TRANSFORM_NAMES, type ParameterTransform } from '../domain/reading/transforms';
import { WrongUsage } from './errors';
import { sentence } from './speech';

const EXPECTED = sentence('expected POSITION=column:NAME or POSITION=text:WORDS, such as 1=column:name');
const STEPS = `${TRANSFORM_NAMES.join(', ')}, date:day_first, money:RUB, money:RUB:comma, fallback:WORDS`;

/** The sources in order of position. Throws WrongUsage naming a bad value, a duplicate or a gap. */
export function parseParameters(values: readonly string[]): ParameterSource[] {
  const sources = new Map<number, { source: ParameterSource; given: string }>();
  for (const given of values) {
    const { position, source } = parseOne(given);
    const earlier = sources.get(position);
    if (earlier)
      throw new WrongUsage('--param: position {{position}} is given twice, as "{{earlier}}" and as "{{given}}"', {
        position,
        earlier: earlier.given,
        given,
      });
    sources.set(position, { source, given });
  }
  const positions = [...sources.keys()].sort((a, b) => a - b);
  const gap = positions.findIndex((position, index) => position !== index + 1);
  if (gap >= 0) {
    throw new WrongUsage(
      '--param: position {{position}} is missing: got {{positions}}; expected 1 to {{last}} without gaps',
      { position: gap + 1, positions: positions.join(', '), last: positions.at(-1)! },
    );
  }
  return positions.map((position) => sources.get(position)!.source);
}

function parseOne(given: string): { position: number; source: ParameterSource } {
  const [, positionText = '', kind = '', value = ''] = /^\s*([^=]*?)\s*=\s*(column|text|link):(.*)$/s.exec(given) ?? [];
  if (kind === '') throw new WrongUsage('--param "{{given}}": {{expected}}', { given, expected: EXPECTED });
  if (!/^[1-9]\d?$/.test(positionText)) {
    throw new WrongUsage(
      '--param "{{given}}": "{{value}}" is not a position: positions are whole numbers from 1; {{expected}}',
      { given, value: positionText, expected: EXPECTED },
    );
  }
  if (value.trim() === '')
    throw new WrongUsage('--param "{{given}}": nothing follows "{{kind}}:"; {{expected}}', {
      given,
      kind,
      expected: EXPECTED,
    });
  const source =
    kind === 'column'
      ? columnOf(given, value)
      : kind === 'link'
        ? linkOf(given, value.trim())
        : { kind: 'text' as const, value };
  return { position: Number(positionText), source };
}

/** A tracked link for the end of a button's address. */
function linkOf(given: string, target: string): ParameterSource {
  if (isLinkTarget(target)) return { kind: 'link', target };
  throw new WrongUsage(
    '--param "{{given}}": "{{target}}" is not a whole https address, such as https://shop.example/sale',
    {
      given,
      target,
    },
  );
}

/** `NAME|first_name|upper|fallback:WORDS`: the column, the transformations of its value in order, and its fallback. */
function columnOf(given: string, text: string): ParameterSource {
  const [column = '', ...steps] = text.split('|').map((step) => step.trim());
  if (column === '')
    throw new WrongUsage('--param "{{given}}": the name of the column is missing; {{expected}}', {
      given,
      expected: EXPECTED,
    });
  const source: ParameterSource = { kind: 'column', column };
  const transform: ParameterTransform[] = [];
  for (const step of steps) {
    const fallback = /^fallback:(.+)$/s.exec(step)?.[1]?.trim();
    if (fallback !== undefined && source.fallback === undefined) source.fallback = fallback;
    else transform.push(transformOf(given, step));
  }
  return { ...source, ...(transform.length > 0 && { transform }) };
}

/** `date:day_first`, `money:RUB:comma`: the part after a name decides how to read a value with two readings. */
function transformOf(given: string, step: string): ParameterTransform {
  const [name = '', ...said] = step.split(':').map((part) => part.trim());
  const known = TRANSFORM_NAMES.find((one) => one === name);
  if (known === 'money') return moneyOf(given, said);
  const isDate = known === 'date' || known === 'date_short';
  const order = isDate && said.length === 1 ? DATE_ORDERS.find((one) => one === said[0]) : undefined;
  if (isDate && (said.length === 0 || order)) return { name: known, ...(order && { order }) };
  if (isDate) {
    const expected = DATE_ORDERS.map((one) => `${known}:${one}`).join(', ');
    throw new WrongUsage(
      '--param "{{given}}": "{{step}}" is not a valid transformation; expected one of {{expected}}',
      { given, step, expected },
    );
  }
  if (known === undefined || said.length > 0) {
    throw new WrongUsage('--param "{{given}}": "{{step}}" is not a transformation; expected one of {{steps}}', {
      given,
      step,
      steps: STEPS,
    });
  }
  return { name: known };
}

function moneyOf(given: string, said: readonly string[]): ParameterTransform {
  const made: Extract<ParameterTransform, { name: 'money' }> = { name: 'money' };
  for (const word of said) {
    const decimal = DECIMAL_MARKS.find((one) => one === word);
    if (decimal && !made.decimal) made.decimal = decimal;
    else if (isCurrency(word.toUpperCase()) && !made.currency) made.currency = word.toUpperCase();
    else {
      throw new WrongUsage(
        '--param "{{given}}": "{{word}}" is not a currency; expected a code such as RUB or USD, or the decimal mark as dot or comma',
        { given, word },
      );
    }
  }
  return made;
}
