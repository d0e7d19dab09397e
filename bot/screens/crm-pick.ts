/** Leads of the CRM by what they carry instead of where they stand: a tag, or who is responsible. */
import { done, refused, type Result } from '../../config/errors';
import type { CrmFilter } from '../../domain/audience';
import type { StepAt } from '../conversation/steps';
import { labelled } from '../conversation/lead-conditions';
import { keyOf } from '../screen';
import { go, refuse, stale, type StepScreen, type Talk } from '../conversation/talk';
import { shorten } from '../texts';
import { chooseSource, leftOutWhole } from './audience';

type PickStep = StepAt<'crmPick'>;

/** One of the choices. */
interface Choice {
  /** Fits a button, and means the same when the list has changed meanwhile. */
  key: string;
  name: string;
  filter: CrmFilter;
}

const PAGE_SIZE = 8;

export const crmPickScreen: StepScreen<PickStep> = {
  show: async (step, talk, view) => {
    const choices = await choicesOf(step.by, talk);
    if (!choices.ok) return choices;
    return done({
      screen: {
        html: view.texts.html(`audience.${choices.value.length > 0 ? step.by : 'noChoices'}`),
        keyboard: [
          ...view.list(choices.value, [step.page, PAGE_SIZE], ({ key, name }) =>
            view.button('pick', { text: shorten(name, 60), argument: key }),
          ),
          view.footer(),
        ],
      },
    });
  },
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    if (action !== 'pick') return stale;
    const choices = await choicesOf(step.by, talk);
    if (!choices.ok) return refuse(choices);
    const choice = choices.value.find(({ key }) => key === argument);
    if (!choice) return refuse(refused('audience_empty'));
    const label = talk.texts.plain(`audience.labels.${step.by}`, { name: choice.name });
    const source = { kind: 'crm', ...step.only?.filter, ...choice.filter, ...leftOutWhole(talk) } as const;
    return chooseSource(talk, source, labelled(label, step.only));
  },
};

async function choicesOf(by: PickStep['by'], { services: { crm } }: Talk): Promise<Result<Choice[]>> {
  if (by === 'tag') {
    const tags = await crm.tags();
    return tags.ok ? done(tags.value.map((name) => ({ key: keyOf(name), name, filter: { tags: [name] } }))) : tags;
  }
  const users = await crm.users();
  if (!users.ok) return users;
  return done(users.value.map(({ id, name }) => ({ key: String(id), name, filter: { responsibleUserIds: [id] } })));
}
