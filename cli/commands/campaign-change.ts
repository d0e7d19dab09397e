/** `campaign rate` and `campaign reschedule`: what can be changed of a campaign that has been started. */
import type { Command } from 'commander';
import type { CommandRequest } from '../../campaigns/contract';
import type { Answer, CommandContext } from '../answer';
import { valueOf } from '../errors';
import { positiveNumber } from '../numbers';
import { statusAnswer } from '../status';
import { parseFutureMoment } from '../time';

const by = { kind: 'cli' as const };

export function addCampaignChange(campaign: Command, { services, action }: CommandContext): void {
  const tell = async (id: string, request: CommandRequest): Promise<Answer> =>
    statusAnswer(valueOf(await (await services.campaigns()).command(id, { ...request, by })), services);

  campaign
    .command('rate')
    .description('change how many messages a second it sends, at once; what was spread over a time is so no more')
    .argument('<id>')
    .argument('<perSecond>', 'messages a second at most', positiveNumber('<perSecond>'))
    .addHelpText('after', '\nExample:\n  bobcofer campaign rate 7k2m9xpa 5')
    .action(action((id: string, ratePerSecond: number) => tell(id, { command: 'setRate', ratePerSecond })));

  campaign
    .command('reschedule')
    .description('move the start of a campaign that waits for it')
    .argument('<id>')
    .argument('<time>', 'ISO 8601, with a zone or in DEFAULT_TIMEZONE')
    .addHelpText('after', '\nExample:\n  bobcofer campaign reschedule 7k2m9xpa 2026-12-01T10:00')
    .action(
      action((id: string, time: string) => {
        const at = parseFutureMoment('<time>', time, services.common().DEFAULT_TIMEZONE, new Date());
        return tell(id, { command: 'reschedule', at });
      }),
    );
}
