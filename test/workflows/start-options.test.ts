/** What Temporal gets to see of a campaign's name and of its file's: no phone number. */
import { SEARCH_ATTRIBUTES } from '../../workflows/messages';
import { startOptions } from '../../workflows/start-options';

test('numbers in a name and in a file name are hidden in summary, details and search attributes', () => {
  const started = startOptions(
    { campaignId: 'abc', sender: 'App', ratePerSecond: 1, settle: { quietMs: 1, maxMs: 1 } } as never,
    {
      name: 'Для +7 900 123-45-67',
      template: { name: 'promo', language: 'ru', category: 'MARKETING' },
      audienceLabel: 'база 79001234568.csv, 29.11.2026',
      createdBy: 'cli',
    },
  );
  const seen = JSON.stringify([started, [...started.typedSearchAttributes.getAll()]]);
  expect(seen).not.toMatch(/123-45|1234568/);
  expect(started.staticSummary).toBe('Для +• ••• •••-••-67: promo');
  expect(started.staticDetails).toContain('база •••••••••68.csv, 29.11.2026');
});

test('the Temporal UI finds the runs of each of several senders; those of one have no list of them', () => {
  const input = { campaignId: 'abc', sender: 'A', ratePerSecond: 1, settle: { quietMs: 1, maxMs: 1 } };
  const facts = {
    ...{ name: 'x', template: { name: 'promo', language: 'ru', category: 'MARKETING' } },
    ...{ audienceLabel: 'y', createdBy: 'cli' },
  };
  const of = (senders?: string[]): unknown[] => {
    const shares = senders?.map((sender) => ({ sender, share: 1 / senders.length }));
    const { typedSearchAttributes } = startOptions({ ...input, ...(shares && { senders: shares }) }, facts);
    return [SEARCH_ATTRIBUTES.sender, SEARCH_ATTRIBUTES.senders].map((key) => typedSearchAttributes.get(key));
  };
  expect(of(['A', 'B'])).toEqual(['A, B', ['A', 'B']]);
  expect(of()).toEqual(['A', undefined]);
  // One that was moved to one.
  expect(of(['A'])).toEqual(['A', undefined]);
});
