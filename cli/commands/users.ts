/** `users`: who is on the team, with which role, and invitations to it. */
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { invitationLink, INVITATION_HOURS } from '../../clients/invitation-link';
import { ROLES, type Role } from '../../domain/roles';
import type { InvitationDocument } from '../../store/invitations';
import type { By } from '../../store/users';
import { actorText } from '../terminal';
import type { Answer, CommandContext } from '../answer';
import { refusedAs, WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { renderTable } from '../table';
import { sentence, type Speech } from '../speech';

export function addUsers(program: Command, context: CommandContext): void {
  const users = program
    .command('users')
    .description('The team: who may use the bot, with which role, and hears about campaigns')
    .addHelpText('after', ROLES_HELP);
  addList(users, context);
  addInvite(users, context);
  addInvitations(users, context);
  addAdd(users, context);
  addRole(users, context);
  addRemove(users, context);
  addCrmUser(users, context);
}

const ROLES_HELP = `
Roles: owner (everything), admin (campaigns, approvals, the team below admins, erasing data),
operator (runs campaigns, answers people), viewer (sees campaigns and reports).
A change holds from the next second on. ADMIN_IDS makes the first owners only.`;

const HOUR_MS = 3_600_000;
/** A longer one is a standing password (hours). */
const MOST_HOURS = 24 * 30;
/** So much of an invitation's id names it. */
const KEY_LENGTH = 10;
const by = { kind: 'cli' } as const;

function telegramId(text: string): number {
  const id = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(id) || id === 0) {
    throw new InvalidArgumentError(
      'expected a Telegram id, a whole number such as 123456789; the bot tells strangers theirs',
    );
  }
  return id;
}

function hours(text: string): number {
  const value = wholeNumber('--hours')(text);
  if (value > MOST_HOURS) throw new InvalidArgumentError(`expected at most ${MOST_HOURS} hours`);
  return value;
}

const byText = (one: By): string => (one.kind === 'settings' ? 'ADMIN_IDS' : actorText(one));

function addList(users: Command, { terminal, services, action }: CommandContext): void {
  users
    .command('list')
    .description('list the team')
    .action(
      action(async () => {
        const members = await (await services.store()).users.members();
        const text = renderTable(
          [
            { head: 'TELEGRAM ID', cell: ({ _id }) => String(_id) },
            { head: 'NAME', cell: ({ name }) => name ?? '', flexible: true },
            { head: 'ROLE', cell: ({ member }) => member.role },
            { head: 'SINCE', cell: ({ member }) => services.showTime(member.since) },
            { head: 'BY', cell: ({ member }) => byText(member.by) },
            { head: 'CRM USER', cell: ({ crmUserId }) => (crmUserId === undefined ? '' : String(crmUserId)) },
            { head: 'LANGUAGE', cell: ({ language }) => language ?? '' },
          ],
          members,
          {
            ...terminal,
            empty: 'The team is empty. The bot and the worker make the ids in ADMIN_IDS owners when they first start.',
          },
        );
        const json = members.map(({ _id, name, member, language, crmUserId, unreachableSince }) => {
          const { role, since, by: giver } = member;
          return { id: _id, name, role, since, by: giver, language, crmUserId, unreachableSince };
        });
        return { json, text };
      }),
    );
}

const roleOption = (fallback?: Role): Option => {
  const option = new Option('--role <role>', 'their role').choices(ROLES);
  return fallback ? option.default(fallback) : option.makeOptionMandatory();
};

function addInvite(users: Command, { services, action }: CommandContext): void {
  users
    .command('invite')
    .description('make a link that lets one person join the team, once')
    .addOption(roleOption())
    .option('--hours <n>', 'how long it holds', hours, INVITATION_HOURS)
    .addHelpText('after', '\nExample:\n  bobcofer users invite --role operator --hours 24')
    .action(
      action(async ({ role, hours: holds }: { role: Role; hours: number }) => {
        const name = await services.botName();
        const createdAt = new Date();
        const expiresAt = new Date(createdAt.getTime() + holds * HOUR_MS);
        const code = await (await services.store()).invitations.create({ role, by, createdAt, expiresAt });
        const link = invitationLink(name, code);
        return {
          json: { link, role, expiresAt },
          text: `${link}\n${services.speech.t(
            'It makes one person {{role}}, once, until {{at}}. Send it only to the person it is for.',
            {
              role: roleWord(role, services.speech),
              at: services.showTime(expiresAt),
            },
          )}`,
        };
      }),
    );
}

/** English readers see the role by its name, as `--role` takes it. */
function roleWord(role: Role, { language, text }: Speech): string {
  return language === 'en' ? role : text(`words.roles.${role}`);
}

const keyOf = ({ _id }: InvitationDocument): string => _id.slice(0, KEY_LENGTH);

function addInvitations(users: Command, { terminal, services, action }: CommandContext): void {
  users
    .command('invitations')
    .description('list the invitations that still hold, or revoke one')
    .option('--revoke <key>', 'make this one useless')
    .addHelpText('after', '\nExample:\n  bobcofer users invitations --revoke Xk3v-9aQ1b')
    .action(
      action(async ({ revoke }: { revoke?: string }): Promise<Answer> => {
        const { invitations } = await services.store();
        const open = await invitations.open(new Date());
        if (revoke !== undefined) {
          const found = open.find((one) => keyOf(one) === revoke);
          if (!found || !(await invitations.revoke(found._id))) {
            throw refusedAs(
              'invitation_not_found',
              'There is no unused invitation {{key}}. `users invitations` lists them.',
              { key: revoke },
            );
          }
          return {
            json: { key: revoke, revoked: true },
            text: services.speech.t('Invitation {{key}} no longer works.', { key: revoke }),
          };
        }
        const text = renderTable(
          [
            { head: 'KEY', cell: keyOf },
            { head: 'ROLE', cell: ({ role }) => role },
            { head: 'BY', cell: (one) => byText(one.by) },
            { head: 'UNTIL', cell: ({ expiresAt }) => services.showTime(expiresAt) },
          ],
          open,
          { ...terminal, empty: 'No invitation is open. `users invite --role operator` makes one.' },
        );
        const json = open.map((one) => {
          return { key: keyOf(one), role: one.role, by: one.by, createdAt: one.createdAt, expiresAt: one.expiresAt };
        });
        return { json, text };
      }),
    );
}

function addAdd(users: Command, { services, action }: CommandContext): void {
  users
    .command('add')
    .description('add a person to the team without an invitation')
    .argument('<telegramId>', 'their Telegram id', telegramId)
    .addOption(roleOption('operator'))
    .addHelpText('after', '\nExample:\n  bobcofer users add 123456789 --role admin')
    .action(
      action(async (id: number, { role }: { role: Role }) => {
        const added = await (await services.store()).users.admit(id, role, by, new Date());
        return {
          json: { id, added, ...(added && { role }) },
          text: added
            ? services.speech.t('{{id}} is now on the team as {{role}}.', { id, role: roleWord(role, services.speech) })
            : services.speech.t('{{id}} is already on the team; `users role {{id}} {{role}}` changes their role.', {
                id,
                role,
              }),
        };
      }),
    );
}

const LAST_OWNER = '{{id}} is the last owner. Make somebody else an owner first: `users role <id> owner`';

function addRole(users: Command, { services, action }: CommandContext): void {
  users
    .command('role')
    .description("change a person's role: from the next second on")
    .argument('<telegramId>', 'their Telegram id', telegramId)
    .addArgument(new Argument('<role>', 'the new role').choices(ROLES))
    .addHelpText('after', '\nExample:\n  bobcofer users role 123456789 viewer')
    .action(
      action(async (id: number, role: Role) => {
        const outcome = await (await services.store()).users.setRole(id, role, by);
        if (outcome === 'last_owner') throw refusedAs(outcome, LAST_OWNER, { id });
        if (outcome === 'not_member') throw refusedAs(outcome, NOT_MEMBER, { id });
        return {
          json: { id, role, changed: outcome === 'done' },
          text: services.speech.t(outcome === 'done' ? '{{id}} is now {{role}}.' : '{{id}} is {{role}} already.', {
            ...{ id, role: roleWord(role, services.speech) },
          }),
        };
      }),
    );
}

const NOT_MEMBER = '{{id}} is not on the team; `users list` shows who is';

function addRemove(users: Command, { services, action }: CommandContext): void {
  users
    .command('remove')
    .description('remove a person from the team: from the next second on they can do nothing and hear nothing')
    .argument('<telegramId>', 'their Telegram id', telegramId)
    .addHelpText(
      'after',
      '\nOnly a new invitation or `users add` brings them back.\n\nExample:\n  bobcofer users remove 123456789',
    )
    .action(
      action(async (id: number) => {
        const outcome = await (await services.store()).users.remove(id, by, new Date());
        if (outcome === 'last_owner') throw refusedAs(outcome, LAST_OWNER, { id });
        const removed = outcome === 'done';
        return {
          json: { id, removed },
          text: removed ? services.speech.t('{{id}} is no longer on the team.', { id }) : '',
          ...(!removed && { failure: sentence(NOT_MEMBER, { id }) }),
        };
      }),
    );
}

function addCrmUser(users: Command, { services, action }: CommandContext): void {
  users
    .command('crm')
    .description('say which amoCRM user a person is: replies of the leads they are responsible for come to them')
    .argument('<telegramId>', 'their Telegram id', telegramId)
    .argument('<crmUserId>', 'the id of the amoCRM user, or none')
    .addHelpText('after', '\nExample:\n  bobcofer users crm 123456789 501')
    .action(
      action(async (id: number, given: string) => {
        const crmUserId = given === 'none' ? undefined : Number(given);
        if (crmUserId !== undefined && !(Number.isSafeInteger(crmUserId) && crmUserId > 0)) {
          throw new WrongUsage('expected the id of an amoCRM user, such as 501, or none; got "{{given}}"', { given });
        }
        if (!(await (await services.store()).users.setCrmUser(id, crmUserId, by)))
          throw refusedAs('not_member', NOT_MEMBER, { id });
        return {
          json: { id, crmUserId: crmUserId ?? null },
          text: crmUserId
            ? services.speech.t('Replies of leads of amoCRM user {{crmUserId}} come to {{id}}.', { id, crmUserId })
            : services.speech.t('Replies of leads no longer come to {{id}}.', { id }),
        };
      }),
    );
}
