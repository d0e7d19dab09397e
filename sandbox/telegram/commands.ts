/** The bot's command menu by scope and language, and which one a person sees (telegram.md#methods-and-limits). */
import { z } from 'zod';
import { badRequest } from './errors';
import type { TelegramState } from './state';
import type { BotCommand } from './types';

const MAX_COMMANDS = 100;

export const scopeSchema = z.union([
  z.strictObject({ type: z.enum(['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators']) }),
  z.strictObject({ type: z.enum(['chat', 'chat_administrators']), chat_id: z.union([z.number().int(), z.string()]) }),
  z.strictObject({
    type: z.literal('chat_member'),
    chat_id: z.union([z.number().int(), z.string()]),
    user_id: z.number().int(),
  }),
]);
export type Scope = z.output<typeof scopeSchema>;

const commandSchema = z.strictObject({
  command: z
    .string()
    .transform((name) => name.replace(/^\//, ''))
    .pipe(z.string().regex(/^[a-z0-9_]{1,32}$/)),
  description: z.string().trim().min(1).max(256),
});

/** Under this key a scope's commands are kept. */
export function commandsKey(scope: Scope = { type: 'default' }, language = ''): string {
  const chat = 'chat_id' in scope ? `:${scope.chat_id}` : '';
  const user = 'user_id' in scope ? `:${scope.user_id}` : '';
  return `${scope.type}${chat}${user}/${language}`;
}

/** Throws 400 with what is wrong in the first bad command. */
export function parseCommands(value: unknown[]): BotCommand[] {
  if (value.length > MAX_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return value.map((item) => {
    const parsed = commandSchema.safeParse(item);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    if (issue?.path[0] === 'command') throw badRequest('BOT_COMMAND_INVALID');
    if (issue?.path[0] === 'description') throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    throw badRequest(`can't parse BotCommand: ${issue?.message}`);
  });
}

/** The menu of a private chat: the first match, from the chat's own list to the default one. */
export function commandsFor(state: TelegramState, chatId: number, language = ''): BotCommand[] {
  const scopes: Scope[] = [{ type: 'chat', chat_id: chatId }, { type: 'all_private_chats' }, { type: 'default' }];
  for (const scope of scopes) {
    const found = state.commands[commandsKey(scope, language)] ?? state.commands[commandsKey(scope)];
    if (found) return found;
  }
  return [];
}
