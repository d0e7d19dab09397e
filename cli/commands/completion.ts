/** `completion`: a script that lets the shell complete commands, options and choices. */
import { Argument, type Command } from 'commander';
import type { CommandContext } from '../answer';
import { completionScript, SHELLS, type Shell } from '../completion';

const HELP = `
Examples:
  source <(npm run -s cli -- completion bash)                    for this shell
  npm run -s cli -- completion bash > ~/.bobcofer-completion     then source that file in ~/.bashrc

It completes the word bobcofer, and makes it stand for \`npm run -s cli --\` where there is no program of that name.`;

export function addCompletion(program: Command, { action }: CommandContext): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(
      action(async (shell: Shell) => {
        const script = completionScript(program, shell);
        return { json: { shell, script }, text: script };
      }),
    );
}
