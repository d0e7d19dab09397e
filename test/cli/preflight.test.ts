/** What the console says of the hour that a campaign starts at. */
import type { Preflight } from '../../campaigns/contract';
import { preflightDocument, preflightText } from '../../cli/preflight';
import { template } from '../domain/samples';

const preflight: Preflight = {
  template: template({ category: 'MARKETING' }),
  total: 3, sendable: 3, skips: {}, skipExamples: [], samples: [], blocking: [], warnings: [], secondsToSend: 1,
  clocks: [{ zones: ['Europe/Moscow'], people: 2 }, { zones: ['Asia/Vladivostok'], people: 1 }],
}; // prettier-ignore

test.each([
  ['2026-01-15T01:35:00Z', '2 of 3 people would get it at 04:35 their time, outside 09:00–21:00'],
  ['2026-01-15T09:00:00Z', undefined],
])('of a start at %s: %s', (at, said) => {
  const text = preflightText(preflight, { kind: 'phones', phones: [] }, new Date(at));
  const { night } = preflightDocument(preflight, new Date(at)) as { night?: { code: string; message: string } };
  if (said === undefined) {
    expect(text).not.toContain('Warning');
    expect(night).toBeUndefined();
  } else {
    expect(text).toContain(`Warning: ${said}`);
    expect(night).toMatchObject({ code: 'night_there', count: 2, of: 3, clock: '04:35' });
  }
});
