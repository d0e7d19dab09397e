/** A test of a new campaign before it goes out: to oneself, or to a list of numbers that is remembered. */
import { done, refused } from '../../config/errors';
import { isDocumented, meaningOf } from '../../report/meaning';
import type { UserDocument } from '../../store/users';
import type { StepAt } from '../conversation/steps';
import { go, refuse, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { exampleValues } from '../conversation/variants';
import { warning, type Button } from '../screen';

/** A test goes out message by message while somebody waits. */
const MOST_NUMBERS = 5;

/** Where somebody's tests go; empty until they have said. */
export function testPhonesOf({ testPhone, testPhones = [] }: UserDocument): string[] {
  return testPhone === undefined ? testPhones : [testPhone, ...testPhones];
}

/** The buttons of a test. */
export function testRow(phones: readonly string[], { texts, button }: View): Button[] {
  const [first, ...more] = phones;
  if (first === undefined) return [button('test')];
  const text =
    more.length === 0
      ? texts.plain('buttons.testOn', { phone: first })
      : texts.plain('test.onSeveral', { count: phones.length });
  return [button('test', { text }), button('testPhone')];
}

/** Asked once; remembered for this admin. */
export const testPhoneScreen: StepScreen<StepAt<'testPhone'>> = {
  show: async (_step, _talk, view) =>
    done({ screen: { html: view.texts.html('test.question', { most: MOST_NUMBERS }), keyboard: [view.footer()] } }),
  text: async (_step, typed, talk) => {
    const { audience } = talk.services;
    const { good } = audience.numbers(typed);
    const phones = new Set<string>();
    // Of a text without a number the refusal quotes all of it.
    for (const value of good.length > 0 ? good.map((one) => one.value) : [typed]) {
      const phone = audience.phone(value);
      if (!phone.ok) return refuse(phone);
      phones.add(phone.value);
    }
    if (phones.size > MOST_NUMBERS)
      return refuse(refused('test_too_many', { count: phones.size, limit: MOST_NUMBERS }));
    await talk.rememberTestPhones([...phones]);
    return sendTest(talk);
  },
};

/** To each of the numbers in turn; what became of each stands above the preview. */
export async function sendTest(talk: Talk): Promise<Move> {
  const outcomes: string[] = [];
  for (const phone of testPhonesOf(talk.user)) outcomes.push(await sendOne(phone, talk));
  return go({ at: 'preview' }, talk.draft, outcomes.join('\n'));
}

async function sendOne(phone: string, talk: Talk): Promise<string> {
  const { draft, texts } = talk;
  await talk.interim(texts.html('test.sending', { phone }));
  const sent = await talk.services.campaigns.sendOne({
    isTest: true,
    template: draft.template?.id ?? '',
    phone,
    // A link of the test leads where the campaign's will.
    params: exampleValues(draft, texts).map((value, at) => {
      const source = draft.parameters[at];
      return source?.kind === 'link' ? source : value;
    }),
    ...(draft.mediaUrl ? { mediaUrl: draft.mediaUrl } : {}),
    ...(draft.sender ? { sender: draft.sender } : {}),
    by: talk.actor,
  });
  if (!sent.ok) return warning(texts, texts.refusalText(sent.refusal));
  const { state, code, detail, skipReason } = sent.value.delivery;
  if (state === 'unknown') return texts.html('test.unknown', { phone });
  if (state !== 'failed' && state !== 'skipped') return texts.html('test.accepted', { phone });
  const why = skipReason ? texts.word(`skipReasons.${skipReason}`) : whyNot(code, detail, talk);
  return texts.html('test.failed', { phone, why });
}

/** In words, with the code that can be looked up; what a service itself said where its code says nothing. */
function whyNot(code: string | undefined, detail: string | undefined, { texts }: Talk): string {
  if (code === undefined) return detail ?? texts.word('deliveryStates.failed');
  const meaning = meaningOf(code, texts.language, detail);
  return isDocumented(code) ? `${meaning} (${code})` : meaning;
}
