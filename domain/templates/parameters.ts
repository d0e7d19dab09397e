/** Template parameters of one person: taken from their columns, checked, in the order of the template. */
import type { ParameterSource, Person } from '../audience';
import { shownOf, type Cell } from '../reading/cell';
import {
  fillTemplate,
  MAX_BODY_CHARACTERS,
  parameterProblem,
  parametersOf,
  type Template,
  type TemplateParameter,
} from './template';
import { transformed, type Reading, type Transformed, type Writing } from '../reading/transforms';

/** The parameters of one send, or why this person cannot be sent to. `detail` names the parameter, never its value. */
export type FilledParameters =
  | { ok: true; params: string[] }
  | {
      ok: false;
      reason: 'empty_parameter' | 'bad_parameter';
      detail: string;
      /** The value can be read in several ways, and the parameter's source does not say which. */
      unclear?: UnclearValue;
    };

/** A value that can be read in several ways. */
export interface UnclearValue {
  /** Of the parameter, 1-based. */
  position: number;
  column: string;
  /** As its table shows it. */
  given: string;
  readings: Reading[];
}

/**
 * A function that fills the template's parameters from a person's columns, dates and sums as the template's language
 * writes them. A parameter without a source counts as empty; sources beyond the template's parameters are left out.
 * Values lose the blanks at their ends. `timezone` says which day a moment falls on.
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

/** Whether the template has a full stop of its own behind a parameter; WhatsApp's marks for bold may be between. */
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

/** 1 декабря 2026 г. at the end of a sentence: one stop is enough. Where only some of its places end one, the word goes. */
function withoutDoubleStop(value: string, stop: 'always' | 'sometimes' | 'never' = 'never'): string {
  if (stop === 'never') return value;
  return value.replace(YEAR_STOP, stop === 'always' ? '$1$2' : '$1');
}

/** The cell of a column by its name, blanks at the ends and case aside; '' when there is none or it shows nothing. */
function columnCell(columns: Record<string, Cell>, column: string): Cell {
  const key = Object.hasOwn(columns, column) ? column : Object.keys(columns).find((name) => sameColumn(name, column));
  const cell = key === undefined ? '' : (columns[key] ?? '');
  return typeof cell === 'string' || 'error' in cell || ('number' in cell && cell.shown.trim() === '')
    ? shownOf(cell).trim()
    : cell;
}

/** What a column shows, without the blanks at its ends; '' when there is none. */
export function columnValue(columns: Record<string, Cell>, column: string): string {
  return shownOf(columnCell(columns, column)).trim();
}

/** Whether two column names mean the same column. */
function sameColumn(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function parameterValue(
  source: ParameterSource | undefined,
  columns: Record<string, Cell>,
  writing: Writing,
): Transformed {
  if (!source) return { ok: true, value: '' };
  if (source.kind === 'text') return { ok: true, value: source.value.trim() };
  const given = columnCell(columns, source.column);
  const fallback = (source.fallback ?? '').trim();
  if (given === '') return { ok: true, value: fallback };
  const read = transformed(given, source.transform ?? [], writing);
  if (read.ok && read.value.trim() !== '') return read;
  // What may be a sum or a date is asked about, a formula or another currency is mended; the fallback is for what is neither.
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
