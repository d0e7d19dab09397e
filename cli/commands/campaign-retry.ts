/** `campaign retry` and `campaign unknown`: resend to failed deliveries, and decide about unknown ones. */
import { Option, type Command } from 'commander';
import type { CommandContext } from '../answer';
import { CommandRefused, valueOf } from '../errors';

const FAMILIES = ['account', 'template', 'contact', 'rate', 'temporary'];
const by = { kind: 'cli' as const };

export function addCampaignRetry(campaign: Command, { services, action }: CommandContext): void {
  campaign
    .command('retry')
    .description('resend failed deliveries; for an ended campaign, as a new campaign that starts at once')
    .argument('<id>')
    .addOption(new Option('--family <family...>', 'only failures in these families').choices(FAMILIES))
    .option('--code <code...>', 'only failures with these codes')
    .addHelpText(
      'after',
      '\nPeople reached by an earlier retry are left out. Refused while such a retry is still sending to them.\n' +
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
    .description('decide about sends without an answer, which may or may not have arrived')
    .argument('<id>')
    .option('--assume-sent', 'count them as accepted')
    .option('--send-again', 'send them again: people who got the first message get two')
    .addHelpText('after', '\nExample:\n  bobcofer campaign unknown 7k2m9xpa --assume-sent')
    .action(
      action(async (id: string, { assumeSent, sendAgain }: { assumeSent?: boolean; sendAgain?: boolean }) => {
        if (Boolean(assumeSent) === Boolean(sendAgain)) {
          throw new CommandRefused(
            'campaign unknown: expected exactly one of --assume-sent and --send-again',
            'choice_missing',
          );
        }
        const campaigns = await services.campaigns();
        const choice = sendAgain ? 'send_again' : 'assume_sent';
        const decided = valueOf(await campaigns.decideUnknown(id, { choice, by }));
        const text = sendAgain ? sentence(id, decided) : `${decided.count} unknown deliveries now count as accepted.`;
        return { json: decided, text };
      }),
    );
}

function sentence(id: string, again: { id: string; count: number }): string {
  const where = again.id === id ? `in campaign ${id}` : `as a new campaign, ${again.id}`;
  return `${again.count} deliveries will be resent ${where}.`;
}
