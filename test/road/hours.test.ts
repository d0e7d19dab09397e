/** Sending hours on the whole road: Temporal, MongoDB, the sandbox over HTTP. */
import { DateTime } from 'luxon';
import type { SendingHours } from '../../domain/times/sending-hours';
import { campaignWorkflowId, progressQuery } from '../../workflows/messages';
import { startRoad, ordinaryPhones, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

let road: Road;

beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
}, 60_000);
afterAll(() => road?.close());

/** Hours around a moment of the zone, given by their distance from now. */
function hoursAround(fromHours: number, toHours: number, changes: Partial<SendingHours> = {}): SendingHours {
  const zone = changes.timezone ?? 'Europe/Minsk';
  const clock = (hours: number): string => DateTime.now().setZone(zone).plus({ hours }).toFormat('HH:mm');
  return {
    from: clock(fromHours), to: clock(toHours), days: [1, 2, 3, 4, 5, 6, 7], holidays: [], zone: 'campaign', timezone: zone, ...changes,
  }; // prettier-ignore
}

test('outside its hours a campaign sleeps on a timer, says until when, and can be cancelled', async () => {
  const id = await road.startTo(ordinaryPhones(30), { hours: hoursAround(2, 4) });
  const status = await waitFor(
    async () => {
      const found = await road.campaigns.status(id, { fresh: true });
      return found.ok && found.value.opensAt ? found.value : undefined;
    },
    { what: 'the campaign to be closed' },
  );
  expect(status.state).toBe('running');
  expect(status.ledger.queued).toBe(30);
  const inHours = (status.opensAt!.getTime() - Date.now()) / 3_600_000;
  expect(inHours).toBeGreaterThan(1.9);
  expect(inHours).toBeLessThan(2.1);
  const handle = road.temporal.workflow.getHandle(campaignWorkflowId(id));
  await waitFor(async () => (await handle.query(progressQuery)).inFlight === 0, { what: 'no send in flight' });

  const cancelled = await road.campaigns.command(id, { command: 'cancel', by: { kind: 'cli' } });
  expect(cancelled.ok && cancelled.value.state).toBe('cancelled');
  expect(cancelled.ok && cancelled.value.skips).toEqual({ cancelled: 30 });
  expect((await road.accepted()).accepted).toBe(0);
});

test("by the recipients' clocks those whose day it is get it now, the others when theirs begins", async () => {
  // Minsk is open, Tokyo, six hours ahead, is not.
  const minsk = ['+375291234501', '+375291234502'];
  const tokyo = ['+819012345601', '+819012345602', '+819012345603'];
  const hours = hoursAround(-1, 2, { zone: 'recipient' });
  const id = await road.startTo([...tokyo, ...minsk], { hours });
  await waitFor(
    async () => {
      const { ledger } = await road.store.deliveries.ledger(id);
      const due = await road.store.deliveries.nextDue(id);
      return ledger.queued === 3 && ledger.delivered + ledger.read === 2 && due!.getTime() > Date.now();
    },
    { what: 'Minsk to be delivered and Tokyo to wait' },
  );
  const opening = DateTime.now().setZone('Asia/Tokyo');
  for (const delivery of await road.store.deliveries.stream(id).toArray()) {
    if (!delivery.phone?.startsWith('+81')) continue;
    expect(delivery.attempts).toBe(0);
    expect(DateTime.fromJSDate(delivery.dueAt!, { zone: opening.zone }).toFormat('HH:mm')).toBe(hours.from);
  }
  await road.campaigns.command(id, { command: 'cancel', by: { kind: 'cli' } });
});

test('in a country of eleven zones nobody is skipped: the default zone counts, and that is seen before the start', async () => {
  const everywhere = hoursAround(0, 0, { from: '10:00', to: '19:00', zone: 'recipient', timezone: 'Europe/Moscow' });
  const draft = {
    name: 'narrow',
    template: 'showroom_invitation',
    audience: { kind: 'phones' as const, phones: ordinaryPhones(2) },
    audienceLabel: 'typed in',
    parameters: [],
    createdBy: { kind: 'cli' as const },
    hours: everywhere,
  };
  const found = await road.campaigns.preflight(draft);
  expect(found.ok && found.value).toMatchObject({
    sendable: 2,
    skips: {},
    blocking: [],
    warnings: expect.arrayContaining([
      { code: 'recipient_clocks', values: expect.objectContaining({ assumed: 2, zones: 'Europe/Moscow (2)' }) },
    ]),
    hours: everywhere,
  });
  const wrong = await road.campaigns.preflight({ ...draft, hours: { ...everywhere, timezone: 'Moon' } });
  expect(wrong.ok && wrong.value.blocking).toEqual([{ code: 'timezone_invalid', values: { value: 'Moon' } }]);
  const created = await road.campaigns.create({ ...draft, hours: { ...everywhere, to: '10:00' } });
  expect(!created.ok && created.refusal.code).toBe('hours_invalid');
});
