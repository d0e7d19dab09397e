/** The senders of a draft: each known, each once, each with its own approved copy of the same template. */
import { balanceOf, draftSenders, templateCopies } from '../../campaigns/draft-senders';
import type { Catalogue } from '../../campaigns/catalogue';
import { sendersFrom, type Sender } from '../../clients/gupshup/senders';
import { done, refused } from '../../config/errors';
import { withShares } from '../../domain/campaign-senders';
import type { Template } from '../../domain/templates/template';
import { template } from '../domain/samples';

const senders = sendersFrom(
  ['One', 'Two', 'Three'].map(
    (app, index) => ({ app, isDefault: index === 1 }) as Parameters<typeof sendersFrom>[0][number],
  ),
);

test.each<[string, Parameters<typeof draftSenders>[0], string[]]>([
  ['none named: the default one', {}, ['Two']],
  ['one', { sender: 'One' }, ['One']],
  ['several, in the order in which they are named', { sender: 'Three', alsoFrom: ['One', 'Two'] }, ['Three', 'One', 'Two']],
  ['one named twice', { sender: 'One', alsoFrom: ['Two', 'One', 'Two'] }, ['One', 'Two']],
])('%s', (_, draft, expected) => {
  const found = draftSenders(draft, senders);
  expect(found.ok && found.value.map(({ app }) => app)).toEqual(expected);
}); // prettier-ignore

test.each([[{ sender: 'Nobody' }], [{ sender: 'One', alsoFrom: ['Nobody'] }]])(
  '%j is refused with its name',
  (draft) => {
    expect(draftSenders(draft, senders)).toMatchObject({
      ok: false,
      refusal: { code: 'sender_unknown', values: { sender: 'Nobody' } },
    });
  },
);

const OURS: Template = { ...template(), id: 'ours', status: 'APPROVED' };
const theirs = (changes: Partial<Template> = {}): Template => ({ ...OURS, id: 'theirs', ...changes });
const problem = (code: string, values: object = {}) => ({ code, values: { template: OURS.name, sender: 'Two', ...values } }); // prettier-ignore

test.each<[string, Template[], object | undefined]>([
  ['the same', [theirs()], undefined],
  ['the same among others', [theirs({ id: 'x', name: 'other' }), theirs()], undefined],
  ['none', [], problem('template_at_sender', { status: 'MISSING' })],
  ['not approved yet', [theirs({ status: 'PENDING' })], problem('template_at_sender', { status: 'PENDING' })],
  ['paused', [theirs({ status: 'PAUSED' })], problem('template_at_sender', { status: 'PAUSED' })],
  ['deleted', [theirs({ status: 'DELETED' })], problem('template_at_sender', { status: 'MISSING' })],
  ['another language', [theirs({ language: 'xx' })], problem('template_at_sender', { status: 'MISSING' })],
  ['another text', [theirs({ body: 'Something else' })], problem('templates_differ')],
  ['another category', [theirs({ category: OURS.category === 'UTILITY' ? 'MARKETING' : 'UTILITY' })], problem('templates_differ')],
])('the other sender has %s', async (_, list, expected) => {
  const templates: Catalogue['templates'] = async () => done({ templates: list, syncedAt: new Date() });
  const found = await templateCopies(OURS, ['Two'], { templates }, { refresh: false });
  expect(found.problems).toEqual(expected ? [expected] : []);
  expect(found.copies).toEqual(expected ? [] : [{ sender: 'Two', templateId: 'theirs' }]);
}); // prettier-ignore

test('one made a minute ago is found although the kept list lacks it; a provider that is away is the problem', async () => {
  const templates: Catalogue['templates'] = async ({ refresh } = {}) =>
    done({ templates: refresh ? [theirs()] : [], syncedAt: new Date() });
  expect((await templateCopies(OURS, ['Two'], { templates }, { refresh: false })).copies).toHaveLength(1);
  const away: Catalogue['templates'] = async () => refused('gupshup_unreachable', { detail: 'ECONNREFUSED' });
  expect((await templateCopies(OURS, ['Two'], { templates: away }, { refresh: false })).problems).toMatchObject([
    { code: 'gupshup_unreachable' },
  ]);
});

test('apps under one key share a wallet, which counts once', async () => {
  const sender = (app: string, apiKey: string, balance: number | undefined): Sender =>
    ({ app, apiKey, gupshup: { walletBalance: async () => balance } }) as Sender;
  expect(await balanceOf([sender('One', 'key-1', 5), sender('Two', 'key-1', 5), sender('Three', 'key-2', 3)])).toBe(8);
  expect(await balanceOf([sender('One', 'key-1', 5), sender('Two', 'key-2', undefined)])).toBeUndefined();
});

test('their parts of the pace follow from their caps', () => {
  const caps: Record<string, number> = { One: 20, Two: 80 };
  const copies = ['One', 'Two'].map((sender) => ({ sender, templateId: sender }));
  expect(withShares(copies, (sender) => caps[sender]!).map(({ share }) => share)).toEqual([0.2, 0.8]);
});
