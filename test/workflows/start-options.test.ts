/** What Temporal gets to see of a campaign's name and of its file's: no phone number. */
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
