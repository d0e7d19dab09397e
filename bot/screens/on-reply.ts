/** What an answer does to the person's lead in amoCRM: note, task, another stage and from which; ticked one by one. */
import { done } from '../../config/errors';
import { optionText } from '../../config/spec-text';
import { stageText, type OnReply, type Stage } from '../../domain/reply-orders';
import { withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, onward, refuse, stale, type Move, type StepScreen, type View } from '../conversation/talk';
import type { Button, Screen } from '../screen';
import type { BotServices } from '../services/contract';
import { shorten } from '../texts';

type Asked = StepAt<'option'>;
type Pick = NonNullable<Asked['pick']>;
type Pipelines = Extract<Awaited<ReturnType<BotServices['crm']['pipelines']>>, { ok: true }>['value'];

const PAGE_SIZE = 8;
const NAME_LENGTH = 60;
const LABEL_LENGTH = 120;

export const onReplyScreen: StepScreen<Asked> = {
  show: async ({ pick }, { draft, services }, view) => {
    if (!pick) return done({ screen: renderOrders(draft, view) });
    const pipelines = await services.crm.pipelines();
    if (!pipelines.ok) return pipelines;
    return done({ screen: renderPick(pick, pipelines.value, draft, view) });
  },
  press: async (step, action, argument, { draft, services }) => {
    const { pick } = step;
    const orders = draft.onReply ?? {};
    const asks = (next: Pick | undefined, changed: Draft = draft): Move =>
      go({ at: 'option', option: step.option, ...(next && { pick: next }) }, changed);
    switch (action) {
      case 'nothing':
        return onward(withOption(draft, 'onReply', undefined));
      case 'effect':
        if (argument === 'note' || argument === 'task')
          return asks(undefined, withOrders(draft, toggled(orders, argument)));
        if (argument !== 'move') return stale;
        return orders.move
          ? asks(undefined, withOrders(draft, without(orders, 'move')))
          : asks({ what: 'to', page: 0 });
      case 'from':
        return orders.move ? asks({ what: 'from', pipelineId: orders.move.pipelineId, page: 0 }) : stale;
      case 'ready':
        return asks(undefined);
      case 'page':
        return pick ? asks({ ...pick, page: Number(argument) }) : stale;
      case 'pipeline':
        return pick ? asks({ what: pick.what, pipelineId: Number(argument), page: 0 }) : stale;
      case 'stage': {
        if (pick?.pipelineId === undefined) return stale;
        const pipelines = await services.crm.pipelines();
        if (!pipelines.ok) return refuse(pipelines);
        const pipeline = pipelines.value.find(({ id }) => id === pick.pipelineId);
        const status = pipeline?.statuses.find(({ id }) => String(id) === argument);
        if (!pipeline || !status) return stale;
        const stage = { pipelineId: pipeline.id, statusId: status.id };
        if (pick.what === 'from') return asks(pick, withOrders(draft, withFrom(orders, stage)));
        const label = `${pipeline.name} / ${status.name}`.slice(0, LABEL_LENGTH);
        return asks(undefined, withOrders(draft, { ...orders, move: { ...stage, label } }));
      }
      default:
        return stale;
    }
  },
};

function withOrders(draft: Draft, orders: OnReply): Draft {
  return withOption(draft, 'onReply', Object.keys(orders).length > 0 ? orders : undefined);
}

function without(orders: OnReply, effect: keyof OnReply): OnReply {
  const rest = { ...orders };
  delete rest[effect];
  return rest;
}

const toggled = (orders: OnReply, effect: 'note' | 'task'): OnReply =>
  orders[effect] ? without(orders, effect) : { ...orders, [effect]: true };

const isSame = (one: Stage, other: Stage): boolean => stageText(one) === stageText(other);

/** With the stage ticked, or unticked. */
function withFrom(orders: OnReply, stage: Stage): OnReply {
  if (!orders.move) return orders;
  const { from: before = [], ...move } = orders.move;
  const from = before.some((one) => isSame(one, stage))
    ? before.filter((one) => !isSame(one, stage))
    : [...before, stage];
  return { ...orders, move: { ...move, ...(from.length > 0 && { from }) } };
}

const ticked = (isTicked: boolean, text: string): string => `${isTicked ? '☑️' : '▫️'} ${text}`;

function renderOrders({ onReply }: Draft, view: View): Screen {
  const { texts } = view;
  const { note, task, move } = onReply ?? {};
  const present = onReply && optionText('onReply', onReply, { language: texts.language, timezone: texts.zone });
  const effect = (which: keyof OnReply, isTicked: boolean, text = texts.plain(`onReply.${which}`)): Button[] => [
    view.button('effect', { text: ticked(isTicked, text), argument: which }),
  ];
  const stages = move?.from
    ? texts.plain('onReply.chosen', { count: move.from.length })
    : texts.plain('onReply.anywhere');
  return {
    html: texts.html('onReply.question', { present: present ?? texts.plain('onReply.none') }),
    keyboard: [
      effect('note', note === true),
      effect('task', task === true),
      effect(
        'move',
        move !== undefined,
        move && texts.plain('onReply.moveTo', { stage: shorten(move.label ?? stageText(move), NAME_LENGTH) }),
      ),
      ...(move ? [[view.button('from', { text: texts.plain('onReply.from', { stages }) })]] : []),
      ...(onReply ? [[view.button('nothing', { text: texts.plain('onReply.clear') })]] : []),
      view.footer(),
    ],
  };
}

/** A pipeline, then its stages; `from`: ticks. */
function renderPick({ what, pipelineId, page }: Pick, pipelines: Pipelines, { onReply }: Draft, view: View): Screen {
  const { texts } = view;
  const pipeline = pipelines.find(({ id }) => id === pipelineId);
  const from = onReply?.move?.from ?? [];
  const stageOf = (statusId: number): Stage => ({ pipelineId: pipeline?.id ?? 0, statusId });
  const choices: readonly { id: number; name: string }[] = pipeline?.statuses ?? pipelines;
  const shown = ({ id, name }: { id: number; name: string }): string =>
    pipeline && what === 'from'
      ? ticked(
          from.some((one) => isSame(one, stageOf(id))),
          name,
        )
      : name;
  return {
    html: pipeline
      ? texts.html(what === 'from' ? 'onReply.whereFrom' : 'onReply.whichStage', { pipeline: pipeline.name })
      : texts.html('onReply.whereTo'),
    keyboard: [
      ...view.list(choices, [page, PAGE_SIZE], (one) =>
        view.button(pipeline ? 'stage' : 'pipeline', { text: shorten(shown(one), NAME_LENGTH), argument: one.id }),
      ),
      [view.button('ready', { text: texts.plain('onReply.ready') })],
      view.footer(),
    ],
  };
}
