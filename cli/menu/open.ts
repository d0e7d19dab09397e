/** Opens the menu on a terminal. */
import type { ExitCode } from '../errors';
import { givenOrNone, run } from '../run-command-line';
import { createSpeech, languageOf } from '../speech';
import type { Screen } from '../terminal';
import { createAsker, wasInterrupted } from './ask';
import { createChoices } from './choices';
import { runMenu } from './menu';

export interface MenuOptions {
  stdin: NodeJS.ReadableStream;
  stdout: Screen;
  stderr: Screen;
  environment: NodeJS.ProcessEnv;
}

/** Resolves when the person leaves, through the menu or with Ctrl-C; both end with exit code 0. */
export async function openMenu({ stdin, stdout, stderr, environment }: MenuOptions): Promise<ExitCode> {
  const say = (line: string): void => void stdout.write(`${line}\n`);
  const speech = createSpeech(languageOf(environment, givenOrNone(environment)));
  const { t } = speech;
  say(
    `${t('Bobcofer. Choose with arrows and Enter, leave with Ctrl-C. `npm run cli -- --help` lists all commands.')}\n`,
  );
  try {
    await runMenu({
      ask: createAsker({ input: stdin, output: stdout }),
      choices: createChoices(environment),
      run: (words) => run({ words, stdout, stderr, environment }),
      say,
      speech,
    });
  } catch (error) {
    if (!wasInterrupted(error)) throw error;
    say('');
  }
  return 0;
}
