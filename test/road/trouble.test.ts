/** Trouble on the whole road: what stops a sender, a template, a campaign, and who goes again afterwards. */
import { checkAgainstSandbox } from '../../local/demo-check';
import { campaignWorkflowId, progressQuery } from '../../workflows/messages';
import { onRoad, ordinaryPhones, phoneEnding, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(300_000);
beforeAll(() => quietRuntime());

/** Each test has a road of its own, several at once: what stops a sender would stop the campaigns of all. */
const alone = (body: (road: Road) => Promise<void>) => () => onRoad({ sendsPerSecond: 40 }, body);

const by = { kind: 'cli' as const };
async function stateOf(road: Road, id: string): Promise<string> {
  return (await road.store.campaigns.find(id))!.state;
}
async function becomes(road: Road, id: string, state: string): Promise<void> {
  await waitFor(async () => (await stateOf(road, id)) === state, {
    what: `campaign ${id} to be ${state}`,
    limitMs: 120_000,
  });
}
async function allIsWell(road: Road, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  }
}

test.concurrent(
  'error pause and resume: an empty wallet pauses every running campaign of the sender; topped up and resumed, its victims return',
  alone(async (road) => {
    const phones = ordinaryPhones(200);
    const first = await road.startTo(phones.slice(0, 100));
    const second = await road.startTo(phones.slice(100));
    await waitFor(async () => (await road.accepted()).accepted > 20, { what: 'some messages', limitMs: 40_000 });
    await road.control('PUT', '/sandbox/gupshup/settings', { walletBalance: 0 });
    await Promise.all([becomes(road, first, 'paused'), becomes(road, second, 'paused')]);
    for (const id of [first, second]) {
      expect((await road.store.campaigns.find(id))?.stateReason).toMatchObject({ error: { code: '1003' } });
    }
    // The failures of what Gupshup had taken before come after the pause; whoever resumes has seen them all.
    await waitFor(
      async () => {
        // What had been handed out before the pause may go out after it.
        const runs = await Promise.all([first, second].map((id) => road.temporal.workflow.getHandle(campaignWorkflowId(id)).query(progressQuery))); // prettier-ignore
        const counts = await Promise.all([first, second].map((id) => road.store.deliveries.ledger(id)));
        return runs.every(({ inFlight }) => inFlight === 0) && counts.every(({ ledger }) => ledger.accepted + ledger.sending === 0); // prettier-ignore
      },
      { what: 'every failure to be in', limitMs: 30_000 },
    );
    await road.control('PUT', '/sandbox/gupshup/settings', { walletBalance: 1000 });
    // A failure that is reported only after the resume may pause it once more; the admin then presses again.
    for (const id of [first, second]) {
      await waitFor(
        async () => {
          const state = await stateOf(road, id);
          if (state === 'paused') await road.campaigns.command(id, { command: 'resume', by });
          return state === 'completed';
        },
        { what: `campaign ${id} to be completed`, limitMs: 120_000 },
      );
    }
    for (const id of [first, second]) {
      const { ledger } = await road.store.deliveries.ledger(id);
      expect(ledger).toMatchObject({ total: 100, failed: 0, unknown: 0, skipped: 0, queued: 0 });
    }
  }),
);

test.concurrent(
  'a blocked account (131031) pauses the campaign and puts its victim back to the queue: nobody has failed',
  alone(async (road) => {
    const victim = phoneEnding('964');
    const id = await road.startTo([victim, ...ordinaryPhones(200)], { pace: { ratePerSecond: 10 } });
    await becomes(road, id, 'paused');
    expect((await road.store.campaigns.find(id))?.stateReason).toMatchObject({ error: { code: '131031' } });
    const victims = async (): Promise<string[]> =>
      (await road.store.deliveries.stream(id).toArray()).flatMap(({ phone, state }) =>
        phone === victim ? [state] : [],
      );
    await waitFor(async () => (await victims()).join() === 'queued', {
      what: 'the victim to be queued again',
      limitMs: 30_000,
    });
    const { ledger } = await road.store.deliveries.ledger(id);
    expect(ledger).toMatchObject({ total: 201, failed: 0, unknown: 0 });
  }),
);

test.concurrent(
  'a template paused in mid-run stops its campaign, not the other one',
  alone(async (road) => {
    const phones = ordinaryPhones(200);
    // At a pace that leaves people for after the pause, however slow the machine is.
    const paused = await road.startTo(phones.slice(0, 120), { pace: { ratePerSecond: 5 } });
    const other = await road.startTo(phones.slice(120), {
      template: 'order_ready',
      parameters: [
        { kind: 'text', value: 'Анна' },
        { kind: 'text', value: '7' },
      ],
    });
    const { template } = (await road.store.campaigns.find(paused))!;
    await waitFor(async () => (await road.accepted()).accepted > 20, { what: 'some messages', limitMs: 40_000 });
    await road.control('POST', `/sandbox/gupshup/templates/${template.id}/status`, { status: 'PAUSED' });
    await becomes(road, paused, 'paused');
    await becomes(road, other, 'completed');
    expect(await stateOf(road, paused)).toBe('paused');
    await road.control('POST', `/sandbox/gupshup/templates/${template.id}/status`, { status: 'APPROVED' });
    await road.campaigns.command(paused, { command: 'setRate', ratePerSecond: 40, by });
    await road.campaigns.command(paused, { command: 'resume', by });
    await becomes(road, paused, 'completed');
    await allIsWell(road, other);
  }),
);

test.concurrent(
  'breaker: a campaign whose messages mostly fail is paused with the share and the code',
  alone(async (road) => {
    // So many that it still sends at the breaker's later looks, however late a busy machine brings the failures.
    const id = await road.startTo([
      ...Array.from({ length: 2_400 }, (_, index) => phoneEnding('931', index)),
      ...ordinaryPhones(50),
    ]);
    await becomes(road, id, 'paused');
    const reason = (await road.store.campaigns.find(id))?.stateReason;
    expect(reason).toMatchObject({ error: { code: 'failure_share', detail: expect.stringContaining('131026') } });
    await road.campaigns.command(id, { command: 'cancel', by });
    await becomes(road, id, 'cancelled');
  }),
);

test.concurrent(
  'a message that failed for a passing reason after acceptance goes again by itself',
  alone(async (road) => {
    // 937: internal error once, then delivered. 946: service down, always.
    const id = await road.startTo([phoneEnding('937'), phoneEnding('945'), ...ordinaryPhones(5)]);
    await becomes(road, id, 'completed');
    const { ledger } = await road.store.deliveries.ledger(id);
    expect(ledger.delivered + ledger.read).toBe(7);
    expect(ledger.failed).toBe(0);
  }),
);

test.concurrent(
  '429 in the middle: it slows down, waits, and nobody has failed',
  alone(async (road) => {
    await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 15 });
    const id = await road.startTo(ordinaryPhones(60));
    await becomes(road, id, 'completed');
    const { ledger } = await road.store.deliveries.ledger(id);
    expect(ledger).toMatchObject({ total: 60, failed: 0, unknown: 0, skipped: 0 });
    await allIsWell(road, id);
  }),
);
