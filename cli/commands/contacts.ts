/** `contacts`: a file of people as a saved list, and what is known of one number. */
import type { Command } from 'commander';
import { actorText } from '../actor';
import type { CommandContext } from '../answer';
import { phonesOf } from '../phones';
import { addContactsImport } from './contacts-import';

/** Of what was removed the newest are shown. */
const SHOWN_REMOVALS = 20;

export function addContacts(program: Command, context: CommandContext): void {
  const contacts = program.command('contacts').alias('contact').description('Lists of people, and single contacts');
  addContactsImport(contacts, context);
  addShow(contacts, context);
}

function addShow(contacts: Command, { services, action }: CommandContext): void {
  contacts
    .command('show')
    .description('what is known of a number: suppressions, consents, its last reply, what was removed')
    .argument('<phone>')
    .action(
      action(async (text: string) => {
        const store = await services.store();
        const [phone = ''] = phonesOf([text], services);
        const [suppressions, contact, reply, removals] = await Promise.all([
          store.suppressions.of(phone),
          store.contacts.find(phone),
          store.replies.latest(phone),
          store.audit.of(phone, SHOWN_REMOVALS),
        ]);
        const consents = contact?.consents ?? [];
        const when = services.showTime;
        const lines = [
          phone,
          ...suppressions.map(
            ({ reason, scope, detail, createdAt, createdBy }) =>
              `  suppressed (${scope}) since ${when(createdAt)} by ${actorText(createdBy)}: ${[reason, detail].filter(Boolean).join(', ')}`,
          ),
          ...(suppressions.length === 0 ? ['  not suppressed'] : []),
          ...consents.map(
            ({ category, source, at, by }) => `  consent to ${category} at ${when(at)} by ${actorText(by)}: ${source}`,
          ),
          ...(reply ? [`  last reply ${when(reply.at)}`] : []),
          ...removals.map(({ action: done, at, actor }) => `  ${done} at ${when(at)} by ${actorText(actor)}`),
        ];
        return {
          json: { phone, suppressions, consents, ...(reply && { lastReplyAt: reply.at }), removals },
          text: lines.join('\n'),
        };
      }),
    );
}
