/**
 * Identifies one person by any spelling of the number. WhatsApp reports its own id for a number, which differs from the
 * dialled number in three countries: a Brazilian mobile may lack its 9, a Mexican one has a 1 after the country code,
 * an Argentine one may lack its 9 (whatsapp.md#two-spellings). All input and output is E.164.
 */

interface Folded {
  /** At most two groups: what surrounds the optional digit. */
  pattern: RegExp;
  /** First the spelling of the country's numbering plan, then the others. */
  spellings: readonly string[];
  /** Both spellings are real numbers, so it is unknown which one the person has. */
  both?: true;
}

const FOLDED: readonly Folded[] = [
  // Brazil. A landline begins with 2 to 5 and never has the 9, so a mobile such as 9 3123-4567 has only one spelling.
  { pattern: /^\+55([1-9][1-9])9?([016-9]\d{7})$/, spellings: ['+55$19$2', '+55$1$2'] },
  // Mexico.
  { pattern: /^\+521?([2-9]\d{9})$/, spellings: ['+52$1', '+521$1'] },
  // Argentina: without the 9 it is a landline or an incorrectly written mobile.
  { pattern: /^\+549?([1-3]\d{9})$/, spellings: ['+549$1', '+54$1'], both: true },
];

function foldedOf(e164: string): Folded | undefined {
  // Fast path: every number of every audience comes here, and few belong to these countries.
  return e164.charCodeAt(1) === FIVE ? FOLDED.find(({ pattern }) => pattern.test(e164)) : undefined;
}

const FIVE = '5'.charCodeAt(0);

/** All spellings of a person's number, the person's key first; most numbers have only one. */
export function spellingsOf(e164: string): string[] {
  const folded = foldedOf(e164);
  return folded ? folded.spellings.map((spelling) => e164.replace(folded.pattern, spelling)) : [e164];
}

/** The same for every spelling of one person's number. */
export function personKey(e164: string): string {
  return spellingsOf(e164)[0]!;
}

/** The number to message and to show, as the country's numbering plan has it. An Argentine one stays as given. */
export function dialled(e164: string): string {
  return foldedOf(e164)?.both ? e164 : personKey(e164);
}

/** An Argentine number without the mobile 9: a landline or an incorrectly written mobile. */
export function mayBeLandline(e164: string): boolean {
  return foldedOf(e164)?.both === true && personKey(e164) !== e164;
}

/** The first digits of a number, with country code, in every spelling; the given one first. */
export function beginningsOf(digits: string): string[] {
  const [, head, rest = ''] = /^(55[1-9][1-9]|52|54)(\d+)$/.exec(digits) ?? [];
  if (head === undefined) return [digits];
  const extra = head === '52' ? '1' : '9';
  return [digits, head + extra + rest, ...(rest.startsWith(extra) ? [head + rest.slice(1)] : [])];
}

/** A lookup of several people, whatever spelling a document uses. */
export interface BySpelling {
  /** The spellings to search for. */
  readonly spellings: string[];
  /** The requested numbers that a found number belongs to. */
  asked(found: string): readonly string[];
}

/** `more` gives further keys of a number, such as its hash. */
export function bySpelling(phones: Iterable<string>, more: (spelling: string) => string[] = () => []): BySpelling {
  const asked = new Map<string, string[]>();
  for (const phone of new Set(phones)) {
    for (const spelling of spellingsOf(phone)) {
      for (const name of [spelling, ...more(spelling)]) {
        const others = asked.get(name);
        if (others) others.push(phone);
        else asked.set(name, [phone]);
      }
    }
  }
  return { spellings: [...asked.keys()], asked: (found) => asked.get(found) ?? [] };
}
