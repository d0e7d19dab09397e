/** Sends commands to campaign workflows as Updates, and turns refusals and Temporal's absence into values. */
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { done, refused, type Refused, type Result } from '../config/errors';
import type { Logger } from '../config/logger';
import { logCommand } from '../config/story-log';
import { actorName, type Actor } from '../domain/story/actor';
import type { CampaignCommand } from '../domain/story/campaign';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { campaign as campaignWorkflow } from '../workflows/campaign';
import {
  backUpdate,
  campaignWorkflowId,
  cancelUpdate,
  chooseWinnerUpdate,
  type MovedTo,
  moveUpdate,
  pauseUpdate,
  REFUSED,
  rescheduleUpdate,
  resumeUpdate,
  retryUpdate,
  setRateUpdate,
  type RetrySelection,
} from '../workflows/messages';
import type { CommandRequest } from './contract';
import { ANSWER_TIMEOUT_MS, troubleForTemporal, unreachable } from './temporal-calls';

/** The command's author, and the id that makes a repeated press of the same button one command. */
export interface Commanding {
  by: Actor;
  updateId?: string;
}

/** As a campaign's workflow takes it. */
export type Command = Exclude<CommandRequest, { command: 'move' }> | ({ command: 'move' } & MovedTo);

export interface Commander {
  /** Resolves once the campaign has accepted the command. */
  give(campaign: CampaignDocument, request: Command & Commanding): Promise<Result<void>>;
  /** Puts deliveries of a running campaign back into its queue. Returns how many. */
  retry(campaign: CampaignDocument, selection: RetrySelection, commanding: Commanding): Promise<Result<number>>;
}

interface CommanderDependencies {
  store: Pick<Store, 'campaigns'>;
  temporal: Client;
  /** Hears of every command; default: nobody does. */
  log?: Pick<Logger, 'info'> | undefined;
}

export function createCommander({ store, temporal, log }: CommanderDependencies): Commander {
  const handleOf = (id: string): WorkflowHandle<typeof campaignWorkflow> =>
    temporal.workflow.getHandle<typeof campaignWorkflow>(campaignWorkflowId(id));

  /** Refused when the command is invalid or Temporal does not answer. */
  async function toTemporal<T>(
    campaign: CampaignDocument,
    command: CampaignCommand,
    give: () => Promise<T>,
  ): Promise<Result<T>> {
    try {
      return done(await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, give));
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      if (error instanceof WorkflowUpdateFailedError && cause instanceof ApplicationFailure && cause.type === REFUSED) {
        const { state, refusal } = cause.details?.[0] as { state: string; refusal?: 'winner_settled' };
        return refusal ? refused(refusal, {}) : refused('campaign_state', { command, state });
      }
      if (error instanceof WorkflowNotFoundError) {
        const present = await store.campaigns.find(campaign._id);
        return refused('campaign_state', { command, state: present?.state ?? campaign.state });
      }
      const refusal = unreachable(error);
      if (refusal) return refusal;
      throw error;
    }
  }

  async function logged<T>(
    { _id }: CampaignDocument,
    command: CampaignCommand,
    by: Actor,
    give: () => Promise<Result<T>>,
    values?: object,
  ): Promise<Result<T>> {
    const answer = await give();
    const refusal = answer.ok ? undefined : answer.refusal.code;
    logCommand(log, _id, { command, by: actorName(by), refusal, ...(values && { values }) });
    return answer;
  }

  return {
    give: (campaign, request) =>
      logged(
        campaign,
        request.command,
        request.by,
        async () =>
          problemOf(request) ??
          (await toTemporal(campaign, request.command, () => update(handleOf(campaign._id), request))),
        valuesOf(request),
      ),
    retry: (campaign, selection, { by, updateId }) =>
      logged(campaign, 'retry', by, () =>
        toTemporal(campaign, 'retry', () =>
          handleOf(campaign._id).executeUpdate(retryUpdate, {
            ...(updateId && { updateId }),
            args: [{ by: actorName(by), ...(updateId && { updateId }), selection }],
          }),
        ),
      ),
  };
}

function update(handle: WorkflowHandle, request: Command & Commanding): Promise<void> {
  const { updateId } = request;
  const common = { by: actorName(request.by), ...(updateId && { updateId }) };
  const options = updateId ? { updateId } : {};
  switch (request.command) {
    case 'pause':
      return handle.executeUpdate(pauseUpdate, {
        ...options,
        args: [
          {
            ...common,
            ...(request.trouble && { trouble: troubleForTemporal(request.trouble) }),
            ...(request.sender !== undefined && { sender: request.sender }),
          },
        ],
      });
    case 'resume':
      return handle.executeUpdate(resumeUpdate, { ...options, args: [common] });
    case 'cancel':
      return handle.executeUpdate(cancelUpdate, { ...options, args: [common] });
    case 'reschedule':
      return handle.executeUpdate(rescheduleUpdate, { ...options, args: [{ ...common, at: request.at.getTime() }] });
    case 'move':
      return handle.executeUpdate(moveUpdate, {
        ...options,
        args: [{ ...common, senders: request.senders, ratePerSecond: request.ratePerSecond }],
      });
    case 'chooseWinner':
      return handle.executeUpdate(chooseWinnerUpdate, { ...options, args: [{ ...common, variant: request.variant }] });
    case 'back':
      return handle.executeUpdate(backUpdate, { ...options, args: [{ ...common, sender: request.sender }] });
    case 'setRate':
      return handle.executeUpdate(setRateUpdate, {
        ...options,
        args: [{ ...common, ratePerSecond: request.ratePerSecond }],
      });
  }
}

/** What a command says besides its name, for the log: codes, rates and times. */
function valuesOf(request: Command): object | undefined {
  switch (request.command) {
    case 'pause':
      return request.trouble && { code: request.trouble.code, ...(request.sender && { sender: request.sender }) };
    case 'reschedule':
      return { at: request.at.toISOString() };
    case 'setRate':
      return { ratePerSecond: request.ratePerSecond };
    case 'move':
      return { senders: request.senders.map(({ sender }) => sender) };
    case 'chooseWinner':
      return { variant: request.variant };
    case 'back':
      return { sender: request.sender };
    case 'resume':
    case 'cancel':
      return undefined;
  }
}

function problemOf(request: Command): Refused | undefined {
  if (request.command === 'reschedule' && request.at.getTime() <= Date.now()) {
    return refused('time_past', { value: request.at.toISOString() });
  }
  if (request.command === 'setRate' && !(request.ratePerSecond > 0)) {
    return refused('rate_invalid', { value: request.ratePerSecond });
  }
  return undefined;
}
