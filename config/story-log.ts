/**
 * The lines by which a log tells the story of a campaign: each state it enters with its reason, each command with who gave
 * it. Ids and codes only; a Telegram id is a number of its own, since in a text it would be blanked like a phone number.
 */
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { Logger } from './logger';

type Log = Pick<Logger, 'info'>;

/** `by`: as Temporal's history has it, `telegram:<id>` or the kind of actor. */
export function logState(
  log: Log | undefined,
  campaignId: string,
  { from, to, reason }: { from?: CampaignState; to: CampaignState; reason?: StateReason | undefined },
): void {
  const why = reason && ('by' in reason ? whoFields(reason.by) : { code: reason.error.code });
  log?.info({ campaignId, ...(from && { from }), to, ...why }, `Campaign: ${to}`);
}

/** One of several senders stands aside, for the reason with this code, or is back. */
export function logSender(
  log: Log | undefined,
  campaignId: string,
  { sender, now, code }: { sender: string; now: 'aside' | 'back'; code?: string },
): void {
  log?.info(
    { campaignId, sender, ...(code && { code }) },
    `Campaign: a sender ${now === 'aside' ? 'stands aside' : 'is back'}`,
  );
}

/** `refusal`: the code, if it was not accepted. */
export function logCommand(
  log: Log | undefined,
  campaignId: string,
  { command, by, refusal, values }: { command: string; by: string; refusal: string | undefined; values?: object },
): void {
  const said = { campaignId, command, ...whoFields(by), ...values, ...(refusal && { refusal }) };
  log?.info(said, `Command ${refusal ? 'refused' : 'accepted'}: ${command}`);
}

function whoFields(by: string): { by: string; byId?: number } {
  const [kind = '', id] = by.split(':');
  return { by: kind, ...(id && { byId: Number(id) }) };
}
