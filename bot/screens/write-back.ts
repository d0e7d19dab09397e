/** What to write to amoCRM about a campaign: a note, a tag, another stage, a task; ticked one by one, then ordered. */
import { done } from '../../config/errors';
import { hasEnded } from '../../domain/story/campaign';
import type { WriteBackKind, WriteBackOrders } from '../../domain/story/write-back';
import { createWords } from '../../report/words';
import { writeBackLines } from '../../report/outcome-text';
import type { StepAt } from '../conversation/steps';
import type { Button } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { escapeHtml, shorten } from '../texts';

/** Unless another one is typed. */
const TAG = 'whatsapp';
const TAG_CHARACTERS = 60;
const PAGE_SIZE = 8;

export const writeBackScreen: StepScreen<StepAt<'writeBack'>> = {
  show: async (step, { services, texts }, view) => {
    const [campaign, present] = await Promise.all([
      services.campaigns.status(step.campaignId),
      services.writeBack.status(step.campaignId),
    ]);
    if (!campaign.ok) return campaign;
    const words = createWords({ language: texts.language, timezone: texts.zone });
    const lines = present ? writeBackLines({ writeBack: present }, words) : [];
    const when = hasEnded(campaign.value.state) ? 'now' : 'atEnd';
    return done({
      screen: {
        html: [
          texts.html('writeBack.question', { name: step.name }),
          texts.html(`writeBack.${when}`),
          ...(lines.length > 0 ? [`<i>${escapeHtml(lines.join('\n'))}</i>`] : []),
        ].join('\n\n'),
        keyboard: [
          ...(['note', 'tag', 'move', 'task'] as const).map((kind) => [tick(kind, step, view)]),
          ...(Object.keys(step.orders).length > 0 ? [[view.button('order', { style: 'success' })]] : []),
          [view.button('cancel', { text: texts.plain('buttons.back') })],
        ],
      },
    });
  },
  press: async (step, action, _argument, talk) => {
    const { orders } = step;
    switch (action) {
      case 'note':
      case 'task':
        return changed(step, orders[action] ? without(orders, action) : { ...orders, [action]: true }, talk);
      case 'tag':
        return changed(step, orders.tag ? without(orders, 'tag') : { ...orders, tag: TAG }, talk);
      case 'move':
        return orders.move
          ? changed(step, without(orders, 'move'), talk)
          : go({ ...step, at: 'writeBackStage', page: 0 }, talk.draft);
      case 'order':
        return order(step, talk);
      default:
        return stale;
    }
  },
  text: async (step, typed, talk) => {
    const tag = shorten(typed.trim().replace(/\s+/g, ' '), TAG_CHARACTERS);
    return tag === '' ? stale : changed(step, { ...step.orders, tag }, talk);
  },
};

function tick(kind: WriteBackKind, { orders, stage }: StepAt<'writeBack'>, view: View): Button {
  const text = view.texts.plain(`writeBack.kinds.${kind}`, {
    tag: orders.tag ?? TAG,
    stage: stage ?? view.texts.plain('writeBack.anyStage'),
  });
  return view.button(kind, { text: `${orders[kind] ? '☑️' : '▫️'} ${text}` });
}

const changed = (step: StepAt<'writeBack'>, orders: WriteBackOrders, { draft }: Talk): Move =>
  go({ ...step, orders }, draft);

function without(orders: WriteBackOrders, kind: WriteBackKind): WriteBackOrders {
  const rest = { ...orders };
  delete rest[kind];
  return rest;
}

async function order({ campaignId, name, orders }: StepAt<'writeBack'>, talk: Talk): Promise<Move> {
  const { services, texts, actor } = talk;
  const ordered = await services.writeBack.order(campaignId, orders, actor);
  if (!ordered.ok) return refuse(ordered);
  return { kind: 'close', html: texts.html(`writeBack.ordered.${ordered.value}`, { name }) };
}

/** Which stage the reached ones go to: the pipeline, then its stage. */
export const writeBackStageScreen: StepScreen<StepAt<'writeBackStage'>> = {
  show: async ({ pipelineId, page: wanted }, { services }, view) => {
    const pipelines = await services.crm.pipelines();
    if (!pipelines.ok) return pipelines;
    const pipeline = pipelines.value.find(({ id }) => id === pipelineId);
    const choices: readonly { id: number; name: string }[] = pipeline?.statuses ?? pipelines.value;
    return done({
      screen: {
        html: pipeline
          ? view.texts.html('audience.stage', { pipeline: pipeline.name })
          : view.texts.html('audience.pipeline'),
        keyboard: [
          ...view.list(choices, [wanted, PAGE_SIZE], ({ id, name }) =>
            view.button(pipeline ? 'stage' : 'pipeline', { text: shorten(name, 60), argument: id }),
          ),
          view.footer(),
        ],
      },
    });
  },
  press: async (step, action, argument, { services, draft }) => {
    const { campaignId, name, orders, pipelineId } = step;
    if (action === 'page') return go({ ...step, page: Number(argument) }, draft);
    if (action === 'pipeline') return go({ ...step, pipelineId: Number(argument), page: 0 }, draft);
    const pipelines = await services.crm.pipelines();
    if (!pipelines.ok) return refuse(pipelines);
    const pipeline = pipelines.value.find(({ id }) => id === pipelineId);
    const status = action === 'stage' ? pipeline?.statuses.find(({ id }) => String(id) === argument) : undefined;
    if (!pipeline || !status) return stale;
    const move = { pipelineId: pipeline.id, statusId: status.id };
    const stage = shorten(`${pipeline.name} / ${status.name}`, 40);
    return go({ at: 'writeBack', campaignId, name, orders: { ...orders, move }, stage }, draft);
  },
};
