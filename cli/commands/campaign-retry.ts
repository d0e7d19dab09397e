/** `campaign retry` and `campaign unknown`: what becomes of those that failed, and of those nobody knows about. */
import { Option, type Command } from 'commander';
import type { CommandContext } from '../answer';
import { CommandRefused, valueOf } from '../errors';

const FAMILIES = ['account', 'template', 'contact', 'rate', 'temporary'];
const by = { kind: 'cli' as const };

export function addCampaignRetry(campaign: Command, { services, action }: CommandContext): void {
  campaign
    .command('retry')
    .description('send again to those that failed; of an ended campaign, as a new campaign that starts at once')
    .argument('<id>')
    .addOption(new Option('--family <family...>', 'only failures of these families').choices(FAMILIES))
    .option('--code <code...>', 'only failures with these codes')
    .addHelpText(
      'after',
      '\nWhoever has got it from an earlier retry is left out; refused while such a one still sends to them.\n' +
        '\nExample:\n  bobcofer campaign retry 7k2m9xpa --family temporary',
    )
    .action(
      action(async (id: string, { family, code }: { family?: string[]; code?: string[] }) => {
        const campaigns = await services.campaigns();
        const request = { by, ...(family && { families: family }), ...(code && { codes: code }) };
        const again = valueOf(await campaigns.retryFailed(id, request));
        return { json: again, text: sentence(id, again) };
      }),
    );

  campaign
    .command('unknown')
    .description('decide on sends without an answer: they may have arrived, or not')
    .argument('<id>')
    .option('--assume-sent', 'count them as accepted')
    .option('--send-again', 'send them again: whoever did get the first message gets two')
    .addHelpText('after', '\nExample:\n  bobcofer campaign unknown 7k2m9xpa --assume-sent')
    .action(
      action(async (id: string, { assumeSent, sendAgain }: { assumeSent?: boolean; sendAgain?: boolean }) => {
        if (Boolean(assumeSent) === Boolean(sendAgain)) {
          throw new CommandRefused(
            'campaign unknown: give --assume-sent or --send-again, one of them.',
            'choice_missing',
          );
        }
        const campaigns = await services.campaigns();
        const choice = sendAgain ? 'send_again' : 'assume_sent';
        const decided = valueOf(await campaigns.decideUnknown(id, { choice, by }));
        const text = sendAgain ? sentence(id, decided) : `${decided.count} unknown deliveries count as accepted now.`;
        return { json: decided, text };
      }),
    );
}

function sentence(id: string, again: { id: string; count: number }): string {
  const where = again.id === id ? `in campaign ${id}` : `as a new campaign, ${again.id}`;
  return `${again.count} deliveries go again ${where}.`;
}
