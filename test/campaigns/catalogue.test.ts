/** The catalogue's templates: read when they are old, kept while Gupshup is away. */
import { createCatalogue } from '../../campaigns/catalogue';
import { RefusedError, UnreachableError } from '../../clients/http';
import { refused } from '../../config/errors';
import type { Template } from '../../domain/templates/template';
import { template } from '../domain/samples';
import { startStore, type TestStore } from '../store/support';
import { oneSender } from '../support/senders';
import type { GupshupClient } from '../../clients/gupshup/client';

const SENDER = 'DemoApp';
const named = (name: string): Template => template({ id: name, name });
let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own?.close());

/** A catalogue of a sender of its own, whose Gupshup answers so. */
function catalogueOf(sender: string, listTemplates: () => Promise<Template[]>): ReturnType<typeof createCatalogue> {
  const directory = { pipelines: () => Promise.resolve(refused('crm_unreachable', { detail: 'not asked' })) };
  return createCatalogue({
    store: own.store,
    senders: oneSender({ listTemplates } as GupshupClient, sender),
    directory,
  });
}
const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const away = (): Promise<never> =>
  Promise.reject(new UnreachableError('GET /templates', 'ECONNREFUSED', '127.0.0.1:1', undefined));

test('are read when nothing is kept, and then kept for some minutes', async () => {
  let asked = 0;
  const catalogue = catalogueOf(SENDER, () => Promise.resolve([named(`read-${++asked}`)]));
  expect(await catalogue.template('read-1')).toMatchObject({ ok: true, value: { name: 'read-1' } });
  expect(await catalogue.templates()).toMatchObject({ value: { templates: [{ name: 'read-1' }] } });
  expect(await catalogue.templates({ refresh: true })).toMatchObject({ value: { templates: [{ name: 'read-2' }] } });
  expect(await catalogue.template('read-2')).toMatchObject({ ok: true });
  expect(asked).toBe(2);
});

test('are read anew when they are old, or an event has named one that is not among them', async () => {
  const catalogue = catalogueOf('two', () => Promise.resolve([named('new')]));
  await own.store.templates.replace('two', [named('old')], minutesAgo(6));
  expect(await catalogue.templates()).toMatchObject({ value: { templates: [{ name: 'new' }] } });
  await own.store.templates.replace('two', [named('old')], minutesAgo(1));
  expect(await catalogue.templates()).toMatchObject({ value: { templates: [{ name: 'old' }] } });
  await own.store.templates.change('two', { id: 'new', name: 'new', language: 'ru' }, { status: 'APPROVED' }, new Date()); // prettier-ignore
  expect(await catalogue.templates()).toMatchObject({ value: { templates: [{ name: 'new' }] } });
});

test('stay as they are kept, with their age, while Gupshup is away; asked for anew, they are refused', async () => {
  const catalogue = catalogueOf('three', away);
  expect(await catalogue.templates()).toMatchObject({ ok: false, refusal: { code: 'gupshup_unreachable' } });
  const syncedAt = minutesAgo(600);
  await own.store.templates.replace('three', [named('old')], syncedAt);
  expect(await catalogue.templates()).toEqual({ ok: true, value: { templates: [named('old')], syncedAt } });
  expect(await catalogue.template('old')).toMatchObject({ ok: true });
  expect(await catalogue.template('other')).toMatchObject({ refusal: { code: 'gupshup_unreachable' } });
  expect(await catalogue.templates({ refresh: true })).toMatchObject({ refusal: { code: 'gupshup_unreachable' } });
});

test('are refused when Gupshup refuses, whatever is kept: the key or the app is wrong', async () => {
  const catalogue = catalogueOf('four', () => Promise.reject(new RefusedError('GET /templates', 401, '{}')));
  await own.store.templates.replace('four', [named('old')], minutesAgo(600));
  expect(await catalogue.templates()).toMatchObject({ refusal: { code: 'gupshup_refused', values: { status: 401 } } });
});
