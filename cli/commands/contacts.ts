/** `contacts`: the group of commands about lists and people, with `contacts show` and `contacts erase`. */
import type { Command } from 'commander';
import { type ContactProfile, profileOf } from '../../audience/contact-profile';
import { translate } from '../../config/i18n';
import { actorText } from '../terminal';
import type { Answer, CommandContext } from '../answer';
import { CommandRefused, WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { phonesOf } from '../phones';
import type { Services } from '../services';
import { addContactsExport, addContactsLists, addContactsSearch, addContactsTag } from './contacts-find';
import { addContactsImport } from './contacts-import';

export function addContacts(program: Command, context: CommandContext): void {
  const contacts = program.command('contacts').alias('contact').description('Lists of people, and single contacts');
  addContactsImport(contacts, context);
  addContactsSearch(contacts, context);
  addContactsShow(contacts, context);
  addContactsTag(contacts, context);
  addContactsExport(contacts, context);
  addContactsLists(contacts, context);
  addContactsErase(contacts, context);
}

function addContactsShow(contacts: Command, { services, action }: CommandContext): void {
  contacts
    .command('show')
    .description('what is known of a number: names, tags, suppressions, consents, messages, replies, what was removed')
    .argument('<phone>')
    .option('--limit <n>', 'of messages, replies and removals show the newest', wholeNumber('--limit'), 20)
    .option('--texts', 'what the replies say, too')
    .action(
      action(async (text: string, { limit, texts = false }: { limit: number; texts?: boolean }) => {
        const [phone = ''] = phonesOf([text], services);
        const profile = withTexts(texts, await profileOf(await services.store(), phone, limit));
        const { contact, suppressions, deliveries, deliveryCount, replies, replyCount, removals } = profile;
        const { names = [], tags = [], sources = [], firstSeenAt, lastSeenAt, consents = [] } = contact ?? {};
        return {
          json: {
            ...{ phone, names, tags, sources, firstSeenAt, lastSeenAt, suppressions, consents },
            ...{ deliveries, deliveryCount, replies, replyCount, removals },
            ...(replies[0] && { lastReplyAt: replies[0].at }),
          },
          text: linesOf(profile, services.showTime).join('\n'),
        };
      }),
    );
}

/** What people write is theirs: it is not on a screen unless somebody asks for it. */
function withTexts(wanted: boolean, profile: ContactProfile): ContactProfile {
  if (wanted) return profile;
  return { ...profile, replies: profile.replies.map(({ text: _text, buttonText: _button, ...reply }) => reply) };
}

function linesOf(profile: ContactProfile, when: Services['showTime']): string[] {
  const { phone, contact, suppressions, deliveries, deliveryCount, replies, replyCount, removals } = profile;
  const { names = [], tags = [], sources = [], firstSeenAt, lastSeenAt, consents = [] } = contact ?? {};
  const more = (shown: readonly unknown[], count: number): string[] =>
    count > shown.length ? [`  … and ${count - shown.length} older ones; --limit shows more`] : [];
  return [
    [phone, ...names].join('  '),
    ...(tags.length > 0 ? [`  tags: ${tags.join(', ')}`] : []),
    ...(lastSeenAt ? [`  met ${when(firstSeenAt)} – ${when(lastSeenAt)} in ${sources.join(', ')}`] : []),
    ...suppressions.map(
      ({ reason, scope, detail, createdAt, createdBy }) =>
        `  suppressed (${scope}) since ${when(createdAt)} by ${actorText(createdBy)}: ${[reason, detail].filter(Boolean).join(', ')}`,
    ),
    ...(suppressions.length === 0 ? ['  not suppressed'] : []),
    ...consents.map(
      ({ category, source, at, by }) => `  consent to ${category} at ${when(at)} by ${actorText(by)}: ${source}`,
    ),
    `  ${deliveryCount === 0 ? 'no messages' : `messages: ${deliveryCount}`}`,
    ...deliveries.map(({ at, campaignName, campaignId, template, state, code }) =>
      [
        `  ${when(at) || '-'.padEnd(16)}`,
        translate('en', `words.deliveryStates.${state}`) + (code ? ` (${code})` : ''),
        `"${campaignName}" (${campaignId})`,
        template,
      ].join('  '),
    ),
    ...more(deliveries, deliveryCount),
    ...replies.map(({ at, text, buttonText, campaignId }) => {
      const said = text ?? buttonText;
      return `  reply ${when(at)}${campaignId ? ` to ${campaignId}` : ''}${said === undefined ? '' : `: ${said}`}`;
    }),
    ...more(replies, replyCount),
    ...removals.map(({ action: done, at, actor }) => `  ${done} at ${when(at)} by ${actorText(actor)}`),
  ];
}

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

function addContactsErase(contacts: Command, { services, action }: CommandContext): void {
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
