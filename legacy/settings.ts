/** Reads settings from the older program's files: tokens by their shape, others by field name. */
import { SETTING_NAMES } from '../config/settings-schema';
import { canonicalZone } from '../domain/times/zone';
import { readIds } from './admins';
import type { Finds } from './finds';
import { scalarText, type Located } from './located';
import { JWT, shown, TELEGRAM_TOKEN } from './words';

interface Leaf {
  /** Keys from the root, joined by dots. */
  path: string;
  value: string;
  line: number;
}

/** A field's meaning in our terms; `undefined` = unknown, with `why` = known but not imported. */
type Meaning = { name: string; value: string } | { ids: number[] } | { why: string } | undefined;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const CRM_HOST = /^(?:https?:\/\/)?([a-z\d-]+\.(?:amocrm\.(?:ru|com)|kommo\.com))(?:\/.*)?$/i;

/** Of the program or a section of it; deeper ones are a template's. */
const LANGUAGE_PATH = /^([^.]+\.)?(lang|language|locale)$/i;

/** Rules in order; `last` is the field's own name, `path` also holds its parents. */
const RULES: [fits: (leaf: Leaf, last: string) => boolean, mean: (value: string) => Meaning][] = [
  [(_, last) => SETTING_NAMES.includes(last) && last !== 'ADMIN_IDS', (value) => ({ name: '', value })],
  [({ value }) => TELEGRAM_TOKEN.test(value), (value) => ({ name: 'TELEGRAM_BOT_TOKEN', value })],
  [(_, last) => /refresh/i.test(last), () => ({ why: 'a refresh token; authorise anew, or use a long-lived token' })],
  [({ value }) => JWT.test(value), (value) => ({ name: 'AMOCRM_TOKEN', value })],
  [({ value }) => CRM_HOST.test(value), (value) => ({ name: 'AMOCRM_BASE_URL', value: crmAddress(value) })],
  [(leaf, last) => /subdomain|^account$/i.test(last) && /^[a-z\d-]+$/i.test(leaf.value), subdomain],
  [(_, last) => /access_?token|long_?lived/i.test(last), token],
  [({ value }, last) => /client_?id|integration_?id/i.test(last) && UUID.test(value), named('AMOCRM_CLIENT_ID')],
  [(_, last) => /client_?secret|secret_?key/i.test(last), named('AMOCRM_CLIENT_SECRET')],
  [({ value }, last) => /redirect/i.test(last) && URL.canParse(value), named('AMOCRM_REDIRECT_URI')],
  [({ path, value }) => /api_?key/i.test(path) && /^\w{16,}$/.test(value), named('GUPSHUP_API_KEY')],
  [(_, last) => /(app|src)[._]?name/i.test(last), named('GUPSHUP_APP_NAME')],
  [({ value }, last) => /app_?id/i.test(last) && UUID.test(value), named('GUPSHUP_APP_ID')],
  [
    ({ path, value }, last) =>
      (/gupshup|whatsapp/i.test(path) || /^source$/i.test(last)) && /^\+?\d{10,15}$/.test(value),
    (value) => ({ name: 'GUPSHUP_SOURCE', value: value.replace('+', '') }),
  ],
  [({ value }, last) => /time_?zone|^tz$/i.test(last) && canonicalZone(value) !== undefined, named('DEFAULT_TIMEZONE')],
  [({ path, value }) => LANGUAGE_PATH.test(path) && /^(ru|en)$/i.test(value), language],
  [
    ({ value }, last) => /admin/i.test(last) && readIds(value) !== undefined,
    (value) => ({ ids: readIds(value) ?? [] }),
  ],
];

function named(name: string): (value: string) => Meaning {
  return (value) => ({ name, value });
}

function subdomain(value: string): Meaning {
  return { name: 'AMOCRM_BASE_URL', value: `https://${value.toLowerCase()}.amocrm.ru` };
}

function language(value: string): Meaning {
  return { name: 'DEFAULT_LANGUAGE', value: value.toLowerCase() };
}

function token(value: string): Meaning {
  return /^\S{20,}$/.test(value) ? { name: 'AMOCRM_TOKEN', value } : undefined;
}

function crmAddress(value: string): string {
  return `https://${CRM_HOST.exec(value)![1]!.toLowerCase()}`;
}

/**
 * Reads the settings in a JSON object or in a bare text such as a token. False when there are none. `other` receives
 * the object's values that are not scalars.
 */
export function takeSettings(
  file: string,
  root: Located,
  finds: Finds,
  other: (node: Located, key: string) => void,
): boolean {
  const leaves = leavesOf(root);
  const rest = nestedOf(root);
  if (!takeLeaves(file, leaves, finds)) return false;
  rest.forEach(({ key, node }) => other(node, key));
  return true;
}

/** The same for the lines of a `.env`. */
export function takeEnv(file: string, text: string, finds: Finds): boolean {
  const leaves = text.split(/\r?\n/).flatMap((line, index): Leaf[] => {
    const [, path, value = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const [, , quoted] = /^(['"`])(.*)\1(?:\s+#.*)?$/.exec(value) ?? [];
    const bare = quoted ?? value.replace(/(^|\s+)#.*$/, '');
    return path ? [{ path, value: bare, line: index + 1 }] : [];
  });
  return takeLeaves(file, leaves, finds);
}

function takeLeaves(file: string, leaves: readonly Leaf[], finds: Finds): boolean {
  const meanings = leaves.map((leaf) => ({ leaf, meaning: meaningOf(leaf) }));
  // A language alone is rather a template's.
  if (!meanings.some(({ leaf, meaning }) => meaning && !LANGUAGE_PATH.test(leaf.path))) return false;
  const taken: string[] = [];
  for (const { leaf, meaning } of meanings) {
    const { path, line } = leaf;
    if (meaning && 'name' in meaning) {
      finds.settings.push({ file, line, ...meaning });
      // Part of an address is derived by us, so show it.
      const value = meaning.name === 'AMOCRM_BASE_URL' ? ` ${meaning.value}` : '';
      taken.push(`${path || 'text'} → ${meaning.name}${value}`);
    } else if (meaning && 'ids' in meaning) {
      finds.admins.push(...meaning.ids);
      taken.push(`${path} → ADMIN_IDS`);
    } else {
      const why = leaf.value === '' ? 'it is empty' : (meaning?.why ?? 'no setting of that name here');
      finds.remainder.push({ file, line, value: shown(path, leaf.value), why });
    }
  }
  finds.understood.push({ file, what: 'settings', count: taken.length, taken });
  return true;
}

function meaningOf(leaf: Leaf): Meaning {
  if (leaf.value === '') return undefined;
  const last = leaf.path.split('.').at(-1) ?? '';
  const meaning = RULES.find(([fits]) => fits(leaf, last))?.[1](leaf.value);
  // A setting under its current name.
  return meaning && 'name' in meaning && meaning.name === '' ? { ...meaning, name: last } : meaning;
}

/** Settings are never deeper than a service's own section. */
const DEPTH = 2;

function leavesOf(node: Located, path = '', depth = 0): Leaf[] {
  if (node.kind === 'object' && depth <= DEPTH && node.entries.length > 0) {
    return node.entries.flatMap(([key, value]) => leavesOf(value, path ? `${path}.${key}` : key, depth + 1));
  }
  // An empty one is listed too.
  if (node.kind !== 'scalar' && (node.kind === 'array' || node.entries.length > 0)) return [];
  return [{ path, value: scalarText(node) ?? '', line: node.line }];
}

function nestedOf(node: Located, key = '', depth = 0): { key: string; node: Located }[] {
  if (node.kind === 'object' && depth <= DEPTH && node.entries.length > 0) {
    return node.entries.flatMap(([inner, value]) => nestedOf(value, inner, depth + 1));
  }
  const isEmpty = node.kind === 'object' && node.entries.length === 0;
  return node.kind === 'scalar' || isEmpty ? [] : [{ key, node }];
}
