/** Turns the error that ended a command into one message, a code and an exit code. */
import { CommanderError } from 'commander';
import { AmocrmError } from '../clients/amocrm/error';
import type { RefusalCode } from '../config/errors';
import { redactText } from '../config/logger';
import { SettingsError } from '../config/settings';
import { ServiceUnreachable } from '../config/waiting';
import type { WrongDataVersion } from '../store/setup';
import { AmbiguousError, RefusedError, UnreachableError } from '../clients/http';
import { borrowed } from './borrowed';
import { CommandRefused, WrongUsage, type ExitCode } from './errors';
import { ENGLISH, sentence, type Sentence, type Speech } from './speech';

export interface Failure {
  exitCode: ExitCode;
  /** For `{"error":{"code","message"}}`. */
  code: string;
  message: string;
  /** For standard error, in another language than the document's. */
  say?: (speech: Speech) => string;
  /** Already written to standard error. */
  told?: true;
  /** The details, for LOG_LEVEL=debug. */
  stack?: string;
}

/** Refusals of a value that cannot be read as what it should be: wrong usage, wherever that is noticed. */
const UNREADABLE: ReadonlySet<string> = new Set<RefusalCode>([
  ...([
    'period_invalid',
    'hours_invalid',
    'days_invalid',
    'dates_invalid',
    'timezone_invalid',
    'time_invalid',
  ] as const),
  ...([
    'clock_invalid',
    'cron_invalid',
    'rate_invalid',
    'spread_invalid',
    'control_invalid',
    'variants_shares_invalid',
    'option_invalid',
    'note_invalid',
  ] as const),
]);

/** The failure to report, or undefined if the command only showed its help or version. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return failureOfCommander(error);
  if (error instanceof WrongUsage) return { exitCode: 2, code: 'usage', message: error.message, say: error.say };
  if (error instanceof CommandRefused)
    return {
      exitCode: UNREADABLE.has(error.code) ? 2 : 1,
      code: error.code,
      message: error.message,
      ...(error.say && { say: error.say }),
    };
  if (error instanceof SettingsError) {
    const { message } = error;
    return { exitCode: 1, code: 'settings', message, say: (speech) => linesSaid(message, speech) };
  }
  if (error instanceof AmocrmError) return { exitCode: 1, code: error.refusal.code, message: error.message };
  if (!(error instanceof Error)) return { exitCode: 1, code: 'unexpected', ...said(unexpected(String(error))) };
  const stack = error.stack ? { stack: error.stack } : {};
  const code = codeOf(error);
  if (code?.endsWith('_unreachable') && code !== 'service_unreachable') {
    const why = sentence('{{why}}. On this machine `npm start` starts it.', { why: sentenceOf(error) });
    return { exitCode: 1, code, ...said(why), ...stack };
  }
  if (code !== undefined) return { exitCode: 1, code, message: redactText(error.message), ...stack };
  return { exitCode: 1, code: 'unexpected', ...said(unexpected(error.message)), ...stack };
}

/** A line each, with its indent; behind `NAME: ` what is wrong with that setting. */
function linesSaid(message: string, speech: Speech): string {
  return message
    .split('\n')
    .map((line) => {
      const [, lead = '', rest = line] = /^( +\w+: )(.*)$/s.exec(line) ?? [];
      return lead + borrowed(rest, speech);
    })
    .join('\n');
}

function said(what: Sentence): Pick<Failure, 'message' | 'say'> {
  return { message: ENGLISH.say(what), say: ({ say }) => say(what) };
}

function failureOfCommander(error: CommanderError): Failure | undefined {
  if (error.exitCode === 0) return undefined;
  // Commander has already written its message or the help.
  const message = error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '');
  return { exitCode: 2, code: 'usage', message, told: true };
}

/**
 * For our own services: which one, where, and the setting that names it. The driver's own errors come up mid-command.
 */
function sentenceOf(error: Error): string | Sentence {
  return error instanceof ServiceUnreachable
    ? error.message
    : sentence('MongoDB does not answer ({{why}}): check that it runs and that MONGODB_URI is right', {
        why: error.message,
      });
}

/** For services that refuse or do not answer; their own message says which one and why. */
function codeOf(error: Error): string | undefined {
  if (error instanceof RefusedError) return 'service_refused';
  if (error instanceof UnreachableError || error instanceof AmbiguousError) return 'service_unreachable';
  if (error instanceof ServiceUnreachable) return `${error.service.toLowerCase()}_unreachable`;
  // Compared by name: only the commands that need the driver load it.
  if (error.name === 'WrongDataVersion') return (error as WrongDataVersion).refusal.code;
  if (/^Mongo(ServerSelection|Network|NetworkTimeout)Error$/.test(error.name)) return 'mongodb_unreachable';
  return undefined;
}

function unexpected(message: string): Sentence {
  return sentence('Something unexpected happened: {{message}}. LOG_LEVEL=debug shows the details.', {
    message: redactText(message),
  });
}
