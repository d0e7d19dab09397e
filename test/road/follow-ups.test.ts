/**
 * Follow-ups on the whole road: who answered, opted out, or whose lead moved leaves; the control group stays without a
 * word; each step's ledger balances; and a worker killed where a step begins, so that it begins once.
 */
import { join } from 'node:path';
import { channelOf } from '../../config/crash-points';
import { balances } from '../../domain/story/ledger';
import type { FollowUp } from '../../domain/follow-ups';
import { followUpsWorkflowId } from '../../domain/story/follow-ups';
import type { CampaignDraft, FollowUpsStatus } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import { adoptCampaigns } from '../../campaigns/adopt';
import { SANDBOX_APPS } from '../../sandbox/credentials';
import { queued } from '../store/support';
import { onRoad, ordinaryPhones, phoneEnding, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { spawnRole, startWorkerProcess } from '../support/worker-process';
import { crmOf, STAGE } from './crm-leads';

const DIE = join(__dirname, '../support/die-at.cjs');
const by = { kind: 'cli' as const };
const step = (to: FollowUp['to'], template = 'showroom_invitation'): FollowUp => ({
  to, template, afterMs: 60_000, parameters: [],
}); // prettier-ignore

beforeAll(() => quietRuntime());

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

/** Creates it; its follow-ups come within seconds, as no admin can ask for. */
async function create(road: Road, draft: Partial<CampaignDraft>, afterMs = [1_000]): Promise<string> {
  const { id } = ok(
    await road.campaigns.create({
      name: 'chain', template: 'showroom_invitation', audience: { kind: 'phones', phones: [] }, audienceLabel: 'typed in', parameters: [], createdBy: by, ...draft,
    }),
  ); // prettier-ignore
  for (const index of (draft.followUps ?? []).keys())
    await road.store.chains
      .keepEdit(id, `soon${index}`, { afterMs: afterMs[index] ?? afterMs.at(-1)! })
      .then(() => road.store.chains.takeEdit(id, index, `soon${index}`));
  return id;
}

/** Creates and starts it. */
async function begin(...given: Parameters<typeof create>): Promise<string> {
  const id = await create(...given);
  ok(await given[0].campaigns.start(id));
  return id;
}

async function stands(road: Road, id: string, states: string[]): Promise<FollowUpsStatus> {
  let last: FollowUpsStatus | undefined;
  await waitFor(
    async () => {
      last = ok(await road.campaigns.followUps.find(id));
      return states.includes(last.state);
    },
    { what: `the follow-ups are ${states.join(' or ')}`, limitMs: 90_000 },
  );
  return last!;
}

interface Sent {
  id: string;
  phone: string;
  state: string;
}

/** Every message that Gupshup has taken. */
const allSent = async (road: Road): Promise<Sent[]> =>
  (await road.control('GET', '/sandbox/whatsapp/messages?limit=5000')) as Sent[];

/** As Gupshup's stand-in has it. */
interface Message {
  messageId: string;
  state: string;
  receiptsLeft: number;
}

/** How many messages of the campaign have receipts that are still to come, or have arrived at Gupshup and not with us. */
async function receiptsToCome(road: Road, id: string): Promise<number> {
  const arrived = ['delivered', 'read'] as const;
  const theirs = (await road.control('GET', '/sandbox/gupshup/messages')) as Message[];
  const all = await road.store.deliveries.stream(id).toArray();
  const ours = new Map(all.map(({ messageId, state }) => [messageId, state]));
  return theirs.filter(({ messageId, state, receiptsLeft }) => {
    const own = ours.get(messageId);
    const isArrived = arrived.some((one) => one === state) && !arrived.some((one) => one === own);
    return own !== undefined && (receiptsLeft > 0 || isArrived);
  }).length;
}

test.concurrent(
  'leads that answer, opt out or move leave; the rest get each step once, the control group nothing',
  () =>
    onRoad({}, async (road) => {
      await road.control('PUT', '/sandbox/gupshup/settings', { readShare: 0.5 });
      const crm = crmOf(road);
      const id = await begin(road, {
        audience: { kind: 'crm', ...STAGE },
        controlPercent: 10,
        followUps: [step('not_replied'), step('not_read')],
      });
      const { followUps } = road.campaigns;
      expect(ok(await followUps.pause(id, { by })).state).toBe('paused');
      expect(await followUps.pause(id, { by })).toMatchObject({ ok: false, refusal: { code: 'follow_ups_state' } });
      ok(await road.campaigns.wait(id, { signal: AbortSignal.timeout(90_000) }));

      const people = await road.store.deliveries.stream(id, { states: ['delivered'] }).toArray();
      const [a, b, c, d, e, f] = people;
      for (const one of [a, b])
        await road.control('POST', `/sandbox/whatsapp/${one!.phone!.slice(1)}/reply`, {
          text: 'Интересно, расскажите',
        });
      await road.control('POST', `/sandbox/whatsapp/${c!.phone!.slice(1)}/reply`, { text: 'СТОП' });
      await waitFor(async () => (await road.store.replies.countPeople(id)) === 2 && (await road.store.replies.countStops(id)) === 1, { what: 'the answers', limitMs: 30_000 }); // prettier-ignore
      for (const [lead, status_id] of [
        [d, 142],
        [e, 143],
        [f, 58_200_004],
      ] as const)
        // prettier-ignore
        expect((await crm.patch(Number(lead!.origin), { status_id, pipeline_id: STAGE.pipelineId })).status).toBe(200);

      // Seen and edited as one thing, meanwhile.
      const edited = ok(await followUps.edit(id, { step: 2, afterMs: 120_000, by }));
      expect(edited.steps[1]).toMatchObject({ afterMs: 120_000, editedAt: expect.any(Date) });
      await road.store.chains.keepEdit(id, 'soon', { afterMs: 1_000 });
      await road.temporal.workflow
        .getHandle(followUpsWorkflowId(id))
        .executeUpdate('edit', { args: [{ by: 'test', step: 1, edit: 'soon', afterMs: 1_000 }] });
      expect(await followUps.edit(id, { step: 3, afterMs: 120_000, by })).toMatchObject({
        refusal: { code: 'follow_up_none' },
      });
      expect(await followUps.edit(id, { step: 1, template: 'no_such', by })).toMatchObject({ ok: false });

      // On a busy machine receipts come after the campaign's end as well; the chain has been paused meanwhile. Some never come.
      await waitFor(async () => (await receiptsToCome(road, id)) === 0, { what: 'the last receipts', limitMs: 60_000 });
      const first = ok(await road.campaigns.status(id, { fresh: true }));
      const reached = first.ledger.delivered + first.ledger.read;
      expect(first.skips['control']).toBeGreaterThan(0);
      ok(await followUps.resume(id, { by }));
      const { steps } = await stands(road, id, ['completed']);
      const [one, two] = steps.map(({ campaign }) => campaign!);
      expect([one!.name, two!.name]).toEqual(['chain ↪1', 'chain ↪2']);
      for (const campaign of [one!, two!]) {
        expect(campaign.state).toBe('completed');
        expect(balances(campaign.ledger)).toBe(true);
        expect(campaign.ledger.total).toBe(reached);
        // The person of d, e and f is another lead's as well, perhaps: what counts is whose message it was.
        expect(campaign.skips).toMatchObject({ replied: 2, lead_moved: 3, opted_out: 1 });
      }
      expect(one!.skips['acted']).toBeUndefined();
      // Half have read the first message, and of the rest half the second.
      expect(two!.skips['acted']).toBeGreaterThan(reached / 2);

      // One whose message fails once gets it again.
      const sent = (await allSent(road)).filter(({ state }) => state !== 'failed');
      const perPhone = new Map<string, number>();
      for (const { phone } of sent) perPhone.set(phone, (perPhone.get(phone) ?? 0) + 1);
      expect(Math.max(...perPhone.values())).toBeLessThanOrEqual(3);
      const control = await road.store.deliveries.stream(id, { states: ['skipped'] }).toArray();
      for (const { phone, skipReason } of control)
        if (skipReason === 'control') expect(perPhone.get(phone!.slice(1)) ?? perPhone.get(phone!)).toBeUndefined();
      // Nobody got a step twice: what Gupshup has taken is what the three ledgers know, one delivery a person each.
      const booked = new Set<string>();
      const unknown = new Set<string>();
      for (const { id: own } of [first, one!, two!])
        for await (const { messageId, state, phone } of road.store.deliveries.stream(own)) {
          if (messageId) booked.add(messageId);
          if (state === 'unknown') unknown.add(phone!.slice(1));
        }
      expect(
        sent.filter(({ id: message, phone }) => !booked.has(message) && !unknown.has(phone.replace('+', ''))),
      ).toEqual([]);

      // Integers and ids only.
      const { events = [] } = await road.temporal.workflow.getHandle(followUpsWorkflowId(id)).fetchHistory();
      const history = JSON.stringify(events, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      );
      expect(history).toContain(id);
      for (const { phone } of people) expect(history).not.toContain(phone!.slice(1));
      expect(history).not.toContain('СТОП');
    }),
  240_000,
);

test.concurrent(
  'SIGKILL of the worker before and after it makes a step: the step begins once, and nobody gets it twice',
  () =>
    onRoad({ workers: false }, async (road) => {
      const settings = { GUPSHUP_SENDS_PER_SECOND: '100', SETTLE_QUIET_SECONDS: '2' };
      const phones = [...ordinaryPhones(5), phoneEnding('922'), phoneEnding('922', 1)];
      const mortal = (moment: 'start' | 'asyncEnd'): ReturnType<typeof spawnRole> =>
        spawnRole(road, 'worker', { ...settings, DIE_AT: channelOf('follow-up'), DIE_WHEN: moment }, [DIE]);
      const dying = mortal('start');
      const id = await begin(road, {
        audience: { kind: 'phones', phones },
        followUps: [step('not_replied')],
      });
      expect((await dying.ended).signal).toBe('SIGKILL');
      expect(await road.store.chains.ofCampaign(id)).toHaveLength(0);
      expect((await mortal('asyncEnd').ended).signal).toBe('SIGKILL');
      const worker = await startWorkerProcess(road, 100, settings);
      try {
        const { steps } = await stands(road, id, ['completed']);
        expect(steps[0]!.campaign).toMatchObject({ state: 'completed', ledger: { total: phones.length, skipped: 0 } });
        expect(await road.store.chains.ofCampaign(id)).toHaveLength(1);
        const sent = await allSent(road);
        expect(sent).toHaveLength(2 * phones.length);
        expect(new Set(sent.map(({ phone }) => phone)).size).toBe(phones.length);
      } finally {
        await worker.end('SIGTERM');
      }
    }),
  240_000,
);

test.concurrent(
  'a chain whose workflow was terminated is lost; resumed it goes on where it stood, cancelled it is recorded so',
  () =>
    onRoad({}, async (road) => {
      const { followUps } = road.campaigns;
      const audience = { kind: 'phones' as const, phones: ordinaryPhones(3) };
      const id = await begin(road, { audience, followUps: [step('not_replied'), step('not_read')] }, [1_000, 3_600_000]);
      const counts = async (): Promise<boolean> => {
        const { state, next } = ok(await followUps.find(id));
        return state === 'counting' && next === 2;
      };
      const terminate = async (): Promise<void> => {
        await waitFor(counts, { what: 'the second step to count', limitMs: 90_000 });
        await road.temporal.workflow.getHandle(followUpsWorkflowId(id)).terminate('by mistake');
        await waitFor(async () => ok(await followUps.find(id)).lost === true, { what: 'the chain to be lost' });
      };
      await terminate();
      expect(await followUps.pause(id, { by })).toMatchObject({ refusal: { code: 'follow_ups_state' } });
      ok(await followUps.resume(id, { by }));
      await terminate();
      expect(await road.store.chains.ofCampaign(id)).toHaveLength(1);
      const cancelled = ok(await followUps.cancel(id, { by }));
      expect(cancelled).toMatchObject({ state: 'cancelled', reason: { by: 'cli' }, next: 2 });
      // Nothing comes any more.
      expect(cancelled.dueAt).toBeUndefined();
      expect(await followUps.resume(id, { by })).toMatchObject({ refusal: { code: 'follow_ups_state' } });
      expect(await allSent(road)).toHaveLength(6);
    }),
  240_000,
); // prettier-ignore

test.concurrent(
  'adopted by another Temporal, a chain that was paused stays so, and a sender that stood aside sends nothing',
  () =>
    onRoad({ senders: 2 }, async (road) => {
      const { store, temporal } = road;
      const second = SANDBOX_APPS[1].appName;
      const phones = ordinaryPhones(8);
      const id = await create(road, {
        audience: { kind: 'phones', phones },
        alsoFrom: [second],
        followUps: [step('not_read')],
      });
      // As it stood when its Temporal went away.
      await store.deliveries.freeze(id, phones.map((phone, n) => queued(n, { phone })));
      for (const state of ['preparing', 'running'] as const) await store.campaigns.move(id, state);
      await store.campaigns.setAside(id, { sender: second, trouble: { code: 'account_event', detail: 'DISABLE' } });
      await store.chains.record(id, { state: 'paused', step: 0, reason: { by: 'admin' } }, 1);
      const settle = { quietMs: 2_000, maxMs: 60_000 };
      const adopted = await adoptCampaigns({ store, temporal, settle, capOf: () => 100, timezone: 'Europe/Moscow' });
      expect(adopted).toMatchObject({ value: [{ id, started: true }] });
      ok(await road.campaigns.wait(id, { signal: AbortSignal.timeout(90_000) }));
      expect((await road.accepted()).accepted).toBe(phones.length);
      expect((await road.accepted(second)).accepted).toBe(0);
      expect(ok(await road.campaigns.followUps.find(id))).toMatchObject({ state: 'paused', reason: { by: 'admin' }, next: 1 });
      const { followUps } = road.campaigns;
      ok(await followUps.resume(id, { by }));
      await stands(road, id, ['completed']);
      expect(await store.chains.ofCampaign(id)).toHaveLength(1);
    }),
  240_000,
); // prettier-ignore

test.concurrent(
  'a chain that is lost while a step sends: cancelled, the step sends no more either',
  () =>
    onRoad({}, async (road) => {
      const phones = ordinaryPhones(8);
      const audience = { kind: 'phones' as const, phones };
      const id = await begin(road, { audience, pace: { ratePerSecond: 1 }, followUps: [step('not_replied')] });
      const { steps } = await stands(road, id, ['sending']);
      const { campaignId } = (await road.store.campaigns.find(id))!.chain!.steps[0]!;
      expect(steps).toHaveLength(1);
      await road.temporal.workflow.getHandle(followUpsWorkflowId(id)).terminate('by mistake');
      await waitFor(async () => ok(await road.campaigns.followUps.find(id)).lost === true, { what: 'it to be lost' });
      expect(ok(await road.campaigns.followUps.cancel(id, { by })).state).toBe('cancelled');
      const result = ok(await road.campaigns.wait(campaignId!, { signal: AbortSignal.timeout(60_000) }));
      expect(result.state).toBe('cancelled');
      expect((await allSent(road)).length).toBeLessThan(2 * phones.length);
    }),
  240_000,
);

test.concurrent(
  'adopted before its campaign began, a chain that was paused stays so, and one that was cancelled does not come back',
  () =>
    onRoad({}, async (road) => {
      const { store, temporal } = road;
      const phones = ordinaryPhones(6);
      const made: string[] = [];
      for (const state of ['paused', 'cancelled'] as const) {
        const audience = { kind: 'phones' as const, phones: phones.splice(0, 3) };
        const id = await create(road, { audience, followUps: [step('not_replied')] });
        await store.campaigns.move(id, 'preparing');
        await store.chains.record(id, { state, step: 0, reason: { by: 'admin' } }, 1);
        made.push(id);
      }
      const [paused, cancelled] = made as [string, string];
      const settle = { quietMs: 2_000, maxMs: 60_000 };
      ok(await adoptCampaigns({ store, temporal, settle, capOf: () => 100, timezone: 'Europe/Moscow' }));
      for (const id of made) ok(await road.campaigns.wait(id, { signal: AbortSignal.timeout(90_000) }));
      expect(ok(await road.campaigns.followUps.find(paused))).toMatchObject({
        state: 'paused',
        reason: { by: 'admin' },
      });
      expect(ok(await road.campaigns.followUps.find(cancelled))).toMatchObject({ state: 'cancelled' });
      await expect(temporal.workflow.getHandle(followUpsWorkflowId(cancelled)).describe()).rejects.toThrow();
      ok(await road.campaigns.followUps.resume(paused, { by }));
      await stands(road, paused, ['completed']);
      expect(await store.chains.ofCampaign(cancelled)).toEqual([]);
      expect(await allSent(road)).toHaveLength(9);
    }),
  240_000,
);
