/**
 * One person, whatever the spelling of their number. WhatsApp answers and reports with an id of its own, which in three
 * countries is not the number that was written to: a Brazilian mobile may lack its 9, a Mexican one has a 1 after the
 * country code, an Argentine one may lack its 9 (whatsapp.md#two-spellings). All here is E.164 in, E.164 out.
 */

interface Folded {
  /** Two groups at most: what stands on either side of the digit that comes and goes. */
  pattern: RegExp;
  /** The spelling that the country's numbering plan gives, first; then the others. */
  spellings: readonly string[];
  /** Both spellings are real numbers: which of them somebody has cannot be known. */
  both?: true;
}

const FOLDED: readonly Folded[] = [
  // Brazil. A landline begins with 2 to 5 and never has the 9, so a mobile such as 9 3123-4567 has one spelling only.
  { pattern: /^\+55([1-9][1-9])9?([016-9]\d{7})$/, spellings: ['+55$19$2', '+55$1$2'] },
  // Mexico.
  { pattern: /^\+521?([2-9]\d{9})$/, spellings: ['+52$1', '+521$1'] },
  // Argentina: without the 9 it is a landline, or a mobile written wrong.
  { pattern: /^\+549?([1-3]\d{9})$/, spellings: ['+549$1', '+54$1'], both: true },
];

function foldedOf(e164: string): Folded | undefined {
  // Every number of every audience comes here, few are of these countries.
  return e164.charCodeAt(1) === FIVE ? FOLDED.find(({ pattern }) => pattern.test(e164)) : undefined;
}

const FIVE = '5'.charCodeAt(0);

/** All that the number of a person may be called, the person's key first; for most numbers the one given. */
export function spellingsOf(e164: string): string[] {
  const folded = foldedOf(e164);
  return folded ? folded.spellings.map((spelling) => e164.replace(folded.pattern, spelling)) : [e164];
}

/** The same for every spelling of one person's number. */
export function personKey(e164: string): string {
  return spellingsOf(e164)[0]!;
}

/** The number to write to and to show: as the country's numbering plan has it. An Argentine one stays as given. */
export function dialled(e164: string): string {
  return foldedOf(e164)?.both ? e164 : personKey(e164);
}

/** An Argentine number without the 9 of mobiles: a landline, or a mobile written wrong. */
export function mayBeLandline(e164: string): boolean {
  return foldedOf(e164)?.both === true && personKey(e164) !== e164;
}

/** What the first digits of a number, country code included, may be in another spelling; themselves first. */
export function beginningsOf(digits: string): string[] {
  const [, head, rest = ''] = /^(55[1-9][1-9]|52|54)(\d+)$/.exec(digits) ?? [];
  if (head === undefined) return [digits];
  const extra = head === '52' ? '1' : '9';
  return [digits, head + extra + rest, ...(rest.startsWith(extra) ? [head + rest.slice(1)] : [])];
}

/** Several people looked up at once, in whatever spelling a document has their number. */
export interface BySpelling {
  /** What to look for. */
  readonly spellings: string[];
  /** Those of the numbers asked about that a number found belongs to. */
  asked(found: string): readonly string[];
}

/** `more` gives further names of a number under which it may be kept, such as its hash. */
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
