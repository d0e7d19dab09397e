/** The template desk: submitted once and as it was checked, followed at the right times, deleted only where nobody needs it. */
import { createTemplateDesk, type TemplateDesk } from '../../campaigns/template-desk';
import { runTemplateReviews } from '../../campaigns/template-reviews';
import type { GupshupClient } from '../../clients/gupshup/client';
import { sendersFrom } from '../../clients/gupshup/senders';
import type { SubmitAnswer } from '../../clients/gupshup/template-form';
import { createLogger } from '../../config/logger';
import { DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-outs/opt-out-words';
import type { TemplateDraft } from '../../domain/templates/draft';
import type { Template } from '../../domain/templates/template';
import { template } from '../domain/samples';
import { campaignDocument, startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';

const MINUTE_MS = 60_000;
const by = { kind: 'cli' } as const;
const submitting = { by, language: 'en' } as const;
const DRAFT: TemplateDraft = {
  ...{ name: 'catalogue', language: 'en', category: 'MARKETING', samples: [] },
  body: 'The new catalogue of our kitchens is here: have a look.',
  buttons: [{ type: 'QUICK_REPLY', text: 'Unsubscribe' }],
};

let own: TestStore;
let clock: Date;
/** What each app has; and what is done when it is asked for its list. */
let lists: Map<string, Template[]>;
let onList: (app: string) => Promise<void>;
let submitted: TemplateDraft[];
let answers: SubmitAnswer[];
let deleted: string[];

beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own.close());
beforeEach(() => {
  clock = new Date('2026-01-15T09:00:00Z');
  lists = new Map();
  onList = () => Promise.resolve();
  [submitted, answers, deleted] = [[], [], []];
});

const APPS = ['One', 'Two'];
const sendersOf = (apps: readonly string[]): ReturnType<typeof sendersFrom> =>
  sendersFrom(
    apps.map((app, index) => ({
      ...{ app, isDefault: index === 0 },
      gupshup: {
        listTemplates: async () => {
          await onList(app);
          return lists.get(app) ?? [];
        },
        submitTemplate: (draft) => {
          submitted.push(draft);
          return Promise.resolve(answers.shift() ?? { kind: 'accepted', templateId: 'its-id', status: 'PENDING' });
        },
        deleteTemplate: (name) => Promise.resolve(void deleted.push(name)),
      } satisfies Pick<GupshupClient, 'listTemplates' | 'submitTemplate' | 'deleteTemplate'> as never,
    })) as unknown as Parameters<typeof sendersFrom>[0],
  );
const deskOf = (more: { optOutWords?: typeof DEFAULT_OPT_OUT_WORDS; apps?: string[] } = {}): TemplateDesk => {
  const { apps = APPS, ...rest } = more;
  return createTemplateDesk({ store: own.store, senders: sendersOf(apps), now: () => clock, ...rest });
};
const later = (minutes: number): void => void (clock = new Date(clock.getTime() + minutes * MINUTE_MS));
const drafted = async (desk: TemplateDesk, name: string, sender = 'One'): Promise<string> => {
  const saved = await desk.save({ draft: { ...DRAFT, name }, sender, by });
  if (!saved.ok) throw new Error(saved.refusal.code);
  return saved.value._id;
};
const stateOf = async (id: string): Promise<string | undefined> => (await own.store.templateDrafts.find(id))?.state;

test('what the list lacks is gone five minutes after it was submitted, not before: the list lags', async () => {
  const desk = deskOf();
  const id = await drafted(desk, 'lagging');
  expect(await desk.submit(id, submitting)).toMatchObject({ value: { state: 'pending' } });
  later(4);
  // One that was deleted meanwhile is passed over.
  expect(await desk.look([id, 'removed'])).toMatchObject({ ok: true });
  expect(await stateOf(id)).toBe('pending');
  later(1);
  await desk.look([id]);
  expect(await stateOf(id)).toBe('gone');
});

test('an opt-out in the words of the settings counts', async () => {
  const optOutWords = { ...DEFAULT_OPT_OUT_WORDS, stopButtons: ['Enough kitchens'] };
  const draft: TemplateDraft = {
    ...{ ...DRAFT, name: 'own_words' },
    buttons: [{ type: 'QUICK_REPLY', text: 'Enough kitchens' }],
  };
  const codes = async (desk: TemplateDesk): Promise<string[]> => {
    const found = await desk.check(draft);
    return found.ok ? found.value.map(({ code }) => code) : [found.refusal.code];
  };
  expect(await codes(deskOf())).toEqual(['opt_out_missing']);
  const desk = deskOf({ optOutWords });
  expect(await codes(desk)).toEqual([]);
  const saved = await desk.save({ draft, by });
  expect(await desk.submit(saved.ok ? saved.value._id : '', submitting)).toMatchObject({ ok: true });
});

test('what has been checked is what is submitted: an edit meanwhile is checked first', async () => {
  const desk = deskOf();
  const id = await drafted(desk, 'edited');
  onList = async () => {
    onList = () => Promise.resolve();
    later(1);
    await desk.save({ id, draft: { ...DRAFT, name: 'edited', body: '{{1}}' }, by });
  };
  expect(await desk.submit(id, submitting)).toMatchObject({ refusal: { code: 'draft_has_problems' } });
  expect(submitted).toEqual([]);
});

test('of two who submit it at the same time only one does, though the first was refused at once', async () => {
  const desk = deskOf();
  const id = await drafted(desk, 'twice');
  answers.push({ kind: 'refused', message: 'no' } as SubmitAnswer);
  onList = async () => {
    onList = () => Promise.resolve();
    expect(await desk.submit(id, submitting)).toMatchObject({ refusal: { code: 'submit_refused' } });
  };
  expect(await desk.submit(id, submitting)).toMatchObject({ refusal: { code: 'draft_under_way' } });
  expect(submitted).toHaveLength(1);
});

test('a template that a follow-up to come sends is not deleted; one whose steps are through is', async () => {
  const desk = deskOf();
  const id = await drafted(desk, 'second_touch');
  await desk.submit(id, submitting);
  const content = template({ id: 'its-id', name: 'second_touch' });
  lists.set('One', [content]);
  await desk.look([id]);
  const step = {
    ...{ to: 'not_read' as const, afterMs: MINUTE_MS, template: content.id, parameters: [], content },
    ...{ copies: [{ sender: 'One', templateId: content.id }], hours: 'any' as const },
  };
  const campaign = campaignDocument('chained', { state: 'completed', chain: { steps: [step], state: 'counting', step: 0 } }); // prettier-ignore
  await own.store.campaigns.insert(campaign);
  expect(await desk.remove(id)).toMatchObject({
    refusal: { code: 'template_in_use', values: { campaigns: campaign.spec.name } },
  });
  expect(deleted).toEqual([]);
  await own.store.chains.record('chained', { state: 'completed', step: 1 }, 1);
  expect(await desk.remove(id)).toMatchObject({ value: { atGupshup: true } });
  expect(deleted).toEqual(['second_touch']);
});

test('a draft that was submitted meanwhile is not deleted at Gupshup by who deletes the draft', async () => {
  const desk = deskOf();
  const id = await drafted(desk, 'submitted_meanwhile');
  await desk.submit(id, submitting);
  expect(await desk.remove(id, { onlyHere: true })).toMatchObject({ refusal: { code: 'draft_settled' } });
  expect(deleted).toEqual([]);
});

test('one whose attempt had no answer and has not arrived can be deleted after five minutes, not before', async () => {
  const desk = deskOf();
  const id = await drafted(desk, 'lost');
  answers.push({ kind: 'ambiguous', detail: 'no answer' } as SubmitAnswer);
  expect(await desk.submit(id, submitting)).toMatchObject({ value: { state: 'unsure' } });
  later(4);
  expect(await desk.remove(id, { onlyHere: true })).toMatchObject({ refusal: { code: 'draft_under_way' } });
  later(2);
  expect(await desk.remove(id, { onlyHere: true })).toMatchObject({ value: { atGupshup: false } });

  const arrived = await drafted(desk, 'arrived');
  answers.push({ kind: 'ambiguous', detail: 'no answer' } as SubmitAnswer);
  await desk.submit(arrived, submitting);
  later(6);
  lists.set('One', [template({ id: 'a', name: 'arrived', language: 'en', status: 'PENDING' })]);
  expect(await desk.remove(arrived, { onlyHere: true })).toMatchObject({ refusal: { code: 'draft_settled' } });
  expect(await stateOf(arrived)).toBe('pending');
});

test('a sender that was taken out keeps nobody from looking at the templates of the others', async () => {
  const desk = deskOf();
  const [ofTwo, ofOne] = [await drafted(desk, 'of_two', 'Two'), await drafted(desk, 'of_one')];
  for (const id of [ofTwo, ofOne]) await desk.submit(id, submitting);
  lists.set('One', [template({ id: 'its-id', name: 'of_one', language: 'en' })]);
  const without = deskOf({ apps: ['One'] });
  expect(await without.look([ofTwo, ofOne])).toMatchObject({ refusal: { code: 'sender_unknown' } });
  expect(await stateOf(ofOne)).toBe('approved');
});

test('an event that comes while the list is being read has the draft looked at once more at once', async () => {
  const desk = deskOf();
  const { templateDrafts: drafts } = own.store;
  const id = await drafted(desk, 'heard_of');
  await desk.submit(id, submitting);
  const { lookAt, draft } = (await drafts.find(id))!;
  expect(await drafts.hear('One', draft, { status: 'APPROVED' }, clock)).toBe(true);
  await drafts.lookAgain(id, new Date(clock.getTime() + MINUTE_MS), lookAt);
  expect((await drafts.find(id))?.lookAt).toEqual(clock);
});

/** Three drafts that wait, two of them of one sender, to be looked at since the beginning of time. */
async function threeWaiting(desk: TemplateDesk): Promise<string[]> {
  clock = new Date();
  const waiting: string[] = [];
  for (const [index, sender] of ['One', 'One', 'Two'].entries()) {
    const id = await drafted(desk, `waits_${index}`, sender);
    await desk.submit(id, submitting);
    await own.store.templateDrafts.lookAgain(id, new Date(0));
    waiting.push(id);
  }
  return waiting;
}

test('a draft that is to be looked at is taken by one process', async () => {
  const waiting = await threeWaiting(deskOf());
  const take = (): Promise<{ _id: string } | undefined> =>
    own.store.templateDrafts.takeToLookAt(new Date(1), new Date());
  const taken = await Promise.all([take(), take(), take(), take()]);
  expect(taken.flatMap((one) => one?._id ?? []).toSorted()).toEqual(waiting.toSorted());
});

test('the watch asks for one list a sender, however many of its drafts wait', async () => {
  const desk = deskOf();
  const waiting = await threeWaiting(desk);
  const looked: string[][] = [];
  const stop = new AbortController();
  const watching = runTemplateReviews(
    {
      ...{ store: own.store, log: createLogger('test', 'silent'), everyMs: 20, tell: () => Promise.resolve(0) },
      desk: {
        look: (ids = []) => {
          looked.push(ids.filter((id) => waiting.includes(id)).toSorted());
          return desk.look(ids);
        },
      },
    },
    stop.signal,
  );
  await waitFor(() => Promise.resolve(looked.flat().length >= waiting.length), { what: 'all to be looked at' });
  stop.abort();
  await watching;
  expect(looked).toEqual(expect.arrayContaining([waiting.slice(0, 2).toSorted(), waiting.slice(2)]));
});
