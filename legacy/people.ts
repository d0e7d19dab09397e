/** Reads people to message: lists, maps and amoCRM's own format, with phones under any likely name. */
import type { CountryCode } from 'libphonenumber-js';
import type { Person } from '../domain/audience';
import { normalisePhones } from '../domain/phones/phone';
import { leaveOut, type Finds, type FoundPeople } from './finds';
import { besides, collection, entry, plain, scalarText, type Located } from './located';
import { NAMES, shown } from './words';

/** Keys with long numbers that are not phones. */
const NO_PHONE = /(^|_)id$|_at$|time|date|inn|инн/i;
const PHONE_COLUMN = 'phone';

type Entry = [key: string, value: Located];

/** Reads people, each group in a file as its own list. False unless at least half of the entries have a phone. */
export function takePeople(file: string, root: Located, finds: Finds, country: CountryCode): boolean {
  const groups = groupsOf(root);
  const skipped: Entry[] = [];
  const found = groups.flatMap(({ key, node }) => {
    const people = peopleOf(node, country, (one) => skipped.push(one));
    return people ? [{ ...people, name: key === undefined ? file : `${file}: ${key}` }] : [];
  });
  if (found.length === 0) return false;
  leaveOut(finds, file, asideOf(root, groups), 'neither people nor a group of them');
  leaveOut(finds, file, skipped, "amoCRM's references to other things: no field of the person");
  for (const { name, rows, columns, phoneColumn } of found) {
    finds.people.push({ file, name, rows, columns, phoneColumn });
    const taken = [`${phoneColumn} → phone`, ...columns.filter((column) => column !== phoneColumn)];
    finds.understood.push({ file, what: 'people', count: rows.length, taken });
    for (const { origin, phones, columns: cells } of rows) {
      if (hasPhone(phones, country)) continue;
      const why = phones.length === 0 ? 'no phone in it; stays in the list' : 'not a phone number; stays in the list';
      const line = Number(origin);
      finds.remainder.push({ file, line, value: shown(undefined, phones.join(', ') || cells), why });
    }
  }
  return true;
}

/** Several named groups in one file, or the whole file as one. */
function groupsOf(root: Located): { key?: string; node: Located }[] {
  const arrays = root.kind === 'object' ? root.entries.filter(([, value]) => value.kind === 'array') : [];
  return arrays.length > 1 ? arrays.map(([key, node]) => ({ key, node })) : [{ node: root }];
}

/** What stands beside the people or their groups. */
function asideOf(root: Located, groups: readonly { node: Located }[]): Entry[] {
  if (root.kind !== 'object') return [];
  const [only, another] = groups;
  if (another) return root.entries.filter(([, value]) => value.kind !== 'array');
  return only && collection(only.node) ? besides(root) : [];
}

/** The people in a collection; undefined when most of it is something else. */
export function peopleOf(
  root: Located,
  country: CountryCode,
  skip: (entry: Entry) => void = () => undefined,
): Pick<FoundPeople, 'columns' | 'phoneColumn' | 'rows'> | undefined {
  const items = collection(root) ?? mapOf(root, country);
  if (!items || items.length === 0) return undefined;
  const byValue = phoneKeyByValue(items, country);
  const rows = items.map((item) => personOf(item, { byValue, country, skip }));
  const withPhone = rows.filter(({ phones }) => hasPhone(phones, country)).length;
  if (withPhone === 0 || withPhone * 2 < rows.length) return undefined;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.columns)))];
  const phoneColumn = columns.find((column) => NAMES.phone.test(column)) ?? byValue ?? PHONE_COLUMN;
  return { columns, phoneColumn, rows };
}

/** A map of scalars with phones as keys or values. */
function mapOf(root: Located, country: CountryCode): { key?: string; node: Located }[] | undefined {
  if (root.kind !== 'object') return undefined;
  const phones = root.entries.filter(([key, value]) => hasPhone([key, scalarText(value) ?? ''], country));
  return phones.length * 2 > root.entries.length ? root.entries.map(([key, node]) => ({ key, node })) : undefined;
}

function personOf(
  { key, node }: { key?: string; node: Located },
  { byValue, country, skip }: { byValue: string | undefined; country: CountryCode; skip: (entry: Entry) => void },
): Person {
  const origin = String(node.line);
  const keyIsPhone = key !== undefined && hasPhone([key], country);
  if (node.kind === 'scalar') {
    const text = scalarText(node) ?? '';
    if (key === undefined) return { phones: text ? [text] : [], columns: { [PHONE_COLUMN]: text }, origin };
    const [phone, name] = keyIsPhone ? [key, text] : [text, key];
    return { phones: phone ? [phone] : [], columns: { [PHONE_COLUMN]: phone, name }, origin };
  }
  const fields = fieldsOf(node, skip);
  const phones = fields
    .filter(({ name }) => NAMES.phone.test(name) || name === byValue)
    .flatMap(({ values }) => values);
  if (keyIsPhone) fields.push({ name: PHONE_COLUMN, values: [key] });
  const columns = Object.fromEntries(fields.map(({ name, values }) => [name, values.join(', ')]));
  return { phones: keyIsPhone ? [key, ...phones] : phones, columns, origin };
}

interface Field {
  name: string;
  values: string[];
}

/**
 * The fields of an entry, flattened. amoCRM's own format keeps most of them in a list of fields with values
 * (amocrm.md).
 */
function fieldsOf(node: Located, skip: (entry: Entry) => void = () => undefined, prefix = ''): Field[] {
  if (node.kind === 'array') return [{ name: prefix || PHONE_COLUMN, values: node.items.flatMap(textsIn) }];
  if (node.kind === 'scalar') return [{ name: prefix, values: textsIn(node) }];
  return node.entries.flatMap(([key, value]): Field[] => {
    if (/^custom_fields/i.test(key) && value.kind === 'array') return value.items.flatMap(customField);
    if (key.startsWith('_') || /^custom_fields/i.test(key)) {
      skip([key, value]);
      return [];
    }
    return fieldsOf(value, skip, prefix ? `${prefix}.${key}` : key);
  });
}

function customField(field: Located): Field[] {
  const code = scalarText(entry(field, /^(field_)?code$/)?.value);
  const name = code === 'PHONE' ? PHONE_COLUMN : (scalarText(entry(field, /^(field_)?name$/)?.value) ?? code);
  const values = entry(field, /^values?$/)?.value;
  return name && values
    ? [{ name, values: values.kind === 'array' ? values.items.flatMap(textsIn) : textsIn(values) }]
    : [];
}

function textsIn(node: Located): string[] {
  if (node.kind === 'scalar') return [scalarText(node) ?? ''].filter(Boolean);
  const inner = entry(node, /^(value|phone|number)$/i)?.value;
  return inner ? textsIn(inner) : [JSON.stringify(plain(node))];
}

/** For entries without a phone field: the field whose values are mostly phones. */
function phoneKeyByValue(items: readonly { node: Located }[], country: CountryCode): string | undefined {
  const fields = items.flatMap(({ node }) => (node.kind === 'object' ? fieldsOf(node) : []));
  if (fields.some(({ name }) => NAMES.phone.test(name))) return undefined;
  const names = [...new Set(fields.map(({ name }) => name))].filter((name) => !NO_PHONE.test(name));
  return names.find((name) => {
    const filled = fields.filter((field) => field.name === name && field.values.length > 0);
    return filled.filter(({ values }) => hasPhone(values, country)).length * 2 > filled.length;
  });
}

function hasPhone(texts: readonly string[], country: CountryCode): boolean {
  return texts.some((text) => normalisePhones(text, country).valid.length > 0);
}
