/** Whether messages that WhatsApp holds back go again on later days: how often at most, and until when. */
import type { DateTime } from 'luxon';
import { done } from '../../config/errors';
import { optionText } from '../../config/spec-text';
import { policyFor } from '../../domain/error-policy';
import { withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { readMoment } from '../typed';
import { clockText } from '../typed';
import { mark, rowsOf, type Screen } from '../screen';
import { go, onward, refuse, stale, type StepScreen, type Talk, type View } from '../conversation/talk';
import type { Texts } from '../texts';

/** What WhatsApp answers when it holds a message back. */
const HELD_BACK = '131049';
const OFFERED = [1, 2, 3];

export const wavesScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => done({ screen: renderWaves(talk, view) }),
  press: async (_step, action, argument, { draft }) => {
    if (action === 'noWaves') return onward(withOption(draft, 'laterWaves', undefined));
    const max = OFFERED.find((count) => String(count) === argument);
    if (action !== 'most' || !max) return stale;
    return onward(withOption(draft, 'laterWaves', { ...draft.laterWaves, max }));
  },
  text: async (step, typed, { draft, now }) => {
    const until = readMoment(typed, now());
    if (!until.ok) return refuse(until);
    const { max = 1 } = draft.laterWaves ?? {};
    return go(step, withOption(draft, 'laterWaves', { max, until: until.value.toUTC().toISO()! }));
  },
};

function renderWaves({ draft, now }: Talk, view: View): Screen {
  const { texts } = view;
  const max = draft.laterWaves?.max;
  const buttons = OFFERED.map((count) => {
    const text = texts.plain('waves.button', { count, at: clockText(lastWave(count, draft.checked, now()), now()) });
    return view.button('most', { text: mark(count === max, text), argument: count });
  });
  return {
    html: texts.html('waves.question', { present: presentWaves(draft, texts), code: HELD_BACK }),
    keyboard: [
      [view.button('noWaves', { text: mark(max === undefined, texts.plain('waves.noneButton')) })],
      ...rowsOf(buttons, 1),
      view.footer(),
    ],
  };
}

function presentWaves({ laterWaves }: Draft, texts: Texts): string {
  const wording = { language: texts.language, timezone: texts.zone };
  return (laterWaves && optionText('laterWaves', laterWaves, wording)) ?? texts.word('options.laterWaves.none');
}

/** About when the last of so many waves goes, were the campaign to begin now. */
function lastWave(count: number, checked: { secondsToSend: number } | undefined, now: DateTime): Date {
  const apartMs = policyFor(HELD_BACK).laterWaveMs ?? 0;
  return new Date(now.toMillis() + (checked?.secondsToSend ?? 0) * 1000 + count * apartMs);
}
