/** What is wrong with the parameters of a person who is left out, in the reader's language; domain/templates/parameters.ts makes the detail. */
import { translate, type Language } from '../config/i18n';
import type { SkipReason } from '../domain/story/delivery';

const PARAMETER = /^parameter (?<position>\d+) .+: (?<problem>\w+)$/;
const LENGTH = /^text of (?<length>\d+) characters, at most (?<most>\d+)$/;

/** `undefined` for other reasons, whose detail is not a sentence, and for a detail that reads otherwise. */
export function parameterTrouble(reason: SkipReason, detail: string, language: Language): string | undefined {
  if (reason !== 'empty_parameter' && reason !== 'bad_parameter') return undefined;
  const length = LENGTH.exec(detail)?.groups;
  if (length) return translate(language, 'report.parameterTrouble.length', length);
  const { position = '', problem = '' } = PARAMETER.exec(detail)?.groups ?? {};
  const key = `report.parameterTrouble.problems.${problem}`;
  const text = translate(language, key);
  return text === key ? undefined : translate(language, 'report.parameterTrouble.of', { position, problem: text });
}
