/** Where people come from: a stage of the CRM, a file, a saved list, pasted numbers, an earlier campaign. */
import { done, refused } from '../../config/errors';
import type { SimpleSource } from '../../domain/audience';
import type { AudiencePart } from '../conversation/chosen-audience';
import { withPeople } from '../conversation/draft';
import type { Step, StepAt } from '../conversation/steps';
import { exampleOf, filledHtml } from './filled';
import { conditionsText, labelled } from '../conversation/lead-conditions';
import type { Screen } from '../screen';
import type { Pipeline } from '../../clients/amocrm/model';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { Html, shorten } from '../texts';
import { takesFile } from './file';
import { chooseNumbers, readPastedRows } from './people';

const PAGE_SIZE = 8;

/** Their place in the audience, on to the next question. */
export function choose(talk: Talk, part: AudiencePart, banner?: string): Move {
  const { step, draft } = withPeople(talk.draft, part);
  return go(step, draft, banner);
}

/** People who are kept elsewhere: what they can fill parameters with must be asked for, unless they are left out. */
export async function chooseSource(talk: Talk, source: SimpleSource, label: string): Promise<Move> {
  if (talk.draft.role === 'exclude') return choose(talk, { source, label, columns: [] });
  await talk.interim(talk.texts.html('audience.reading', { label }));
  const columns = await talk.services.audience.columns(source);
  return columns.ok ? choose(talk, { source, label, columns: columns.value }) : refuse(columns);
}

const takesNumbers: NonNullable<StepScreen<Step>['text']> = async (_step, text, talk) => {
  const numbers = talk.services.audience.numbers(text);
  // Who gets nothing needs no values for parameters.
  const pasted = talk.draft.role === 'exclude' ? undefined : await readPastedRows(text, numbers, talk);
  if (pasted && pasted.banner === undefined) return go({ at: 'table', file: pasted.file }, talk.draft);
  if (pasted) {
    const { listId, name: label, columns } = pasted.file;
    return choose(talk, { source: { kind: 'list', listId }, label, columns }, pasted.banner);
  }
  const chosen = chooseNumbers(numbers, talk);
  return chosen.ok ? choose(talk, chosen.value.part, chosen.value.banner) : refuse(chosen);
};

export const audienceScreen: StepScreen<StepAt<'audience'>> = {
  show: async (_step, talk, view) => done({ screen: renderKinds(talk, view) }),
  press: async (_step, action, _argument, { draft }) => {
    if (action === 'crm') return go({ at: 'pipeline', page: 0 }, draft);
    if (action === 'list') return go({ at: 'list', page: 0 }, draft);
    if (action === 'earlier') return go({ at: 'earlier', page: 0 }, draft);
    if (action === 'file') return go({ at: 'file' }, draft);
    return action === 'numbers' ? go({ at: 'numbers' }, draft) : stale;
  },
  text: takesNumbers,
  file: takesFile,
};

function renderKinds({ draft: { template, role } }: Talk, view: View): Screen {
  const { texts, button } = view;
  const shown = template ? new Html(filledHtml(exampleOf(template, texts), texts)) : '';
  return {
    html: role
      ? texts.html(`audience.${role}`)
      : texts.html('audience.question', { template: template?.name ?? '', shown }),
    keyboard: [
      [button('crm'), button('file')],
      [button('list'), button('numbers')],
      [button('earlier')],
      view.footer(),
    ],
  };
}

export const fileScreen: StepScreen<StepAt<'file'>> = {
  show: async (_step, _talk, view) =>
    done({ screen: { html: view.texts.html('audience.file'), keyboard: [view.footer()] } }),
  file: takesFile,
};

export const numbersScreen: StepScreen<StepAt<'numbers'>> = {
  show: async (_step, _talk, view) =>
    done({ screen: { html: view.texts.html('audience.numbers'), keyboard: [view.footer()] } }),
  text: takesNumbers,
  file: takesFile,
};

export const pipelineScreen: StepScreen<StepAt<'pipeline'>> = {
  show: async (step, talk, view) => {
    const pipelines = await talk.services.crm.pipelines();
    return pipelines.ok ? done({ screen: renderPipelines(step, pipelines.value, view) }) : pipelines;
  },
  press: async (step, action, argument, talk) => {
    const { draft } = talk;
    const only = step.only && { only: step.only };
    if (action === 'page') return go({ ...step, page: Number(argument) }, draft);
    if (action === 'byTag') return go({ at: 'crmPick', by: 'tag', page: 0, ...only }, draft);
    if (action === 'byUser') return go({ at: 'crmPick', by: 'user', page: 0, ...only }, draft);
    if (action === 'byDate') return go({ at: 'crmDates', moment: 'created', ...only }, draft);
    if (action === 'byField') return go({ at: 'crmField', page: 0, ...only }, draft);
    if (action === 'allPipelines' && step.only) {
      return chooseSource(
        talk,
        { kind: 'crm', ...step.only.filter, ...leftOutWhole(talk) },
        labelled('amoCRM', step.only),
      );
    }
    return action === 'pick' ? go({ at: 'stage', pipelineId: Number(argument), page: 0, ...only }, draft) : stale;
  },
};

function renderPipelines(step: StepAt<'pipeline'>, pipelines: readonly Pipeline[], view: View): Screen {
  return {
    html: [
      ...(step.only ? [view.texts.html('leads.only', { conditions: conditionsText(step.only) })] : []),
      view.texts.html('audience.pipeline'),
    ].join('\n\n'),
    keyboard: [
      ...view.list(pipelines, [step.page, PAGE_SIZE], ({ id, name }) =>
        view.button('pick', { text: shorten(name, 60), argument: id }),
      ),
      ...(step.only ? [[view.button('allPipelines')]] : []),
      [view.button('byTag'), view.button('byUser')],
      [view.button('byDate'), view.button('byField')],
      view.footer(),
    ],
  };
}

export const stageScreen: StepScreen<StepAt<'stage'>> = {
  show: async (step, talk, view) => {
    const pipelines = await talk.services.crm.pipelines();
    if (!pipelines.ok) return pipelines;
    const pipeline = pipelines.value.find(({ id }) => id === step.pipelineId);
    if (!pipeline) return refused('stage_not_found', { pipelineId: step.pipelineId, statusId: '—' });
    const screen: Screen = {
      html: view.texts.html('audience.stage', { pipeline: pipeline.name }),
      keyboard: [
        ...view.list(pipeline.statuses, [step.page, PAGE_SIZE], ({ id, name }) =>
          view.button('pick', { text: shorten(name, 60), argument: id }),
        ),
        [view.button('allStages')],
        view.footer(),
      ],
    };
    return done({ screen });
  },
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    if (action !== 'pick' && action !== 'allStages') return stale;
    const pipelines = await talk.services.crm.pipelines();
    if (!pipelines.ok) return refuse(pipelines);
    const { pipelineId } = step;
    const statusId = Number(argument);
    const pipeline = pipelines.value.find(({ id }) => id === pipelineId);
    const leads = { kind: 'crm', ...step.only?.filter, pipelineId, ...leftOutWhole(talk) } as const;
    if (pipeline && action === 'allStages') return chooseSource(talk, leads, labelled(pipeline.name, step.only));
    const status = pipeline?.statuses.find(({ id }) => id === statusId);
    if (!pipeline || !status) return refuse(refused('stage_not_found', { pipelineId, statusId }));
    return chooseSource(talk, { ...leads, statusId }, labelled(`${pipeline.name} / ${status.name}`, step.only));
  },
};

/** Whoever is left out is meant with all numbers. */
export function leftOutWhole({ draft }: Talk): { phones?: 'all' } {
  return draft.role === 'exclude' ? { phones: 'all' } : {};
}

export const listScreen: StepScreen<StepAt<'list'>> = {
  show: async (step, talk, view) => {
    const lists = await talk.services.lists.list();
    const screen: Screen = {
      html: view.texts.html(lists.length > 0 ? 'audience.list' : 'audience.noLists'),
      keyboard: [
        ...view.list(lists, [step.page, PAGE_SIZE], ({ _id, name, count }) =>
          view.button('pick', {
            text: view.texts.plain('audience.listLabel', { name: shorten(name, 40), count }),
            argument: _id,
          }),
        ),
        view.footer(),
      ],
    };
    return done({ screen });
  },
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    if (action !== 'pick') return stale;
    const list = (await talk.services.lists.list()).find(({ _id }) => _id === argument);
    if (!list) return refuse(refused('list_not_found', { list: argument }));
    return chooseSource(talk, { kind: 'list', listId: list._id }, list.name);
  },
  file: takesFile,
};
