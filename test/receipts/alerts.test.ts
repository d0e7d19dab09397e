/** Gupshup's events about templates and the account, real bodies among them: what the team is to be told of, and once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertDocument } from '../../store/alerts';
import { campaignDocument } from '../store/support';
import { template } from '../domain/samples';
import { receiver, SENDER, v2 } from './ground';

const { own, save, applied, pauses } = receiver();

async function after(...bodies: object[]): Promise<void> {
  for (const body of bodies) {
    await save(body);
    await applied();
  }
}
const alertOf = (kind: AlertDocument['kind'], subject: string): Promise<AlertDocument | undefined> =>
  own().store.alerts.find(kind, subject);
const known = (changes: object = {}): Promise<void> =>
  own().store.templates.replace(SENDER, [{ ...template(), id: 't1', name: 'sale', language: 'ru', ...changes }], new Date(Date.now() - 60_000)); // prettier-ignore
const ofTemplate = (payload: object): object =>
  v2('template-event', { id: 't1', elementName: 'sale', languageCode: 'ru', ...payload });
const ofAccount = (payload: object): object => v2('account-event', payload);
const SALE = `${SENDER} sale/ru`;

test('real bodies of Gupshup: an approval is noted, a rejection is told with its reason', async () => {
  for (const name of ['approved', 'rejected']) {
    const text = readFileSync(join('test/fixtures/gupshup-webhooks', `webhook-v2-template-${name}.json`), 'utf8');
    const body = JSON.parse(text) as { payload: { id: string; elementName: string; languageCode: string } };
    await after({ ...body, app: SENDER, timestamp: Date.now() });
    const { elementName, languageCode } = body.payload;
    const alert = await alertOf('template', `${SENDER} ${elementName}/${languageCode}`);
    expect([alert?.condition.is, alert?.tellAt !== undefined]).toEqual([name.toUpperCase(), name === 'rejected']);
  }
}); // prettier-ignore

test('a template of a planned campaign is paused: nothing can be paused, the team is to be told', async () => {
  await known();
  await own().store.campaigns.insert(campaignDocument('plan', { state: 'scheduled', sender: SENDER, template: { ...template(), id: 't1' } }));
  await after(ofTemplate({ type: 'status-update', status: 'paused' }), ofTemplate({ type: 'status-update', status: 'paused' }));
  expect(await alertOf('template', SALE)).toMatchObject({ condition: { is: 'PAUSED' }, data: { templateIds: ['t1'] }, tellAt: expect.any(Date), version: 1 });
}); // prettier-ignore

test.each([
  ['falls', 'GREEN', 'Yellow', true],
  ['falls at once to the worst', 'UNKNOWN', 'RED', true],
  ['was known by the list already', 'RED', 'RED', true],
  ['rises', 'RED', 'Yellow', false],
  ['is good', 'YELLOW', 'GREEN', false],
])('quality %s', async (_what, before, now, isTold) => {
  await known({ quality: before });
  await after(ofTemplate({ type: 'quality-update', quality: now }));
  expect((await alertOf('templateQuality', SALE))?.tellAt !== undefined).toBe(isTold);
});

test('a category is announced, then changed: each is told, a repeat is not', async () => {
  await known();
  const announced = { type: 'category-update', category: { current: 'UTILITY', correct: 'MARKETING' } };
  await after(ofTemplate(announced));
  expect(await alertOf('templateCategory', SALE)).toMatchObject({ data: { category: 'MARKETING', announced: true } });
  await after(ofTemplate({ type: 'category-update', category: { old: 'UTILITY', new: 'MARKETING' } }));
  await after(ofTemplate({ type: 'category-update', category: { old: 'UTILITY', new: 'MARKETING' } }));
  expect(await alertOf('templateCategory', SALE)).toMatchObject({ data: { announced: false }, version: 2 });
});

test.each([
  ['ACCOUNT_VIOLATION', 'VIOLATION'],
  ['DISABLE', 'DISABLED'],
  ['ACCOUNT_RESTRICTED', 'RESTRICTED'],
])('%s of the account is told also where no campaign runs', async (status, condition) => {
  await own().store.campaigns.move('c', 'cancelled');
  await after(ofAccount({ type: 'status-event', payload: { status } }));
  expect(await alertOf('account', SENDER)).toMatchObject({ condition: { is: condition }, tellAt: expect.any(Date) });
});

test.each([
  ['a lower tier', 'DOWNGRADE', 'TIER_1K', true],
  ['a higher one', 'UPGRADE', 'TIER_100K', false],
])('%s', async (_what, event, currentLimit, isTold) => {
  await own().store.messaging.report(10_000);
  await after(ofAccount({ type: 'tier-event', payload: { event, oldLimit: 'TIER_10K', currentLimit } }));
  expect((await alertOf('tier', 'portfolio'))?.tellAt !== undefined).toBe(isTold);
  expect((await own().store.messaging.rules()).limit).toBe(currentLimit === 'TIER_1K' ? 1_000 : 100_000);
});

test('a flagged number is told; of another app nothing is', async () => {
  const flagged = { type: 'tier-event', payload: { event: 'FLAGGED', currentLimit: 'TIER_1K' } };
  await after(v2('account-event', flagged, 'SomebodyElse'));
  expect(await alertOf('number', SENDER)).toBeUndefined();
  const paused = pauses();
  await after(ofAccount(flagged));
  expect((await alertOf('number', SENDER))?.condition.is).toBe('FLAGGED');
  // The campaign under way asks whether it goes on, once.
  await after(ofAccount(flagged));
  expect(paused).toEqual(['number_flagged']);
});

test.each([
  ['red', 'RED', 't1', ['template_quality']],
  ['yellow: only told', 'Yellow', 't1', []],
  ['red, of another template', 'RED', 't2', []],
])('a campaign under way whose template becomes %s', async (_what, quality, id, expected) => {
  await known();
  const { campaigns } = own().store;
  await campaigns.insert(campaignDocument('sale', { state: 'running', sender: SENDER, template: { ...template(), id: 't1' }, stateChangedAt: new Date(Date.now() - 60_000) })); // prettier-ignore
  const paused = pauses();
  await after(ofTemplate({ type: 'quality-update', id, elementName: id === 't1' ? 'sale' : 'another', quality }));
  expect(paused).toEqual(expected);
  expect((await campaigns.find('sale'))?.state).toBe(expected.length > 0 ? 'paused' : 'running');
});

test('a campaign under way one of whose variants becomes red pauses like any other', async () => {
  await known();
  const { campaigns } = own().store;
  const since = new Date(Date.now() - 60_000);
  const variants = [{ template: { ...template(), id: 't1' }, copies: [{ sender: SENDER, templateId: 't1' }] }];
  const ab = campaignDocument('ab', { state: 'running', sender: SENDER, template: { ...template(), id: 't0' }, variants, stateChangedAt: since }); // prettier-ignore
  await campaigns.insert(ab);
  const paused = pauses();
  await after(ofTemplate({ type: 'quality-update', quality: 'RED' }));
  expect(paused).toEqual(['template_quality']);
  expect((await campaigns.find('ab'))?.state).toBe('paused');
});

test('who resumes a campaign after the rating is not stopped by a repetition of it', async () => {
  await known();
  const { campaigns } = own().store;
  await campaigns.insert(campaignDocument('sale', { state: 'running', sender: SENDER, template: { ...template(), id: 't1' }, stateChangedAt: new Date(Date.now() + 60_000) })); // prettier-ignore
  const paused = pauses();
  await after(ofTemplate({ type: 'quality-update', quality: 'RED' }));
  expect(paused).toEqual([]);
});
