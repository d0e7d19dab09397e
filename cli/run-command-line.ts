/** Runs one command line: from its words to its exit code. */
import { createCommandContext } from './answer';
import { givenSettings } from '../config/settings';
import { WrongUsage, type ExitCode } from './errors';
import { failureOf } from './failure';
import { createProgram } from './program';
import { createServices } from './services';
import { createSpeech, languageOf } from './speech';
import { createTerminal, type Screen } from './terminal';

export interface RunOptions {
  /** The arguments after the program's name. */
  words: readonly string[];
  stdout: Screen;
  stderr: Screen;
  environment: NodeJS.ProcessEnv;
}

/** Never rejects. Every connection is closed when it resolves. */
export async function run({ words, stdout, stderr, environment }: RunOptions): Promise<ExitCode> {
  // Checked here too, because commander may fail before it has parsed the options.
  const end = words.indexOf('--');
  const json = (end < 0 ? words : words.slice(0, end)).includes('--json');
  const speech = createSpeech(languageOf(environment, givenOrNone(environment)));
  const terminal = createTerminal({ stdout, stderr, json, environment, speech });
  const services = createServices(environment, speech);
  const { context, exitCode } = createCommandContext(terminal, services, environment);
  try {
    await createProgram(context).parseAsync([...words], { from: 'user' });
    return exitCode();
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) return 0;
    const { code, message, stack, say } = failure;
    if (!failure.told)
      terminal.note(`${error instanceof WrongUsage ? speech.t('error: ') : ''}${say?.(speech) ?? speech.t(message)}`);
    if (stack && environment['LOG_LEVEL'] === 'debug') terminal.note(stack);
    if (json) stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    return failure.exitCode;
  } finally {
    terminal.end();
    await services.close();
  }
}

/** Unreadable settings must not keep the help from being shown: whatever needs them says so. */
export function givenOrNone(environment: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return givenSettings(environment);
  } catch {
    return {};
  }
}
