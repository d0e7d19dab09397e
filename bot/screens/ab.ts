/** Variants of a new campaign: further templates with the same parameters, each for an equal part of the people. */
import { nanoid } from 'nanoid';
import { done, type Result } from '../../config/errors';
import { letterOf, MOST_VARIANTS } from '../../domain/variants';
import { needsMedia, parametersOf, templateName, type Template } from '../../domain/templates/template';
import { change, withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, refuse, stale, type StepScreen, type Talk } from '../conversation/talk';
import { rowsOf } from '../screen';
import { isSendable, labelOf, ofSender } from './template';

const OFFERED = 12;
const KEY_LENGTH = 10;

export const variantsScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => {
    const listed = await fitting(talk);
    if (!listed.ok) return listed;
    const { draft } = talk;
    const buttons = listed.value.map((template) => {
      const at = chosenAt(draft, template);
      const letter = at < 0 ? '' : `✓ ${letterOf(at + 1)} `;
      return view.button('variant', { text: `${letter}${labelOf(template)}`, argument: template.id });
    });
    const { texts } = view;
    return done({
      screen: {
        html: texts.html(buttons.length > 0 ? 'variants.question' : 'variants.none', {
          template: draft.template?.name ?? '',
          most: MOST_VARIANTS,
        }),
        keyboard: [...rowsOf(buttons, 1), view.footer()],
      },
    });
  },
  press: async (step, action, argument, talk) => {
    const listed = await fitting(talk);
    if (!listed.ok) return refuse(listed);
    const pressed = listed.value.find(({ id }) => id === argument);
    if (action !== 'variant' || !pressed) return stale;
    const next = toggled(talk.draft, pressed);
    return next ? go(step, next) : stale;
  },
};

/** Those that can take the place of the chosen one with the same answers. */
async function fitting({ draft, services }: Talk): Promise<Result<Template[]>> {
  const listed = await services.templates.list(ofSender({ draft }));
  if (!listed.ok) return listed;
  const { template: first } = draft;
  const fits = (one: Template): boolean =>
    first !== undefined &&
    isSendable(one) &&
    one.id !== first.id &&
    one.category === first.category &&
    parametersOf(one).length === parametersOf(first).length &&
    (!needsMedia(one) || one.header?.type === first.header?.type);
  return done(listed.value.templates.filter(fits).slice(0, OFFERED));
}

/** Its place among the chosen variants; -1 when it is not one. */
function chosenAt({ variants = [] }: Draft, template: Template): number {
  return variants.findIndex((one) => one.template === templateName(template));
}

/** Undefined when there is no room for another. Who gets what changes, so everybody is looked at anew. */
function toggled(draft: Draft, template: Template): Draft | undefined {
  const { variants = [] } = draft;
  const at = chosenAt(draft, template);
  if (at < 0 && variants.length + 1 >= MOST_VARIANTS) return undefined;
  // Without parameters of its own it takes the answers for the first template. A share would no longer fit.
  const kept = variants.map(({ share: _share, ...one }) => one);
  const now = at < 0 ? [...kept, { template: templateName(template), parameters: [] }] : kept.toSpliced(at, 1);
  if (now.length === 0) return change(withOption(withOption(draft, 'variants', undefined), 'winner', undefined), {});
  return change(draft, { variants: now, splitKey: draft.splitKey ?? nanoid(KEY_LENGTH) });
}
