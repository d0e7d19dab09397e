/**
 * Whatever spelling of a Brazilian or Mexican mobile comes in a file, a reply, a receipt, a suppression or a question
 * about a contact, it is one person. Argentina besides, where what is written to keeps the spelling given.
 */
import fc from 'fast-check';
import { profileOf } from '../../audience/contact-profile';
import { createExclusions } from '../../audience/exclusions';
import { readAudienceFile } from '../../audience/file';
import { planAudience, type PlannedDelivery } from '../../audience/plan';
import { parseWebhook } from '../../clients/gupshup/webhooks';
import { createLogger } from '../../config/logger';
import type { Person } from '../../domain/audience';
import { DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-outs/opt-out-words';
import { validNumbers } from '../../domain/phones/phone';
import { createOptOuts } from '../../receipts/opt-outs';
import { BRAZILIAN_FORMS, brazilianMobile, MEXICAN_FORMS, mexicanNumber } from '../domain/phones/spellings';
import { template } from '../domain/samples';
import { queued, startStore, type TestStore } from '../store/support';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own?.close());

interface Met {
  written: string;
  /** WhatsApp's own spellings, digits only. */
  ids: string[];
  /** As people write it where the default country is Russia. */
  forms: string[];
}

const russian = (written: readonly { country: string; text: string }[]): string[] =>
  written.filter(({ country }) => country === 'RU').map(({ text }) => text);
const somebody: fc.Arbitrary<Met> = fc.oneof(
  brazilianMobile.map((number) => ({
    written: `+55${number.area}9${number.rest}`,
    ids: [`55${number.area}${number.rest}`, `55${number.area}9${number.rest}`],
    forms: russian(BRAZILIAN_FORMS.map((form) => form(number))),
  })),
  mexicanNumber.map((national) => ({
    written: `+52${national}`,
    ids: [`52${national}`, `521${national}`],
    forms: russian(MEXICAN_FORMS.map((form) => form(national))),
  })),
);

async function* streamOf(people: readonly Person[]): AsyncGenerator<Person> {
  yield* people;
}

async function planOf(texts: readonly string[]): Promise<PlannedDelivery[]> {
  const csv = ['name;phone', ...texts.map((text, index) => `P${index};"${text}"`)].join('\n');
  const file = await readAudienceFile(Buffer.from(csv), { country: 'RU' });
  if (!file.ok) throw new Error(file.refusal.code);
  const exclusions = createExclusions(own.store, { requireConsent: 'none' });
  const excluded = (phones: string[]): ReturnType<typeof exclusions.among> => exclusions.among(phones, 'MARKETING');
  const planned: PlannedDelivery[] = [];
  const options = { template: template({ body: 'Hello' }), parameters: [], country: 'RU' as const, excluded };
  for await (const batch of planAudience(streamOf(file.value.rows), options)) planned.push(...batch);
  return planned;
}
const reasons = (planned: readonly PlannedDelivery[]): string[] =>
  planned.map((one) => (one.state === 'queued' ? 'queued' : one.reason));

let last = 0;

test('one person in a file, a reply, a receipt, a suppression and a question', async () => {
  const { store } = own;
  const optOuts = createOptOuts({ store, words: DEFAULT_OPT_OUT_WORDS, log: createLogger('test', 'silent') });
  const one = fc.tuple(somebody, fc.nat(), fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(one, async ([{ written, ids, forms }, first, second, third]) => {
      const run = `one-${++last}`;
      const id = ids[first % ids.length]!;
      const [asked = ''] = validNumbers([forms[third % forms.length]!], 'RU');
      await store.suppressions.forget(written);

      const planned = await planOf([forms[second % forms.length]!, forms[third % forms.length]!, `+${id}`]);
      expect(reasons(planned)).toEqual(['queued', 'duplicate', 'duplicate']);
      expect(planned[0]).toMatchObject({ phone: written });

      await store.deliveries.freeze(run, [queued(0, { phone: written })]);
      await store.deliveries.claim(run, 0, 'token');
      await store.deliveries.settle(run, 0, 'token', { to: 'unknown', code: 'timeout', detail: 'no answer' });
      const now = new Date();
      const envelope = { app: 'DemoApp', timestamp: now.getTime(), version: 2 };
      const payload = { id: `wamid.${run}`, gsId: `gs-${run}`, type: 'delivered', destination: id, payload: { ts: Math.floor(now.getTime() / 1000) } }; // prettier-ignore
      const [receipt] = parseWebhook(JSON.stringify({ ...envelope, type: 'message-event', payload }), now);
      if (receipt?.kind !== 'receipt') throw new Error('expected a receipt');
      const [from, to] = [new Date(now.getTime() - 60_000), new Date(now.getTime() + 60_000)];
      const adopted = await store.deliveries.adoptUnknown({ phone: receipt.destination!, messageId: `gs-${run}`, from, to }); // prettier-ignore
      expect(adopted).toMatchObject({ campaignId: run });

      const said = { id: `in-${run}`, source: id, type: 'text', payload: { text: 'STOP' }, sender: { phone: id } };
      const [reply] = parseWebhook(JSON.stringify({ ...envelope, type: 'message', payload: said }), now);
      if (reply?.kind !== 'inbound' || !reply.phone) throw new Error('expected a reply with a number');
      await optOuts.onReply({ ...reply, phone: reply.phone });
      expect(reasons(await planOf([forms[third % forms.length]!]))).toEqual(['opted_out']);
      const profile = await profileOf(store, asked, 50);
      expect(profile).toMatchObject({ phone: written, suppressions: [{ reason: 'opted_out' }] });
      expect(profile.deliveries.map(({ campaignId }) => campaignId)).toContain(run);
      expect(profile.replies.map(({ campaignId }) => campaignId)).toContain(run);
      expect(await store.suppressions.remove(`+${id}`, { kind: 'cli' })).toHaveLength(1);
      expect(reasons(await planOf([forms[second % forms.length]!]))).toEqual(['queued']);
    }),
    { numRuns: 25 },
  );
});
