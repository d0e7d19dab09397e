/** `crm snapshot`: what each stage of the funnel holds, and what has changed. */
import type { Command } from 'commander';
import type { FunnelView } from '../../campaigns/funnel';
import type { FunnelCount } from '../../domain/funnel';
import type { CommandContext } from '../answer';
import { refusedAs, valueOf } from '../errors';
import { renderTable } from '../table';

export function addFunnel(crm: Command, { terminal, services, action }: CommandContext): void {
  crm
    .command('snapshot')
    .description('count leads, their prices and reachable people in every stage, and save the counts')
    .option('--last', 'show the last snapshot without asking amoCRM')
    .addHelpText('after', '\nExamples:\n  bobcofer crm snapshot\n  bobcofer crm snapshot --last --json')
    .action(
      action(async ({ last }: { last?: true }) => {
        const service = await services.funnel();
        const view = last ? await service.last() : valueOf(await service.take(progressOn(terminal)));
        if (terminal.live && !last) terminal.note('');
        if (!view) throw refusedAs('no_snapshot', 'There is no snapshot yet. `crm snapshot` takes one.');
        return { json: documentOf(view), text: funnelText(view, terminal, services.showTime) };
      }),
    );
}

function progressOn(terminal: CommandContext['terminal']): { onProgress?: (leads: number) => void } {
  return terminal.live
    ? {
        onProgress: (leads) => void terminal.stderr.write(`\r${terminal.speech.t('{{leads}} leads read', { leads })} `),
      }
    : {};
}

/** The counts, each with its change. */
function documentOf({ funnel, change }: FunnelView): unknown {
  const { pipelines, ...whole } = funnel;
  return {
    ...whole,
    ...(change && { since: change.since, change: change.whole }),
    pipelines: pipelines.map(({ stages, ...pipeline }) => ({
      ...pipeline,
      ...(change && { change: change.pipeline(pipeline.id) }),
      stages: stages.map((stage) => ({ ...stage, ...(change && { change: change.stage(pipeline.id, stage.id) }) })),
    })),
  };
}

interface Line {
  name: string;
  count: FunnelCount;
  change: FunnelCount | undefined;
}

function funnelText(
  { funnel, change }: FunnelView,
  terminal: CommandContext['terminal'],
  showTime: (at: Date) => string,
): string {
  const { t } = terminal.speech;
  const lines: Line[] = funnel.pipelines.flatMap((pipeline) => [
    { name: pipeline.name, count: pipeline, change: change?.pipeline(pipeline.id) },
    ...pipeline.stages.map((stage) => ({
      name: `  ${stage.name}`,
      count: stage,
      change: change?.stage(pipeline.id, stage.id),
    })),
  ]);
  lines.push({ name: t('All leads'), count: funnel, change: change?.whole });
  const column =
    (key: keyof FunnelCount) =>
    ({ count, change: by }: Line): string =>
      `${grouped(count[key])}${by && by[key] !== 0 ? ` (${by[key] > 0 ? '+' : '−'}${grouped(Math.abs(by[key]))})` : ''}`;
  const table = renderTable<Line>(
    [
      { head: 'STAGE', cell: ({ name }) => name, flexible: true },
      { head: 'LEADS', cell: column('leads') },
      { head: `${t('SUM')}${funnel.currency && `, ${funnel.currency}`}`, cell: column('sum') },
      { head: 'REACHABLE', cell: column('people') },
    ],
    lines,
    { ...terminal, empty: '' },
  );
  const at = showTime(funnel.takenAt);
  const taken = change
    ? t('Taken {{at}}; in brackets the change since {{since}}.', { at, since: showTime(change.since) })
    : t('Taken {{at}}.', { at });
  return `${table}\n\n${taken} ${t('Reachable: people with a valid number of their own.')}`;
}

/** `1234567` as `1 234 567`. */
function grouped(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ' ');
}
