/** Whether a few people get it first: how many, how long they are watched, and whether it then goes on by itself. */
import { done, refused } from '../../config/errors';
import { optionText, spanText } from '../../config/spec-text';
import { readOption } from '../../domain/campaign-spec';
import type { Canary } from '../../domain/canary';
import { withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, onward, refuse, stale, type StepScreen, type Talk, type View } from '../conversation/talk';
import { mark, rowsOf, type Screen } from '../screen';
import type { Texts } from '../texts';

const PEOPLE = [50, 100, 500];
const MINUTES = [15, 60, 240];
const DEFAULT: Canary = { people: 100, waitMs: 60 * 60_000, goOn: 'itself' };

export const canaryScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => done({ screen: renderCanary(talk, view) }),
  press: async (step, action, argument, { draft }) => {
    if (action === 'noCanary') return onward(withOption(draft, 'canary', undefined));
    const changed = changeBy(action, argument);
    return changed ? go(step, withOption(draft, 'canary', { ...DEFAULT, ...draft.canary, ...changed })) : stale;
  },
  text: async (step, typed, { draft }) => {
    const people = /^\d[\d\s\u00a0]*$/.test(typed.trim()) ? Number(typed.replace(/\s/g, '')) : NaN;
    const read = readOption('canary', { ...DEFAULT, ...draft.canary, people });
    if ('problem' in read) return refuse(refused('canary_invalid', { value: typed }));
    return go(step, withOption(draft, 'canary', read.value));
  },
};

function changeBy(action: string, argument: string | undefined): Partial<Canary> | undefined {
  const value = Number(argument);
  if (action === 'canaryPeople' && PEOPLE.includes(value)) return { people: value };
  if (action === 'canaryWait' && MINUTES.includes(value)) return { waitMs: value * 60_000 };
  if (action === 'canaryThen' && (argument === 'itself' || argument === 'ask')) return { goOn: argument };
  return undefined;
}

function renderCanary({ draft }: Talk, view: View): Screen {
  const { texts } = view;
  const { canary } = draft;
  const choice = (action: string, argument: string | number, text: string, isChosen: boolean) =>
    view.button(action, { text: mark(isChosen, text), argument });
  return {
    html: texts.html('canary.question', { present: present(draft, texts) }),
    keyboard: [
      [view.button('noCanary', { text: mark(!canary, texts.plain('canary.noneButton')) })],
      ...rowsOf(
        PEOPLE.map((people) =>
          choice('canaryPeople', people, texts.plain('canary.people', { people }), canary?.people === people),
        ),
        3,
      ),
      ...rowsOf(
        MINUTES.map((minutes) =>
          choice(
            'canaryWait',
            minutes,
            texts.plain('canary.wait', { span: spanText(minutes * 60, texts.language) }),
            canary?.waitMs === minutes * 60_000,
          ),
        ),
        3,
      ),
      (['itself', 'ask'] as const).map((goOn) =>
        choice('canaryThen', goOn, texts.plain(`canary.${goOn}`), canary?.goOn === goOn),
      ),
      view.footer(),
    ],
  };
}

function present({ canary }: Draft, texts: Texts): string {
  const wording = { language: texts.language, timezone: texts.zone };
  return (canary && optionText('canary', canary, wording)) ?? texts.plain('canary.none');
}
