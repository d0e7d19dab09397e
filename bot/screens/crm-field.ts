/** Leads with a value in a field of theirs: the field, then the value. */
import { done, refused } from '../../config/errors';
import type { CrmFieldDefinition } from '../../clients/amocrm/model';
import type { StepAt } from '../conversation/steps';
import { narrowed } from '../conversation/lead-conditions';
import { pageOf, pagerRow } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk } from '../conversation/talk';
import { shorten } from '../texts';

type FieldStep = StepAt<'crmField'>;

const PAGE_SIZE = 8;
const VALUE_CHARACTERS = 100;

export const crmFieldScreen: StepScreen<FieldStep> = {
  show: async ({ fieldId, page: wanted }, { services }, view) => {
    const fields = await services.crm.fields();
    if (!fields.ok) return fields;
    const field = fields.value.find(({ id }) => id === fieldId);
    const items = field ? field.choices.map(({ id, value }) => ({ id, name: value })) : fields.value;
    const page = pageOf<{ id: number; name: string }>(items, wanted, PAGE_SIZE);
    return done({
      screen: {
        html: field
          ? view.texts.html('leads.value', { field: field.name })
          : view.texts.html(items.length > 0 ? 'leads.field' : 'audience.noChoices'),
        keyboard: [
          ...page.items.map(({ id, name }) => [
            view.button(field ? 'value' : 'field', { text: shorten(name, 60), argument: id }),
          ]),
          ...pagerRow(page, (number) => view.data('page', number)),
          view.footer(),
        ],
      },
    });
  },
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    if (action === 'field') return go({ ...step, fieldId: Number(argument), page: 0 }, talk.draft);
    if (action !== 'value') return stale;
    return withField(step, talk, (field) => field.choices.find(({ id }) => String(id) === argument)?.value);
  },
  text: async (step, typed, talk) => withField(step, talk, () => shorten(typed.trim(), VALUE_CHARACTERS) || undefined),
};

/** Back to the pipelines, of which only leads with that value are meant. */
async function withField(
  { fieldId, only }: FieldStep,
  { services, draft }: Talk,
  valueOf: (field: CrmFieldDefinition) => string | undefined,
): Promise<Move> {
  const fields = await services.crm.fields();
  if (!fields.ok) return refuse(fields);
  const field = fields.value.find(({ id }) => id === fieldId);
  if (!field) return fieldId === undefined ? stale : refuse(refused('audience_empty'));
  const value = valueOf(field);
  if (!value) return stale;
  const filter = { field: { id: field.id, value } };
  return go(
    { at: 'pipeline', page: 0, only: narrowed(only, 'field', filter, `${shorten(field.name, 30)} = ${value}`) },
    draft,
  );
}
