/** A campaign on the whole road: from the CRM stage or typed numbers to receipts and a balanced ledger. */
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { balances } from '../../domain/story/ledger';
import { checkAgainstSandbox } from '../../local/demo-check';
import { campaignWorkflowId } from '../../workflows/messages';
import { onRoad, ordinaryPhones, phoneEnding, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(120_000);
beforeAll(() => quietRuntime());

/** Each test has a road of its own, several at once. */
const alone = (body: (road: Road) => Promise<void>) => () => onRoad({}, body);

async function ended(road: Road, id: string): Promise<Awaited<ReturnType<Road['campaigns']['status']>> & { ok: true }> {
  const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(100_000) });
  if (!result.ok) throw new Error(result.refusal.code);
  return result;
}

/** A history as text, its base64 payloads opened. */
function decoded(history: unknown): string {
  return JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value,
  );
}

test.concurrent(
  'reaches everybody in a stage of the CRM once, and its ledger equals what Gupshup counts',
  alone(async (road) => {
    const pipelines = await road.catalogue.pipelines();
    if (!pipelines.ok) throw new Error(pipelines.refusal.code);
    const pipeline = pipelines.value.find(({ name }) => name === 'Продажи')!;
    const stage = pipeline.statuses.find(({ name }) => name === 'База для рассылки')!;
    const id = await road.startTo([], {
      audience: { kind: 'crm', pipelineId: pipeline.id, statusId: stage.id },
      audienceLabel: `${pipeline.name} / ${stage.name}`,
    });
    const { value: status } = await ended(road, id);
    expect(status.state).toBe('completed');
    expect(balances(status.ledger)).toBe(true);
    expect(status.ledger.total).toBeGreaterThan(250);
    expect(status.ledger.queued + status.ledger.sending).toBe(0);
    expect(status.skips).toMatchObject({ duplicate: expect.any(Number) });

    expect((await road.accepted()).phonesWithSeveral).toEqual([]);
    const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  }),
);

test.concurrent(
  'a canary: the first five alone, the question with its figures, and after Resume the rest',
  alone(async (road) => {
    const id = await road.startTo(ordinaryPhones(12), { canary: { people: 5, waitMs: 1_000, goOn: 'ask' } });
    await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'paused', {
      what: 'the question',
      limitMs: 60_000,
    });
    const { stateReason } = (await road.store.campaigns.find(id))!;
    expect(stateReason).toMatchObject({ error: { code: expect.stringMatching(/^canary_/), values: { people: 5 } } });
    expect(await road.accepted()).toMatchObject({ accepted: 5, distinctPhones: 5 });
    expect((await road.store.deliveries.ledger(id)).ledger.queued).toBe(7);
    const resumed = await road.campaigns.command(id, { command: 'resume', by: { kind: 'cli' } });
    expect(resumed.ok).toBe(true);
    const { value: status } = await ended(road, id);
    expect([status.state, balances(status.ledger)]).toEqual(['completed', true]);
    expect(await road.accepted()).toMatchObject({ accepted: 12, distinctPhones: 12, phonesWithSeveral: [] });
  }),
);

test.concurrent(
  'keeps phones, names and texts out of the history',
  alone(async (road) => {
    const [phone] = ordinaryPhones(1);
    const id = await road.startTo([phone!]);
    await ended(road, id);
    const handle = road.temporal.workflow.getHandle(campaignWorkflowId(id));
    const history = decoded(JSON.parse(historyToJSON(await handle.fetchHistory())));
    // Both would be found if they were there: payloads and summaries are decoded.
    expect(history.includes(id)).toBe(true);
    expect(history.includes('delivery 0')).toBe(true);
    for (const secret of [phone!.slice(1), phone!.slice(-7), 'шоурум']) expect(history.includes(secret)).toBe(false);
  }),
);

test.concurrent(
  'every kind of trouble ends in a state with a reason, and nobody is messaged twice',
  alone(async (road) => {
    const kinds = {
      '900': 'failed', // 400 Invalid Destination
      '901': 'done', // 429 once
      '903': 'done', // 503 once
      '905': 'done', // accepted, no answer: the receipts settle it
      '907': 'failed', // 202 with status error
      '909': 'done', // accepted, connection cut: the receipts settle it
      '910': 'accepted', // no receipt ever
      '912': 'read', // read without delivered
      '913': 'done', // failed after delivered
      '915': 'read', // read first
      '916': 'done', // receipt before the answer
      '931': 'failed', // 131026
    } as const;
    const endings = Object.keys(kinds) as (keyof typeof kinds)[];
    const id = await road.startTo(endings.map((ending) => phoneEnding(ending)));
    const { value: status } = await ended(road, id);
    expect(balances(status.ledger)).toBe(true);

    const done = ['sent', 'delivered', 'read'];
    await waitFor(
      async () => {
        const deliveries = await road.store.deliveries.stream(id).toArray();
        const wrong = deliveries.filter(({ phone, state }) => {
          const expected = kinds[phone!.slice(-3) as keyof typeof kinds];
          return expected === 'done' ? !done.includes(state) : state !== expected;
        });
        if (wrong.length > 0)
          throw new Error(
            wrong.map(({ phone, state, code }) => `…${phone!.slice(-3)} is ${state} ${code ?? ''}`).join(', '),
          );
        return true;
      },
      { what: 'every delivery to be where its ending leads', limitMs: 30_000 },
    );
    expect((await road.accepted()).phonesWithSeveral).toEqual([]);
  }),
);

test.concurrent(
  'start twice: one run, nobody gets two',
  alone(async (road) => {
    const created = await road.campaigns.create({
      name: 'twice',
      template: 'showroom_invitation',
      audience: { kind: 'phones', phones: [phoneEnding('001', 7)] },
      audienceLabel: 'one',
      parameters: [],
      createdBy: { kind: 'cli' },
    });
    if (!created.ok) throw new Error('refused');
    const { id } = created.value;
    const both = await Promise.all([road.campaigns.start(id), road.campaigns.start(id)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    await ended(road, id);
    expect((await road.campaigns.start(id)).ok).toBe(true);
    expect((await road.accepted()).phonesWithSeveral).toEqual([]);
  }),
);

test.concurrent(
  'all contacts invalid: completes with a report',
  alone(async (road) => {
    const id = await road.startTo(['12', 'call me']);
    const { value: status } = await ended(road, id);
    expect(status.state).toBe('completed');
    expect(status.skips).toEqual({ invalid_phone: 2 });
    await waitFor(() => road.notified.some((one) => one.campaignId === id && one.event === 'ended'), {
      what: 'the notice of its end',
    });
  }),
);
