/** `users`: who is on the team, and so may use the bot and hears about campaigns. */
import { InvalidArgumentError, type Command } from 'commander';
import type { UserDocument } from '../../store/users';
import { actorText } from '../terminal';
import type { CommandContext } from '../answer';
import { renderTable } from '../table';

export function addUsers(program: Command, context: CommandContext): void {
  const users = program.command('users').description('The team: who may use the bot and hears about campaigns');
  addList(users, context);
  addAdd(users, context);
  addRemove(users, context);
}

function telegramId(text: string): number {
  const id = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(id) || id === 0) {
    throw new InvalidArgumentError(
      'expected a Telegram id, a whole number such as 123456789; the bot tells strangers theirs',
    );
  }
  return id;
}

const memberBy = ({ member }: UserDocument): string =>
  member === undefined ? '' : member.by.kind === 'settings' ? 'ADMIN_IDS' : actorText(member.by);

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
            { head: 'SINCE', cell: ({ member }) => (member ? services.showTime(member.since) : '') },
            { head: 'BY', cell: memberBy },
            { head: 'LANGUAGE', cell: ({ language }) => language ?? '' },
          ],
          members,
          {
            ...terminal,
            empty: 'The team is empty. The bot and the worker add the ids in ADMIN_IDS when they start.',
          },
        );
        const json = members.map(({ _id, member, language, unreachableSince }) => {
          return { id: _id, since: member?.since, by: member?.by, language, unreachableSince };
        });
        return { json, text };
      }),
    );
}

function addAdd(users: Command, { services, action }: CommandContext): void {
  users
    .command('add')
    .description('add a person to the team')
    .argument('<telegramId>', 'their Telegram id', telegramId)
    .addHelpText('after', '\nExample:\n  bobcofer users add 123456789')
    .action(
      action(async (id: number) => {
        const added = await (await services.store()).users.admit(id, { kind: 'cli' }, new Date());
        return { json: { id, added }, text: added ? `${id} is now on the team.` : `${id} is already on the team.` };
      }),
    );
}

function addRemove(users: Command, { services, action }: CommandContext): void {
  users
    .command('remove')
    .description('remove a person from the team: from the next second on they can do nothing and hear nothing')
    .argument('<telegramId>', 'their Telegram id', telegramId)
    .addHelpText(
      'after',
      '\nThey stay removed even if ADMIN_IDS lists them.\n\nExample:\n  bobcofer users remove 123456789',
    )
    .action(
      action(async (id: number) => {
        const removed = await (await services.store()).users.remove(id, { kind: 'cli' }, new Date());
        return {
          json: { id, removed },
          text: removed ? `${id} is no longer on the team.` : '',
          ...(!removed && { failure: `${id} is not on the team; \`users list\` shows who is` }),
        };
      }),
    );
}
