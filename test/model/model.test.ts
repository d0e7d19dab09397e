/**
 * The rules of claim, answer, receipt, fold, lease and restore hold in every order of events that a few thousand random
 * runs find; and each is needed: without it, a run is found in which somebody gets two messages, or the ledger lies.
 */
import fc from 'fast-check';
import { brokenIn, newWorld, RULES, stepsOf, type Rules, type Step } from '../../chaos/model/machine';

/** What happened, and what was broken by it. */
interface Run {
  steps: string[];
  broken: string[];
}

/** Chooses among what may happen, by the numbers. Ends with the first thing that is broken. */
function run(choices: readonly number[], rules: Rules): Run {
  const world = newWorld();
  const steps: string[] = [];
  for (const choice of choices) {
    const possible = stepsOf(world, rules);
    const step = chosen(possible, choice);
    step.do();
    steps.push(step.name);
    const broken = brokenIn(world, rules);
    if (broken.length > 0) return { steps, broken };
  }
  return { steps, broken: [] };
}

function chosen(possible: readonly Step[], choice: number): Step {
  let left = choice % possible.reduce((sum, { weight }) => sum + weight, 0);
  return possible.find(({ weight }) => (left -= weight) < 0)!;
}

const choices = fc.array(fc.noBias(fc.nat({ max: 1_000_000 })), { minLength: 20, maxLength: 80, size: 'max' });

test('with the rules as they are, nobody gets two messages, nothing goes back, the ledger tells the truth', () => {
  fc.assert(
    fc.property(choices, (all) => {
      const { steps, broken } = run(all, RULES);
      if (broken.length > 0) throw new Error(`${broken.join('; ')}, after:\n${steps.join('\n')}`);
    }),
    { numRuns: 3_000 },
  );
});

test('the runs go everywhere: every state, every kind of step', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(choices, (all) => {
      for (const step of run(all, RULES).steps) seen.add(step.replace(/\bm?\d+\b/g, '·'));
    }),
    { numRuns: 2_000, seed: 1 },
  );
  expect([...seen].toSorted()).toEqual([
    'a lease passes', 'after-restore', 'backup', 'restore', 'the lease of worker · comes back', 'worker · gives the lease back', 'the answer for · is lost', 'the receipt delivered of · is applied',
    'the receipt failed of · is applied', 'the receipt read of · is applied', 'the receipt sent of · is applied',
    'a rule leaves · out', 'a rule takes · in', 'time passes', 'worker · asks for the lease', 'worker · calls for ·', 'worker · claims ·', 'worker · freezes',
    'worker · is given ·', 'worker · is killed', 'worker · looks at · again', 'worker · records that no answer came for ·',
    'worker · records the answer for ·', 'worker · starts', 'worker · wakes',
    '· is delivered', '· is failed', '· is read', '· is sent',
  ].toSorted()); // prettier-ignore
});

const BROKEN: Record<string, { rules: Partial<Rules>; expected: RegExp }> = {
  'no claim': { rules: { claim: () => true }, expected: /messaged twice|queued, and was messaged/ },
  'claim after the call': { rules: { claimsFirst: false }, expected: /messaged twice|queued, and was messaged/ },
  'a foreign claim is sent again': { rules: { foreignClaim: 'send' }, expected: /messaged twice|is skipped, and was messaged/ },
  'a receipt that moves back': {
    rules: { apply: (_state, kinds) => (kinds.at(-1) === 'delivered' ? 'delivered' : kinds.at(-1) === 'sent' ? 'sent' : kinds.at(-1) === 'read' ? 'read' : 'failed') },
    expected: /went back/,
  },
  'a last look that forgets the rules': { rules: { looksAgain: () => false }, expected: /left out by a rule, and was messaged/ },
  'a lease that its holder does not measure': { rules: { mayLeave: ({ lease }) => lease !== undefined }, expected: /lease is another's/ },
  'a lease that anybody takes': { rules: { takesLease: () => true }, expected: /lease is another's/ },
  'a lease without an epoch': { rules: { releases: (lease, { worker }) => lease.holder === worker }, expected: /lease is another's/ },
  'a restored database that nobody notices': { rules: { isOlder: () => false }, expected: /messaged twice|queued, and was messaged/ },
}; // prettier-ignore

test.each(Object.entries(BROKEN))('is needed: %s', (_what, { rules, expected }) => {
  const found = fc.check(
    fc.property(choices, (all) => run(all, { ...RULES, ...rules }).broken.length === 0),
    { numRuns: 20_000, seed: 1 },
  );
  expect(found.failed).toBe(true);
  const { broken } = run(found.counterexample![0], { ...RULES, ...rules });
  expect(broken.join('; ')).toMatch(expected);
});
