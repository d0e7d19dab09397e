/** Fills one person's template parameters from their columns and validates them. */
import type { ParameterSource, Person } from '../audience';
import { shownOf, type Cell } from '../reading/cell';
import { SAMPLE_CODE } from '../link-code';
import {
  fillTemplate,
  MAX_BODY_CHARACTERS,
  parameterProblem,
  parametersOf,
  type Template,
  type TemplateParameter,
} from './template';
import { transformed, type Reading, type Transformed, type Writing } from '../reading/transforms';

/** The parameters of one send, or why this person cannot be messaged. `detail` names the parameter, never its value. */
export type FilledParameters =
  | { ok: true; params: string[] }
  | {
      ok: false;
      reason: 'empty_parameter' | 'bad_parameter';
      detail: string;
      /** The value has several readings, and the parameter's source does not choose one. */
      unclear?: UnclearValue;
    };

/** A value with several readings. */
export interface UnclearValue {
  /** The parameter's position, 1-based. */
  position: number;
  column: string;
  /** As its table shows it. */
  given: string;
  readings: Reading[];
}

/**
 * Makes a function that fills the template's parameters from a person's columns, with dates and sums in the template's
 * language. A parameter without a source counts as empty; extra sources are ignored. Values are trimmed. `timezone`
 * decides on which day a moment falls.
 */
export function createParameterFiller(
  template: Template,
  sources: readonly ParameterSource[],
  timezone = 'UTC',
): (columns: Person['columns']) => FilledParameters {
  const parameters = parametersOf(template);
  const stops = parameters.map((parameter) => stopBehind(template, parameter));
  const writing = { language: template.language, timezone };

  return (columns) => {
    const params: string[] = [];
    for (const { position, variable, place } of parameters) {
      const read = parameterValue(sources[position - 1], columns, writing);
      const problem = read.ok ? parameterProblem(read.value, place) : read.problem;
      if (!read.ok || problem) {
        const reason = problem === 'empty' ? 'empty_parameter' : 'bad_parameter';
        const unclear = unclearIn(read, sources[position - 1], columns, position);
        return {
          ok: false,
          reason,
          detail: `parameter ${position} ${variable}: ${problem}`,
          ...(unclear && { unclear }),
        };
      }
      params.push(withoutDoubleStop(read.value, stops[position - 1]));
    }
    const { length } = fillTemplate(template, params).body;
    if (length > MAX_BODY_CHARACTERS) {
      return {
        ok: false,
        reason: 'bad_parameter',
        detail: `text of ${length} characters, at most ${MAX_BODY_CHARACTERS}`,
      };
    }
    return { ok: true, params };
  };
}

/** Whether the template has a full stop directly after a parameter; WhatsApp's marks for bold may be in between. */
function stopBehind(
  { header, body }: Template,
  { place, variable }: TemplateParameter,
): 'always' | 'sometimes' | 'never' {
  const text = place === 'header' && header?.type === 'TEXT' ? header.text : place === 'body' ? body : '';
  const ends = text.split(variable).slice(1);
  const stopped = ends.filter((end) => /^[*_~]*\./.test(end)).length;
  return stopped === 0 ? 'never' : stopped === ends.length ? 'always' : 'sometimes';
}

/** Languages that end a date with an abbreviated "year": г. in Russian, р. in Ukrainian, ж. in Kazakh. */
const YEAR_STOP = /(\d)(\s?(?:г|гг|р|ж|й))\.$/;

/**
 * 1 декабря 2026 г. at the end of a sentence needs only one stop. If only some of its places end a sentence, the
 * abbreviated word is dropped.
 */
function withoutDoubleStop(value: string, stop: 'always' | 'sometimes' | 'never' = 'never'): string {
  if (stop === 'never') return value;
  return value.replace(YEAR_STOP, stop === 'always' ? '$1$2' : '$1');
}

/** A column's cell by its name, ignoring case and surrounding blanks; '' when it is missing or empty. */
export function columnCell(columns: Record<string, Cell>, column: string): Cell {
  const key = Object.hasOwn(columns, column) ? column : Object.keys(columns).find((name) => sameColumn(name, column));
  const cell = key === undefined ? '' : (columns[key] ?? '');
  return typeof cell === 'string' || 'error' in cell || ('number' in cell && cell.shown.trim() === '')
    ? shownOf(cell).trim()
    : cell;
}

/** A column's shown text, trimmed; '' when it is missing. */
export function columnValue(columns: Record<string, Cell>, column: string): string {
  return shownOf(columnCell(columns, column)).trim();
}

/** Whether two names mean the same column. */
function sameColumn(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function parameterValue(
  source: ParameterSource | undefined,
  columns: Record<string, Cell>,
  writing: Writing,
): Transformed {
  if (!source) return { ok: true, value: '' };
  // The person's own code is known once their delivery has its number (activities/freeze.ts).
  if (source.kind === 'link') return { ok: true, value: SAMPLE_CODE };
  if (source.kind === 'text') return { ok: true, value: source.value.trim() };
  const given = columnCell(columns, source.column);
  const fallback = (source.fallback ?? '').trim();
  if (given === '') return { ok: true, value: fallback };
  const read = transformed(given, source.transform ?? [], writing);
  if (read.ok && read.value.trim() !== '') return read;
  // A possible sum or date is asked about, and a formula or another currency must be fixed; the fallback is for
  // everything else.
  return fallback === '' || (!read.ok && ['unclear', 'formula', 'other_currency'].includes(read.problem))
    ? read
    : { ok: true, value: fallback };
}

function unclearIn(
  read: Transformed,
  source: ParameterSource | undefined,
  columns: Record<string, Cell>,
  position: number,
): UnclearValue | undefined {
  if (read.ok || read.problem !== 'unclear' || source?.kind !== 'column') return undefined;
  const { column } = source;
  return { position, column, given: columnValue(columns, column), readings: read.readings };
}
