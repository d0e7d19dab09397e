/** Reads the parameters of templates: texts, and placeholders for a person's field. */
import type { ParameterSource } from '../domain/audience';
import { leaveOut, type Finds } from './finds';
import { inLanguage, languageOf } from './template-name';
import { collection, entry, plain, scalarText, type Located } from './located';
import { NAMES, shown } from './words';

/** `{name}`, `{{name}}`, `%name%`, `$name`, alone. Numbers are the template's own variables, not fields. */
const FIELD = /^(?:\{\{?\s*([^{}\d][^{}]*?)\s*\}?\}|%([^%\s]+)%|\$\{?([\p{L}_]\w*)\}?)$/u;
const FIELD_INSIDE = /\{\{?\s*[^{}\d][^{}]*\}?\}|%[\p{L}_]+%/u;

/** The source of a value; undefined when only part of it is a field. */
function parameterOf(text: string): ParameterSource | undefined {
  const [, braces, percents, dollar] = FIELD.exec(text.trim()) ?? [];
  const column = braces ?? percents ?? dollar;
  if (column !== undefined) return { kind: 'column', column };
  return FIELD_INSIDE.test(text) ? undefined : { kind: 'text', value: text };
}

/** The parameters in a list, or in an object in key order; undefined when one of them is not recognised. */
export function parametersOf(node: Located): ParameterSource[] | undefined {
  if (node.kind === 'scalar') return undefined;
  const values = node.kind === 'array' ? node.items : inOrder(node);
  const sources = values.map((value) => {
    const text = scalarText(value);
    return text === undefined ? undefined : parameterOf(text);
  });
  return sources.every((source) => source !== undefined) ? sources : undefined;
}

/** Keys `1`, `2`, … in numeric order, others as they are. */
function inOrder(node: Extract<Located, { kind: 'object' }>): Located[] {
  const numbered = node.entries.every(([key]) => /\d+$/.test(key));
  const number = (key: string): number => Number(/\d+$/.exec(key)?.[0]);
  const entries = numbered ? node.entries.toSorted(([a], [b]) => number(a) - number(b)) : node.entries;
  return entries.map(([, value]) => value);
}

/** Reads a file of template parameters: a map by template, or entries that name theirs. False for other files. */
export function takeParameters(file: string, root: Located, finds: Finds): boolean {
  const pairs = pairsOf(root);
  // A map of bare texts may mean anything.
  if (!pairs.some(({ values }) => values && parametersOf(values))) return false;
  let count = 0;
  for (const { template, values, node } of pairs) {
    const parameters = values && parametersOf(values);
    if (template !== undefined && parameters) {
      leaveOut(finds, file, strangeIn(node, values), 'neither a template, its language nor its parameters');
      finds.parameters.push({ file, line: node.line, template, parameters });
      count += 1;
      continue;
    }
    const why = parameters ? 'no template is named' : 'expected a list of texts and fields such as {name}, each alone';
    finds.remainder.push({ file, line: node.line, value: shown(template, plain(values ?? node)), why });
  }
  const keys = pairs.flatMap(({ node }) => (node.kind === 'object' ? node.entries.map(([key]) => key) : []));
  const named = [...new Set(keys)].flatMap((key) => {
    const [meaning] = MEANINGS.find(([, names]) => names.test(key)) ?? [];
    return meaning ? [`${key} → ${meaning}`] : [];
  });
  finds.understood.push({ file, what: 'parameters', count, taken: ['template → parameters', ...named] });
  return true;
}

const MEANINGS = [
  ['parameters', NAMES.parameters],
  ['language', NAMES.language],
  ['template', NAMES.template],
  ['template', NAMES.templateId],
] as const;

/** Keys beside the parameters that nothing is made of. */
function strangeIn(node: Located, values: Located): [string, Located][] {
  if (node.kind !== 'object' || !entry(node, NAMES.parameters)) return [];
  return node.entries.filter(([key, value]) => value !== values && !MEANINGS.some(([, names]) => names.test(key)));
}

interface Pair {
  template: string | undefined;
  values: Located | undefined;
  node: Located;
}

function pairsOf(root: Located): Pair[] {
  const whole = entry(root, NAMES.parameters);
  if (whole && entry(root, NAMES.template)) return [pairOf(root, undefined)];
  if (root.kind === 'object' && !whole) {
    const inner =
      root.entries.length === 1 && /templates|шаблоны/i.test(root.entries[0]![0]) ? root.entries[0]![1] : root;
    if (inner.kind === 'object') return inner.entries.map(([key, node]) => pairOf(node, key));
    return pairsOf(inner);
  }
  return (collection(root) ?? []).map(({ key, node }) => pairOf(node, key));
}

function withoutLanguage(node: Located): Located {
  if (node.kind !== 'object' || !languageOf(node)) return node;
  return { ...node, entries: node.entries.filter(([key]) => !NAMES.language.test(key)) };
}

function pairOf(node: Located, key: string | undefined): Pair {
  const named = entry(node, NAMES.parameters)?.value;
  const own = scalarText((entry(node, NAMES.template) ?? entry(node, NAMES.templateId))?.value);
  const language = languageOf(node);
  const called = (name: string | undefined): string | undefined => name && inLanguage(name, language);
  if (named) return { template: called(key ?? own), values: named, node };
  // Without its own list, the entry itself is the list, but only under a template's name.
  return { template: called(key), values: key === undefined ? undefined : withoutLanguage(node), node };
}
