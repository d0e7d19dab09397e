/**
 * What other parts of the product have to say in English for scripts, logs and `--json` (findings of `doctor`, what
 * `import-legacy` leaves out and why, wrong settings), said by the console in the reader's language: found by its pattern.
 */
import type { Speech } from './speech';
import { RUSSIAN_DOCTOR } from './russian-doctor';
import { RUSSIAN_LEGACY } from './russian-legacy';
import { RUSSIAN_SETTINGS } from './russian-settings';

/** `{{value}}` is what the sentence is filled with; of some names it is a sentence itself, and said as well. */
const BORROWED: Readonly<Record<string, string>> = {
  ...RUSSIAN_DOCTOR,
  ...RUSSIAN_LEGACY,
  ...RUSSIAN_SETTINGS,
};

/** All others are people's own words, or other programs': names, files, addresses. */
const SENTENCES = new Set(['why', 'problem', 'reach', 'what', 'meaning', 'wanted', 'choices', 'more', 'places']);

/** These are counts. */
const COUNTS = new Set(['n', 'm', 'k', 'set', 'all', 'approved', 'pollers', 'backlog', 'times', 'unnamed', 'unsure']);

interface Pattern {
  pattern: RegExp;
  names: string[];
  russian: string;
}

/** The most particular first: those with most of their own words. */
const PATTERNS: readonly Pattern[] = Object.entries(BORROWED)
  .sort(([one], [other]) => wordsOf(other).length - wordsOf(one).length)
  .map(([english, russian]) => ({
    pattern: patternOf(english),
    names: [...english.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!),
    russian,
  }));

/** In English it stays as it is; so does, in Russian, what nobody has translated: other programs' words. */
export function borrowed(text: string, { language }: Pick<Speech, 'language'>): string {
  return language === 'en' ? text : inRussian(text);
}

function inRussian(text: string): string {
  for (const { pattern, names, russian } of PATTERNS) {
    const values = pattern.exec(text)?.slice(1);
    if (!values) continue;
    const filled = new Map(names.map((name, at) => [name, SENTENCES.has(name) ? inRussian(values[at]!) : values[at]!]));
    return russian.replace(/\{\{(\w+)\}\}/g, (_, name: string) => filled.get(name)!);
  }
  for (const between of ['; ', /(?<=[.!?]) (?=[A-Z`])/] as const) {
    const parts = text.split(between);
    if (parts.length > 1) return parts.map(inRussian).join(between === '; ' ? '; ' : ' ');
  }
  return text;
}

function patternOf(english: string): RegExp {
  const parts = english.split(/\{\{(\w+)\}\}/).map((part, at) => {
    if (at % 2 === 0) return literally(part);
    // Of one sentence among several, none takes its neighbours for a value.
    return COUNTS.has(part) ? String.raw`(\d+)` : '((?:(?!; ).)+?)';
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

function wordsOf(english: string): string {
  return english.replace(/\{\{\w+\}\}/g, '');
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
