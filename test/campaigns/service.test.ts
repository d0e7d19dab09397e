/** The lifecycle service: what it starts, commands and tells, and how it says no. */
import { Client, Connection } from '@temporalio/client';
import { createServer, type AddressInfo } from 'node:net';
import { createCampaignService } from '../../campaigns/service';
import type { CampaignDraft, CampaignService } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import type { Store } from '../../store/connect';
import { balances } from '../../domain/story/ledger';
import { CAMPAIGN_WORKFLOW, CAMPAIGNS_QUEUE, campaignWorkflowId } from '../../workflows/messages';
import { ordinaryPhones, phoneEnding, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(60_000);
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

const BY = { kind: 'cli' } as const;
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

function refusalOf(result: Result<unknown>): { code: string; values: object } {
  if (result.ok) throw new Error('expected a refusal');
  return result.refusal;
}

const draft = (changes: Partial<CampaignDraft> = {}): CampaignDraft => ({
  name: 'service',
  template: 'showroom_invitation',
  audience: { kind: 'phones', phones: ordinaryPhones(2) },
  audienceLabel: 'typed in',
  parameters: [],
  createdBy: BY,
  ...changes,
});

const create = async (changes: Partial<CampaignDraft> = {}): Promise<string> =>
  valueOf(await road.campaigns.create(draft(changes))).id;

/** The service of another process, with its own view of the outside. */
const serviceWith = (own: { store?: Store; temporal?: Client }): CampaignService =>
  createCampaignService({
    store: road.store, temporal: road.temporal, catalogue: road.catalogue,
    audience: { crm: { people: () => Promise.reject(new Error('not asked')) as never }, lists: road.store.lists, deliveries: road.store.deliveries, replies: road.store.replies },
    senders: road.senders, country: 'RU', contactRules: { requireConsent: 'none' }, settle: { quietMs: 1_000, maxMs: 10_000 }, hours: undefined,
    ...own,
  }); // prettier-ignore

async function runsOf(id: string): Promise<number> {
  const { executions } = await road.temporal.workflowService.listWorkflowExecutions({
    namespace: road.namespace,
    query: `WorkflowId = "${campaignWorkflowId(id)}"`,
  });
  return executions!.length;
}

describe('starting a campaign', () => {
  test('twice, together and again after its end, is one run', async () => {
    const id = await create();
    const both = await Promise.all([road.campaigns.start(id), road.campaigns.start(id)]);
    both.forEach((result) => expect(valueOf(result).id).toBe(id));
    const ended = valueOf(await road.campaigns.wait(id));
    expect(ended.state).toBe('completed');
    expect(valueOf(await road.campaigns.start(id)).state).toBe('completed');
    expect(await runsOf(id)).toBe(1);
  });

  test('one whose workflow has ended before its start could be answered is no error', async () => {
    const id = await create();
    // Another process started it, and it ended; what this one has read is older.
    const handle = await road.temporal.workflow.start(CAMPAIGN_WORKFLOW, {
      workflowId: campaignWorkflowId(id),
      taskQueue: `${CAMPAIGNS_QUEUE}-nobody`,
    });
    await handle.terminate('the test ends it');
    expect(valueOf(await road.campaigns.start(id)).id).toBe(id);
    expect(await runsOf(id)).toBe(1);
  });

  test('by a process that slept before its answer brings back no earlier state', async () => {
    const id = await create({ lateStart: { policy: 'ask', afterMs: 0 } });
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const move: Store['campaigns']['move'] = (...all) => asleep.then(() => road.store.campaigns.move(...all));
    const slow = serviceWith({ store: { ...road.store, campaigns: { ...road.store.campaigns, move } } });
    const starting = slow.start(id, { at: new Date(Date.now() + 1_000) });
    // A timer is never on time to the millisecond, and this campaign then asks.
    const isPaused = async (): Promise<boolean> => (await road.store.campaigns.find(id))?.state === 'paused';
    await waitFor(isPaused, { what: 'the campaign to ask', limitMs: 20_000 });
    wake();
    expect(valueOf(await starting).state).toBe('paused');
    valueOf(await road.campaigns.command(id, { command: 'cancel', by: BY }));
  });

  test('in the past is refused, and leaves a draft', async () => {
    const id = await create();
    expect(refusalOf(await road.campaigns.start(id, { at: new Date(Date.now() - 1_000) })).code).toBe('time_past');
    expect(valueOf(await road.campaigns.status(id))).toMatchObject({ state: 'draft' });
    expect(await runsOf(id)).toBe(0);
  });

  test('of one that does not exist is refused', async () => {
    expect(refusalOf(await road.campaigns.start('nobody'))).toEqual({ code: 'campaign_not_found', values: { id: 'nobody' } });
  }); // prettier-ignore

  test('later waits, can be moved, and cancelled: nobody gets anything', async () => {
    const before = await road.accepted();
    const id = await create();
    const at = inAnHour();
    expect(valueOf(await road.campaigns.start(id, { at }))).toMatchObject({ state: 'scheduled', scheduledAt: at });
    const later = new Date(at.getTime() + 60_000);
    const moved = await road.campaigns.command(id, { command: 'reschedule', at: later, by: BY });
    expect(valueOf(moved).scheduledAt).toEqual(later);
    const past = await road.campaigns.command(id, { command: 'reschedule', at: new Date(0), by: BY });
    expect(refusalOf(past).code).toBe('time_past');
    const cancelled = valueOf(await road.campaigns.command(id, { command: 'cancel', by: BY }));
    expect(cancelled).toMatchObject({ state: 'cancelled', endedAt: expect.any(Date) });
    expect((await road.accepted()).accepted).toBe(before.accepted);
  });
});

describe('a command that does not fit', () => {
  test.each(['pause', 'resume', 'cancel'] as const)('%s of a draft is refused with its state', async (command) => {
    const id = await create();
    const refusal = refusalOf(await road.campaigns.command(id, { command, by: BY }));
    expect(refusal).toEqual({ code: 'campaign_state', values: { command, state: 'draft' } });
  });

  test('is refused with the state that the campaign is in', async () => {
    const id = await create();
    valueOf(await road.campaigns.start(id, { at: inAnHour() }));
    for (const command of ['pause', 'resume'] as const) {
      const refusal = refusalOf(await road.campaigns.command(id, { command, by: BY }));
      expect(refusal).toEqual({ code: 'campaign_state', values: { command, state: 'scheduled' } });
    }
    valueOf(await road.campaigns.command(id, { command: 'cancel', by: BY }));
    const after = refusalOf(await road.campaigns.command(id, { command: 'cancel', by: BY }));
    expect(after).toEqual({ code: 'campaign_state', values: { command: 'cancel', state: 'cancelled' } });
  });

  test('is refused when there is no such campaign, or a rate that is none', async () => {
    expect(refusalOf(await road.campaigns.command('nobody', { command: 'cancel', by: BY })).code).toBe('campaign_not_found');
    const id = await create();
    valueOf(await road.campaigns.start(id, { at: inAnHour() }));
    for (const ratePerSecond of [0, -1, NaN])
      expect(refusalOf(await road.campaigns.command(id, { command: 'setRate', ratePerSecond, by: BY })).code).toBe('rate_invalid');
    expect(valueOf(await road.campaigns.command(id, { command: 'setRate', ratePerSecond: 3, by: BY })).ratePerSecond).toBe(3);
    valueOf(await road.campaigns.command(id, { command: 'cancel', by: BY }));
  }); // prettier-ignore
});

test('paused, asked for its state, resumed: the same button pressed twice is one command', async () => {
  const id = await create({ audience: { kind: 'phones', phones: ordinaryPhones(60) }, pace: { ratePerSecond: 20 } });
  valueOf(await road.campaigns.start(id));
  await waitFor(async () => valueOf(await road.campaigns.status(id)).state === 'running', {
    what: 'the campaign to run',
  });
  const press = { command: 'pause', by: BY, updateId: 'button-1' } as const;
  const [first, second] = await Promise.all([road.campaigns.command(id, press), road.campaigns.command(id, press)]);
  expect([valueOf(first).state, valueOf(second).state]).toEqual(['paused', 'paused']);
  expect(valueOf(first).stateReason).toEqual({ by: 'cli' });
  const { ledger, ledgerAgeMs } = valueOf(await road.campaigns.status(id, { fresh: true }));
  expect(balances(ledger)).toBe(true);
  expect([ledger.total, ledgerAgeMs]).toEqual([60, 0]);
  expect(ledger.queued).toBeGreaterThan(0);
  valueOf(await road.campaigns.command(id, { command: 'resume', by: BY }));
  // The old button again, after the resume: still the command of before.
  expect(valueOf(await road.campaigns.command(id, press)).state).not.toBe('paused');
  const seen: number[] = [];
  const ended = valueOf(await road.campaigns.wait(id, { onProgress: (status) => seen.push(status.ledger.total) }));
  expect(ended).toMatchObject({ state: 'completed', ledger: { total: 60, queued: 0, sending: 0, skipped: 0 } });
  expect(seen.every((total) => total === 60)).toBe(true);
  const journal = await road.store.audit.find({ campaignId: id }).toArray();
  expect(journal).toEqual(
    expect.arrayContaining(
      [
        { what: 'campaign start', before: { state: 'draft' } },
        { what: 'campaign pause', before: { state: 'running' }, after: { state: 'paused' } },
        { what: 'campaign resume', before: { state: 'paused' }, after: { state: 'running' } },
      ].map((change) => expect.objectContaining({ action: 'changed', actor: BY, ...change })),
    ),
  );
});

describe('one message to one number', () => {
  test('is accepted, and answers with its delivery', async () => {
    const sent = await road.campaigns.sendOne({ template: 'showroom_invitation', phone: '8 (925) 100-00-01', params: [], by: BY });
    const { id, delivery } = valueOf(sent);
    expect(delivery).toMatchObject({ phone: '+79251000001', messageId: expect.any(String) });
    expect(['accepted', 'sent', 'delivered', 'read']).toContain(delivery.state);
    // A campaign of one, which lists show.
    expect((await road.campaigns.list({ limit: 100 })).some((one) => one.id === id)).toBe(true);
    expect(await road.store.campaigns.find(id)).toMatchObject({ test: true, single: true });
  }); // prettier-ignore

  test('that Gupshup refuses says so', async () => {
    const phone = phoneEnding('900', 77);
    const { delivery } = valueOf(await road.campaigns.sendOne({ template: 'showroom_invitation', phone, params: [], by: BY }));
    expect(delivery).toMatchObject({ state: 'failed', code: 'http_400' });
  }); // prettier-ignore

  test('to what is no number, or with what is no template, is refused before anything is kept', async () => {
    const one = { template: 'showroom_invitation', phone: '12', params: [], by: BY };
    expect(refusalOf(await road.campaigns.sendOne(one))).toEqual({ code: 'phone_invalid', values: { value: '12' } });
    expect(refusalOf(await road.campaigns.sendOne({ ...one, phone: '+79251000002', template: 'nobody' })).code).toBe('template_not_found');
    expect(refusalOf(await road.campaigns.sendOne({ ...one, phone: '+79251000002', params: ['1'] })).code).toBe('parameters_too_many');
  }); // prettier-ignore
});

describe('when Temporal is away', () => {
  let away: CampaignService;
  let connection: Connection;
  beforeAll(async () => {
    // A port that was free a moment ago.
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = server.address() as AddressInfo;
        server.close(() => resolve(free));
      });
    });
    connection = Connection.lazy({ address: `127.0.0.1:${port}`, connectTimeout: 2_000 });
    away = serviceWith({ temporal: new Client({ connection, namespace: road.namespace }) });
  });
  afterAll(() => connection?.close());

  test('starts and commands are refused, what the store knows is told, and all goes on once it is back', async () => {
    const [id, scheduled] = [await create(), await create()];
    valueOf(await road.campaigns.start(scheduled, { at: inAnHour() }));
    const refusals = await Promise.all([
      away.start(id, { at: inAnHour() }),
      away.command(scheduled, { command: 'cancel', by: BY }),
    ]);
    for (const refusal of refusals.map(refusalOf))
      expect(refusal).toMatchObject({ code: 'temporal_unreachable', values: { detail: expect.any(String) } });
    expect(valueOf(await away.status(id)).state).toBe('draft');
    expect(valueOf(await away.status(scheduled)).state).toBe('scheduled');
    expect((await away.list()).some((one) => one.id === scheduled)).toBe(true);

    // Started now after all: the time that was asked for before is not shown any more.
    expect(valueOf(await road.campaigns.start(id))).not.toHaveProperty('scheduledAt');
    expect(valueOf(await road.campaigns.wait(id)).state).toBe('completed');
    expect(valueOf(await road.campaigns.command(scheduled, { command: 'cancel', by: BY })).state).toBe('cancelled');
  });
});
