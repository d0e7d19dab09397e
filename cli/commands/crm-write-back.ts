/** `crm write-back`: what amoCRM gets to hear of a campaign. */
import { translate } from '../../config/i18n';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { WriteBackStatus } from '../../campaigns/write-back';
import { WRITE_BACK_KINDS, type WriteBackOrders } from '../../domain/story/write-back';
import type { CommandContext } from '../answer';
import { valueOf } from '../errors';
import type { Services } from '../services';
import type { Speech } from '../speech';
import { findStage } from '../stages';

interface Options {
  note?: true;
  tag?: string;
  move?: string;
  task?: true;
  status?: true;
  wait?: true;
}

/** How often to check whether it has ended (ms). */
const POLL_MS = 1_000;

export function addWriteBack(crm: Command, { services, action }: CommandContext): void {
  crm
    .command('write-back')
    .description("write a campaign's outcome to amoCRM, at once or when it ends; each lead once")
    .argument('<campaignId>')
    .option('--note', 'add a note with the outcome to every lead that was messaged')
    .option('--tag <name>', 'tag the leads that were reached')
    .option('--move <pipeline:stage>', 'move the leads that were reached, if they are still in the same stage')
    .option('--task', 'create a task for the responsible user of each lead that answered')
    .option('--wait', 'wait until it is done')
    .option('--status', 'only show the progress')
    .addHelpText(
      'after',
      '\nWithout --note, --tag, --move and --task, AMOCRM_WRITE_BACK decides.' +
        '\n\nExample:\n  bobcofer crm write-back k7m2p9xq --note --tag whatsapp --move "Sales:Offer sent" --task --wait',
    )
    .action(
      action(async (campaignId: string, options: Options) => {
        const writeBack = await services.writeBack();
        if (!options.status) {
          const ordered = valueOf(
            await writeBack.order(campaignId, await ordersOf(options, services), { kind: 'cli' }),
          );
          if (ordered === 'at_end') {
            return {
              json: { campaignId, ordered },
              text: services.speech.t('Campaign {{id}}: will be written back when it ends.', { id: campaignId }),
            };
          }
        }
        let status = await writeBack.status(campaignId);
        while (options.wait && status && !status.endedAt) {
          await sleep(POLL_MS);
          status = await writeBack.status(campaignId);
        }
        const text = status
          ? linesOf(campaignId, status, services.speech).join('\n')
          : services.speech.t('Campaign {{id}}: nothing was ordered.', { id: campaignId });
        return { json: status ? { campaignId, ...status } : { campaignId }, text };
      }),
    );
}

async function ordersOf({ note, tag, move, task }: Options, services: Services): Promise<WriteBackOrders> {
  if (!note && tag === undefined && move === undefined && !task) return services.writeBackOrders() ?? {};
  const orders: WriteBackOrders = { ...(note && { note }), ...(tag !== undefined && { tag }), ...(task && { task }) };
  if (move !== undefined) {
    const pipelines = valueOf(await (await services.catalogue()).pipelines({ refresh: true }));
    const { pipeline, status } = findStage(pipelines, move);
    orders.move = { pipelineId: pipeline.id, statusId: status.id };
  }
  return orders;
}

function linesOf(
  id: string,
  { orders, endedAt, brokenOff, counts, refused }: WriteBackStatus,
  { t, language }: Speech,
): string[] {
  const names = { tag: t('tags'), move: t('moves'), note: t('notes'), task: t('tasks') };
  const lines = WRITE_BACK_KINDS.filter((kind) => orders[kind]).map((kind) => {
    const { written, refused: no, left } = counts[kind] ?? { written: 0, refused: 0, left: 0 };
    const others = [
      ...(no > 0 ? [t('{{n}} refused', { n: no })] : []),
      ...(left > 0 ? [t('{{n}} left: moved meanwhile', { n: left })] : []),
    ];
    return `  ${names[kind]}: ${[t('{{n}} written', { n: written }), ...others].join(', ')}`;
  });
  return [
    brokenOff
      ? t('Campaign {{id}}: not written back to the end', { id })
      : endedAt
        ? t('Campaign {{id}}: written back', { id })
        : t('Campaign {{id}}: being written back', { id }),
    ...(brokenOff
      ? [
          t('  {{why}}; order it again to go on', {
            why: `${translate(language, `crm.report.ended.${brokenOff.status}`)}${brokenOff.detail ? ` (${brokenOff.detail})` : ''}`,
          }),
        ]
      : []),
    ...lines,
    ...refused.map(({ leadId, kind, detail }) =>
      t('  lead {{lead}}, {{kind}}: {{detail}}', { lead: leadId, kind, detail }),
    ),
  ];
}
