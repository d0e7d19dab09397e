/** The options of `campaign create` about what an answer does to the person's lead in amoCRM. */
import type { Command } from 'commander';
import type { CampaignSpec } from '../domain/campaign-spec';
import type { OnReply } from '../domain/reply-orders';
import { valueOf, WrongUsage } from './errors';
import type { Services } from './services';
import { findStage } from './stages';

export interface OnReplyOptions {
  replyNote?: true;
  replyTask?: true;
  replyMove?: string;
  replyMoveFrom?: string[];
}

export function addOnReplyOptions(command: Command): Command {
  return command
    .option('--reply-note', 'put what a person answers into a note on their lead in amoCRM')
    .option('--reply-task', "make a task for the lead's responsible user once a person answers")
    .option('--reply-move <stage>', 'move the lead to this stage once a person answers: pipeline:stage, by name or id')
    .option(
      '--reply-move-from <stage...>',
      'only from these stages (default: from where the campaign found the lead, else from any that is not closed)',
    );
}

/** Stages are looked up in amoCRM. */
export async function chooseOnReply(
  { replyNote, replyTask, replyMove, replyMoveFrom }: OnReplyOptions,
  services: Pick<Services, 'catalogue'>,
): Promise<Pick<CampaignSpec, 'onReply'>> {
  if (replyMoveFrom && replyMove === undefined)
    throw new WrongUsage('--reply-move-from: expected --reply-move with it');
  const orders: OnReply = { ...(replyNote && { note: true }), ...(replyTask && { task: true }) };
  if (replyMove !== undefined) {
    const pipelines = valueOf(await (await services.catalogue()).pipelines({ refresh: true }));
    const stageOf = (given: string) => {
      const { pipeline, status } = findStage(pipelines, given);
      return { stage: { pipelineId: pipeline.id, statusId: status.id }, label: `${pipeline.name} / ${status.name}` };
    };
    const { stage, label } = stageOf(replyMove);
    const from = replyMoveFrom?.map((given) => stageOf(given).stage);
    orders.move = { ...stage, label: label.slice(0, 120), ...(from && { from }) };
  }
  return Object.keys(orders).length > 0 ? { onReply: orders } : {};
}
