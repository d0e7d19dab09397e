/** Which troubles the demo stage holds, and how many of each: about one lead in four is special, as in life. */

/** The peculiarities of one lead's people. `ending` = a phone with a special ending (gupshup/endings.ts). */
export type PersonCase =
  | { kind: 'ordinary' }
  | { kind: 'ending'; ending: string }
  | { kind: 'foreign'; country: 'KZ' | 'BY' | 'UZ' | 'DE' }
  | {
      kind:
        | 'landline'
        | 'no_contact'
        | 'no_phone'
        | 'not_a_phone'
        | 'deleted_contact'
        | 'unsorted_contact'
        | 'same_phone'
        | 'same_contact'
        | 'two_numbers'
        | 'two_in_one'
        | 'extension'
        | 'two_contacts';
    };

/**
 * Endings in the demo stage, one lead each: every outcome that concerns one contact. Those that stop or pause a
 * whole campaign (wallet, account, template, sender rate) are left out, so that the demo's campaign runs to its end.
 */
const DEMO_ENDINGS = [
  '900', '901', '903', '905', '906', '907', '908', '909',
  '910', '911', '912', '913', '914', '915', '916', '917', '918', '919', '920', '921', '922',
  '930', '931', '934', '935', '936', '937', '939', '941', '942', '943', '944', '945', '947', '962', '979', '991',
]; // prettier-ignore

const COUNTS: [PersonCase, number][] = [
  [{ kind: 'no_phone' }, 6],
  [{ kind: 'not_a_phone' }, 6],
  [{ kind: 'no_contact' }, 3],
  [{ kind: 'deleted_contact' }, 3],
  [{ kind: 'unsorted_contact' }, 2],
  [{ kind: 'landline' }, 2],
  [{ kind: 'same_phone' }, 8],
  [{ kind: 'same_contact' }, 4],
  [{ kind: 'two_numbers' }, 12],
  [{ kind: 'two_in_one' }, 4],
  [{ kind: 'extension' }, 3],
  [{ kind: 'two_contacts' }, 5],
  [{ kind: 'foreign', country: 'KZ' }, 4],
  [{ kind: 'foreign', country: 'BY' }, 4],
  [{ kind: 'foreign', country: 'UZ' }, 3],
  [{ kind: 'foreign', country: 'DE' }, 2],
];

/** The cases of `leads` leads: the special ones first (as many as fit), the rest ordinary. */
export function demoStageCases(leads: number): PersonCase[] {
  const special: PersonCase[] = [
    ...DEMO_ENDINGS.map((ending) => ({ kind: 'ending', ending }) as const),
    ...COUNTS.flatMap(([personCase, count]) => Array.from({ length: count }, () => personCase)),
  ];
  const ordinary = Math.max(0, leads - special.length);
  return [...special.slice(0, leads), ...Array.from({ length: ordinary }, () => ({ kind: 'ordinary' }) as const)];
}
