/** `contacts erase`: a person's data goes, the counts stay. */
import type { Command } from 'commander';
import type { Answer, CommandContext } from '../answer';
import { CommandRefused, WrongUsage } from '../errors';
import { phonesOf } from '../phones';

interface EraseOptions {
  yes?: true;
  forgetSuppressions?: boolean;
}

const ABOUT = `
Erased are the contact, the number, name and parameters in deliveries, replies, webhook events, rows of saved lists,
typed numbers, and conversations of the bot that hold the number. Elsewhere the number, and the full name in what admins
and services wrote, are starred out. What the ledgers count stays, and so do an audit entry
without the number and, as a keyed hash that only fits this number, its suppressions: without them the next file that
holds the number would reach the person again. What it cannot reach is listed in docs/backup.md.

Example:
  bobcofer contacts erase "+7 900 123-45-67" --yes`;

export function addContactsErase(contacts: Command, { services, action }: CommandContext): void {
  contacts
    .command('erase')
    .description('erase a person: their data goes everywhere, the counts stay')
    .argument('<phone>')
    .option('--yes', 'do it: it cannot be undone')
    .option('--forget-suppressions', 'the person wishes to be written to again: keep no hash of their stop')
    .addHelpText('after', ABOUT)
    .action(
      action(async (text: string, { yes, forgetSuppressions = false }: EraseOptions): Promise<Answer> => {
        const [phone, another] = phonesOf([text], services);
        if (phone === undefined || another !== undefined) throw new WrongUsage('expected exactly one number');
        if (!yes) throw new WrongUsage('expected --yes: what is erased cannot be brought back');
        const { erasure } = await services.store();
        const country = services.common().DEFAULT_COUNTRY;
        const outcome = await erasure.erase(phone, { by: { kind: 'cli' }, country, forgetSuppressions });
        if ('busy' in outcome) {
          const named = outcome.busy.map(({ id, name }) => `"${name}" (${id})`).join(', ');
          throw new CommandRefused(
            `Nothing was erased: active campaigns may still message this number: ${named}. Cancel them or wait until they end.`,
            'contact_busy',
          );
        }
        const { erased } = outcome;
        const counts = Object.entries(erased).map(([what, count]) => `${what} ${count}`);
        return { json: { erased }, text: `Erased: ${counts.join(', ')}.` };
      }),
    );
}
