/** `contacts`: the group of commands about lists and people, with `contacts show` and `contacts erase`. */
import type { Command } from 'commander';
import { type ContactProfile, profileOf } from '../../audience/contact-profile';
import { actorText } from '../terminal';
import type { Answer, CommandContext } from '../answer';
import { CommandRefused, WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { phonesOf } from '../phones';
import type { Services } from '../services';
import { addContactsExport, addContactsSearch, addContactsTag } from './contacts-find';
import { addContactsImport } from './contacts-import';
import { addContactsLists } from './contacts-lists';

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
    .description('show what is known about a number: names, tags, suppressions, consents, messages, replies, removals')
    .argument('<phone>')
    .option(
      '--limit <n>',
      'maximum number of messages, replies and removals to show, newest first',
      wholeNumber('--limit'),
      20,
    )
    .option('--texts', 'also show the text of replies')
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
          text: linesOf(profile, services).join('\n'),
        };
      }),
    );
}

/** People's words are private: show them only on request. */
function withTexts(wanted: boolean, profile: ContactProfile): ContactProfile {
  if (wanted) return profile;
  return { ...profile, replies: profile.replies.map(({ text: _text, buttonText: _button, ...reply }) => reply) };
}

function linesOf(profile: ContactProfile, { showTime: when, speech: { t, text } }: Services): string[] {
  const { phone, contact, suppressions, deliveries, deliveryCount, replies, replyCount, removals } = profile;
  const { names = [], tags = [], sources = [], firstSeenAt, lastSeenAt, consents = [] } = contact ?? {};
  const more = (shown: readonly unknown[], count: number): string[] =>
    count > shown.length ? [t('  … and {{more}} older ones; --limit shows more', { more: count - shown.length })] : [];
  return [
    [phone, ...names].join('  '),
    ...(tags.length > 0 ? [t('  tags: {{tags}}', { tags: tags.join(', ') })] : []),
    ...(lastSeenAt
      ? [
          t('  met {{first}} – {{last}} in {{sources}}', {
            first: when(firstSeenAt),
            last: when(lastSeenAt),
            sources: sources.join(', '),
          }),
        ]
      : []),
    ...suppressions.map(({ reason, scope, detail, createdAt, createdBy }) =>
      t('  suppressed ({{scope}}) since {{at}} by {{who}}: {{why}}', {
        scope,
        at: when(createdAt),
        who: actorText(createdBy),
        why: [reason, detail].filter(Boolean).join(', '),
      }),
    ),
    ...(suppressions.length === 0 ? [t('  not suppressed')] : []),
    ...consents.map(({ category, source, at, by }) =>
      t('  consent to {{category}} at {{at}} by {{who}}: {{source}}', {
        ...{ category, source, at: when(at), who: actorText(by) },
      }),
    ),
    deliveryCount === 0 ? t('  no messages') : t('  messages: {{count}}', { count: deliveryCount }),
    ...deliveries.map(({ at, campaignName, campaignId, template, state, code }) =>
      [
        `  ${when(at) || '-'.padEnd(16)}`,
        text(`words.deliveryStates.${state}`) + (code ? ` (${code})` : ''),
        `"${campaignName}" (${campaignId})`,
        template,
      ].join('  '),
    ),
    ...more(deliveries, deliveryCount),
    ...replies.map(({ at, text: written, buttonText, campaignId }) => {
      const said = written ?? buttonText;
      const to = campaignId ? t(' to {{id}}', { id: campaignId }) : '';
      return t('  reply {{at}}{{to}}{{said}}', { at: when(at), to, said: said === undefined ? '' : `: ${said}` });
    }),
    ...more(replies, replyCount),
    ...removals.map(({ action: done, at, actor }) =>
      t('  {{done}} at {{at}} by {{who}}', { done, at: when(at), who: actorText(actor) }),
    ),
  ];
}

interface EraseOptions {
  yes?: true;
  forgetSuppressions?: boolean;
}

const ABOUT = `
Erases the contact; the number, name and parameters in deliveries; replies; webhook events; rows of saved lists; typed
numbers; and bot conversations that hold the number. In other texts written by admins and services, the number and the
full name are replaced by asterisks. Kept are the ledgers' counts, an audit entry without the number, and the number's
suppressions as a keyed hash that matches only this number: without them, the next file with the number would reach the
person again. docs/backup.md lists what it cannot reach.

Example:
  bobcofer contacts erase "+7 900 123-45-67" --yes`;

function addContactsErase(contacts: Command, { services, action }: CommandContext): void {
  contacts
    .command('erase')
    .description("erase a person's data everywhere; the counts stay")
    .argument('<phone>')
    .option('--yes', 'confirm: this cannot be undone')
    .option('--forget-suppressions', 'the person wants to be messaged again: keep no hash of their opt-out')
    .addHelpText('after', ABOUT)
    .action(
      action(async (text: string, { yes, forgetSuppressions = false }: EraseOptions): Promise<Answer> => {
        const [phone, another] = phonesOf([text], services);
        if (phone === undefined || another !== undefined) throw new WrongUsage('expected exactly one number');
        if (!yes) throw new WrongUsage('expected --yes: erased data cannot be restored');
        const { erasure } = await services.store();
        const country = services.common().DEFAULT_COUNTRY;
        const outcome = await erasure.erase(phone, { by: { kind: 'cli' }, country, forgetSuppressions });
        if ('busy' in outcome) {
          const named = outcome.busy.map(({ id, name }) => `"${name}" (${id})`).join(', ');
          throw new CommandRefused(
            `Nothing was erased: active campaigns may still message this number: ${named}. Cancel them or wait until they end.`,
            'contact_busy',
            ({ t }) =>
              t(
                'Nothing was erased: active campaigns may still message this number: {{named}}. Cancel them or wait until they end.',
                { named },
              ),
          );
        }
        const { erased } = outcome;
        const counts = Object.entries(erased).map(([what, count]) => `${what} ${count}`);
        return { json: { erased }, text: services.speech.t('Erased: {{counts}}.', { counts: counts.join(', ') }) };
      }),
    );
}
