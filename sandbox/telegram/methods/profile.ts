/** Bot API methods about the bot itself: who it is, its command menu, name and descriptions, and its files. */
import { z } from 'zod';
import { integer, nested, text } from '../arguments';
import { commandsKey, parseCommands, scopeSchema } from '../commands';
import { badRequest, tooManyRequests } from '../errors';
import type { World } from '../state';
import type { File } from '../types';
import { method, type Method, type Parts } from './method';

/** `close` is refused this long after the server came up. */
const CLOSE_AFTER_MS = 600_000;

const language = { language_code: text.optional() };
const commandsPlace = { scope: nested(scopeSchema).optional(), ...language };

export function profileMethods({ world, files }: Parts): Record<string, Method> {
  const startedAt = world.now();
  const { state } = world;

  return {
    getMe: method(z.strictObject({}), () => world.bot),

    getFile: method(z.strictObject({ file_id: text }), (args): File => {
      const file = files.find(args.file_id);
      return { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path };
    }),

    setMyCommands: method(z.strictObject({ ...commandsPlace, commands: nested(z.array(z.unknown())) }), (args) => {
      state.commands[commandsKey(args.scope, args.language_code)] = parseCommands(args.commands);
      return everyChatChanged(world);
    }),

    getMyCommands: method(
      z.strictObject(commandsPlace),
      (args) => state.commands[commandsKey(args.scope, args.language_code)] ?? [],
    ),

    deleteMyCommands: method(z.strictObject(commandsPlace), (args) => {
      delete state.commands[commandsKey(args.scope, args.language_code)];
      return everyChatChanged(world);
    }),

    setMyName: method(z.strictObject({ ...language, name: text.optional() }), (args) =>
      setProfile(world, 'name', args.language_code, args.name, 64),
    ),

    setMyDescription: method(z.strictObject({ ...language, description: text.optional() }), (args) =>
      setProfile(world, 'description', args.language_code, args.description, 512),
    ),

    setMyShortDescription: method(z.strictObject({ ...language, short_description: text.optional() }), (args) =>
      setProfile(world, 'short_description', args.language_code, args.short_description, 120),
    ),

    setChatMenuButton: method(
      z.strictObject({
        chat_id: integer.optional(),
        menu_button: nested(z.strictObject({ type: z.enum(['commands', 'default']) })).optional(),
      }),
      // The page shows the command menu whenever there are commands, which is what both kinds mean.
      () => true,
    ),

    logOut: method(z.strictObject({}), () => true),

    close: method(z.strictObject({}), () => {
      const waitMs = CLOSE_AFTER_MS - (world.now() - startedAt);
      if (waitMs > 0) throw tooManyRequests(Math.ceil(waitMs / 1000));
      return true;
    }),
  };
}

function everyChatChanged(world: World): true {
  world.changed();
  for (const chatId of Object.keys(world.state.people)) world.bus.emit('telegram', { chatId: Number(chatId) });
  return true;
}

function setProfile(world: World, what: string, code: string | undefined, value = '', maximum: number): true {
  if (value.length > maximum) throw badRequest(`sandbox: ${what} is longer than ${maximum} characters`);
  const key = code ? `${what}/${code}` : what;
  if (value === '') delete world.state.profile[key];
  else world.state.profile[key] = value;
  return everyChatChanged(world);
}

/** A text of the profile as a person with this language sees it. */
export function profileText(world: World, what: string, language = ''): string | undefined {
  return world.state.profile[`${what}/${language}`] ?? world.state.profile[what];
}
