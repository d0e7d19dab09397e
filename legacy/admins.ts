/** Reads the bot's admins: ids as numbers, texts or objects, in a list, a map, or groups by role. */
import { leaveOut, type Finds } from './finds';
import { entry, plain, scalarText, type Located } from './located';
import { shown } from './words';

const ID = /^(id|user_?id|telegram_?id|tg_?id|chat_?id)$/i;
const ROLE = /^(role|status|level|роль)$/i;
/** Telegram ids of people; longer numbers are phones or chats. */
const TELEGRAM_ID = /^\d{5,10}$/;
/** Roles that may do everything here; no one is given more rights than before. */
const FULL =
  /^(owners?|admins?|administrators?|super_?admins?|root|creator|true|владелец|владельцы|админы?|администраторы?)(_?ids?)?$|^ids$/i;

/** The ids in a text such as `1, 2`; undefined if it contains anything else. */
export function readIds(text: string): number[] | undefined {
  const parts = text
    .replace(/^\[|\]$/g, '')
    .split(/[,;\s]+/)
    .filter(Boolean);
  return parts.length > 0 && parts.every((part) => TELEGRAM_ID.test(part)) ? parts.map(Number) : undefined;
}

interface Candidate {
  id: number | undefined;
  role: string | undefined;
  node: Located;
}

/** Reads a file of admins. False unless at least half of its entries have a Telegram id. */
export function takeAdmins(file: string, root: Located, finds: Finds): boolean {
  const candidates = candidatesOf(root, undefined);
  const found = candidates.filter(({ id }) => id !== undefined);
  if (found.length === 0 || found.length * 2 < candidates.length) return false;
  let count = 0;
  for (const { id, role, node } of candidates) {
    const place = { file, line: node.line, value: shown(undefined, plain(node)) };
    if (id === undefined) finds.remainder.push({ ...place, why: 'no Telegram id in it' });
    else if (role !== undefined && !FULL.test(role)) {
      finds.remainder.push({ ...place, why: `role "${role}": ADMIN_IDS would let them do more; give it in the bot` });
    } else {
      finds.admins.push(id);
      count += 1;
    }
  }
  const keys = candidates.flatMap(({ node }) => (node.kind === 'object' ? node.entries.map(([key]) => key) : []));
  const named = [...new Set(keys)].flatMap((key) =>
    ID.test(key) ? [`${key} → id`] : ROLE.test(key) ? [`${key} → role`] : [],
  );
  const taken = [`${count} ids → ADMIN_IDS`, ...named];
  finds.understood.push({ file, what: 'admins', count, taken });
  for (const { node } of candidates) {
    const others = node.kind === 'object' ? node.entries.filter(([key]) => !ID.test(key) && !ROLE.test(key)) : [];
    leaveOut(finds, file, others, 'not needed: the bot learns of a person from Telegram');
  }
  return true;
}

function candidatesOf(node: Located, role: string | undefined): Candidate[] {
  if (node.kind === 'array') return node.items.map((item) => candidateOf(item, role));
  if (node.kind === 'scalar') return [candidateOf(node, role)];
  if (entry(node, ID)) return [candidateOf(node, role)];
  return node.entries.flatMap(([key, value]): Candidate[] => {
    // A map from an id to a name, a role or more.
    if (TELEGRAM_ID.test(key)) return [{ id: Number(key), role: roleOf(value), node: value }];
    if (value.kind === 'array') return candidatesOf(value, key);
    return value.kind === 'object' ? candidatesOf(value, undefined) : [candidateOf(value, undefined)];
  });
}

function candidateOf(node: Located, group: string | undefined): Candidate {
  const text = node.kind === 'object' ? scalarText(entry(node, ID)?.value) : scalarText(node);
  const id = text !== undefined && TELEGRAM_ID.test(text) ? Number(text) : undefined;
  return { id, role: (node.kind === 'object' ? roleOf(node) : undefined) ?? group, node };
}

/** Only a known role; a bare text beside an id may be a name. */
function roleOf(node: Located): string | undefined {
  if (node.kind === 'object') return scalarText(entry(node, ROLE)?.value);
  const text = scalarText(node);
  return text !== undefined &&
    /^(viewer|operator|manager|user|moderator|guest|false|оператор|менеджер|гость)$/i.test(text)
    ? text
    : undefined;
}
