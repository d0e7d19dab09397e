/** The leases of several senders spread over the workers, whoever asks first, and come to rest. */
import fc from 'fast-check';
import { leaseToAskFor, type LeaseNow } from '../../domain/lease-balance';

const held = (...holders: (string | undefined)[]): LeaseNow[] =>
  holders.map((holder, index) => ({ sender: `s${index}`, ...(holder !== undefined && { holder }) }));
const SENDERS = ['s0', 's1', 's2', 's3', 's4'];

test.each<[string, LeaseNow[], string | undefined]>([
  ['both are with the other: asks for one', held('a', 'a'), 's0'],
  ['one each', held('a', 'me'), undefined],
  ['two and one', held('a', 'a', 'me'), undefined],
  ['three and one', held('a', 'a', 'me', 'a'), 's0'],
  ['the one with the most is asked', held('a', 'b', 'b', 'b'), 's1'],
  ['nobody holds any: they are there to be taken', held(undefined, undefined), undefined],
  ['all mine', held('me', 'me'), undefined],
  ['one that I have asked for is on its way', [{ sender: 's0', holder: 'a', bidder: 'me' }, ...held('x', 'a', 'a').slice(1)], undefined],
  ['one that another has asked for is as good as given', [{ sender: 's0', holder: 'a', bidder: 'b' }, { sender: 's1', holder: 'a' }], undefined],
])('%s', (_, leases, expected) => {
  expect(leaseToAskFor('me', SENDERS, leases)).toBe(expected);
}); // prettier-ignore

test('only senders that this worker knows are asked for', () => {
  expect(leaseToAskFor('me', ['s1'], held('a', 'a'))).toBe('s1');
  expect(leaseToAskFor('me', ['other'], held('a', 'a'))).toBeUndefined();
});

test('from any start it comes to rest with nobody two ahead of another, each moving a lease once at most per step', () => {
  const workers = ['a', 'b', 'c', 'd'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...workers), { minLength: 1, maxLength: 9 }), fc.integer(), (start, turn) => {
      const leases: { sender: string; holder: string }[] = start.map((holder, index) => ({
        sender: `s${index}`,
        holder,
      }));
      const senders = leases.map(({ sender }) => sender);
      let moves = 0;
      for (let still = 0, step = Math.abs(turn % workers.length); still < workers.length; step++) {
        const me = workers[step % workers.length]!;
        const wanted = leaseToAskFor(me, senders, leases);
        const found = leases.find(({ sender }) => sender === wanted);
        if (!found) still++;
        else {
          found.holder = me;
          still = 0;
          expect(++moves).toBeLessThanOrEqual(leases.length * workers.length);
        }
      }
      const counts = workers.map((worker) => leases.filter(({ holder }) => holder === worker).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
  );
});
