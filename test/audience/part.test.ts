/** Parts of one audience: together they have everybody once, each person always in the same. */
import fc from 'fast-check';
import { ofPart } from '../../audience/part';
import type { PlannedDelivery } from '../../audience/plan';
import { spreadDrafts } from '../../campaigns/spread';
import type { CampaignDraft } from '../../campaigns/contract';
import { ordinaryPhones } from '../../sandbox/ordinary-phones';

const queued = (phone: string): PlannedDelivery => ({ state: 'queued', phone, params: [], origin: phone });
const draft: CampaignDraft = {
  name: 'Autumn',
  template: 't',
  audience: { kind: 'phones', phones: [] },
  audienceLabel: '',
  parameters: [],
  createdBy: { kind: 'cli' },
};
const partsOf = (...caps: number[]) =>
  spreadDrafts(draft, caps.map((sendsPerSecond, index) => ({ app: `App${index}`, sendsPerSecond }))).map(({ part }) => part!); // prettier-ignore

test('whatever the caps, everybody is in one part, also who has no number', () => {
  const nobody: PlannedDelivery = { state: 'skipped', reason: 'no_phone', origin: '7', params: [] };
  const people = [...ordinaryPhones(300).map(queued), nobody];
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 6 }), (caps) => {
      const parts = partsOf(...caps).map((part) => ofPart(people, part));
      expect(parts.flat().map(({ origin }) => origin).toSorted()).toEqual(people.map(({ origin }) => origin).toSorted()); // prettier-ignore
    }),
  );
});

test('the parts are in proportion to the caps', () => {
  const people = ordinaryPhones(5_000).map(queued);
  const [small, large] = partsOf(20, 80).map((part) => ofPart(people, part).length);
  expect(small! / (small! + large!)).toBeCloseTo(0.2, 1);
});

test('a person in another spelling of the number, in another campaign, is in the same part', () => {
  const [first, second] = partsOf(1, 1);
  // Brazil: with the ninth digit and without.
  for (let n = 0; n < 50; n++) {
    const rest = String(87654300 + n);
    const one = [queued(`+55119${rest}`)];
    const other = [queued(`+5511${rest}`)];
    expect([ofPart(one, first!).length, ofPart(one, second!).length]).toEqual([ofPart(other, first!).length, ofPart(other, second!).length]); // prettier-ignore
  }
});

test('each draft names its sender; a rate of its own is shared like the people', () => {
  const drafts = spreadDrafts({ ...draft, pace: { ratePerSecond: 10 } }, [
    { app: 'One', sendsPerSecond: 20 },
    { app: 'Two', sendsPerSecond: 80 },
  ]);
  expect(drafts.map(({ name, sender, pace }) => [name, sender, pace?.ratePerSecond])).toEqual([
    ['Autumn · One', 'One', 2],
    ['Autumn · Two', 'Two', 8],
  ]);
});
