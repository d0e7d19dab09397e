/** Sending above the provider's own limit: nobody fails, the rate learns, and it is said: to the team, on the card, in the log. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAlertMessages } from '../../activities/alerts/messages';
import { renderCampaign } from '../../bot/screens/campaign-progress';
import { createTexts } from '../../bot/texts';
import { createLogger } from '../../config/logger';
import { metrics } from '../../config/metrics';
import { controlOf, onRoad, ordinaryPhones, SENDER } from '../support/road';
import { waitFor } from '../support/servers';

const PEOPLE = 80;
const CAP = 20;
/** So low that one cut is not enough: it is said after the third. */
const LIMIT = 5;

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-too-fast-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('Gupshup takes a quarter of the cap: everybody gets it, few are refused once it has learned, and admins hear why it is slow', async () => {
  const file = join(folder, 'log');
  const log = createLogger('worker', 'info', openSync(file, 'w'));
  metrics.resetMetrics();
  await onRoad({ sendsPerSecond: CAP, settleQuietMs: 500, log }, async (road) => {
    await road.control('PUT', `${controlOf(SENDER)}/settings`, { sendsPerSecond: LIMIT });
    const id = await road.startTo(ordinaryPhones(PEOPLE));

    const alert = await waitFor(
      async () => {
        const found = await road.store.alerts.find('rate', SENDER);
        return found?.condition.is === 'slowed' && found.tellAt ? found : undefined;
      },
      { what: 'the alert', limitMs: 20_000 },
    );
    const message = await createAlertMessages({ store: road.store, timezone: 'Europe/Moscow' })(alert);
    const { text } = await message!.write('en');
    expect(text).toMatch(/instead of 20/);
    expect(text).toMatch(/GUPSHUP_SENDS_PER_SECOND/);

    const status = await road.campaigns.status(id);
    if (!status.ok) throw new Error('no status');
    expect(status.value.slowed).toEqual([{ sender: SENDER, cap: CAP, perSecond: expect.any(Number) }]);
    const card = renderCampaign(status.value, createTexts('en', 'Europe/Moscow')).html;
    expect(card).toContain('Gupshup takes only about');

    await waitFor(
      async () => {
        const now = await road.campaigns.status(id);
        return now.ok && now.value.state === 'completed' ? now.value : undefined;
      },
      { what: 'the end', limitMs: 60_000 },
    );
    const { accepted, phonesWithSeveral } = await road.accepted();
    expect([accepted, phonesWithSeveral]).toEqual([PEOPLE, []]);
    const end = await road.campaigns.status(id);
    expect(end.ok && [end.value.ledger.failed, end.value.ledger.unknown]).toEqual([0, 0]);
  });
  const counted = await metrics.getSingleMetricAsString('bobcofer_sends_total');
  const refused = Number(/outcome="queued",code="http_429"\} (\d+)/.exec(counted)?.[1]);
  expect(refused).toBeGreaterThan(0);
  // Without learning, three of four calls would be refused: three times as many as people.
  expect(refused).toBeLessThan(PEOPLE);
  expect(readFileSync(file, 'utf8')).toContain('The provider takes less than the cap: sending slower');
}, 90_000);
