/** Assembles all commands. */
import { Command } from 'commander';
import { version } from '../package.json';
import type { CommandContext } from './answer';
import { addAfterRestore } from './commands/after-restore';
import { addAudit } from './commands/audit';
import { addCampaign } from './commands/campaign-control';
import { addConsent } from './commands/consent';
import { addContacts } from './commands/contacts';
import { addCrm } from './commands/crm';
import { addCompletion } from './commands/completion';
import { addDoctor } from './commands/doctor';
import { addImportLegacy } from './commands/import-legacy';
import { addPhone } from './commands/phone';
import { addReplies } from './commands/replies';
import { addReport } from './commands/report';
import { addSend } from './commands/send';
import { addSetup } from './commands/setup';
import { addSuppress } from './commands/suppress';
import { addTemplates } from './commands/templates';
import { addUsers } from './commands/users';

const AFTERWORD = `
Without a command, a terminal shows a menu.
Exit codes: 0 done, 1 refused or failed (the reason is on standard error), 2 wrong usage.
With --json, standard output holds exactly one JSON document; after a failure it has "error":{"code","message"}.
An option given twice is wrong usage unless it takes several values.
In scripts use \`npm run -s cli -- …\`: without -s, npm prints a banner there.
Settings come from the environment, .env, or the running \`npm start\`.`;

/** The program. Throws CommanderError instead of ending the process. */
export function createProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command('bobcofer')
    .description('Durable WhatsApp template campaigns from the shell')
    .version(terminal.json ? JSON.stringify({ version }) : version, '--version', 'print the version')
    .option('--json', 'print exactly one JSON document on standard output')
    .addHelpText('after', AFTERWORD)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('(--help shows the usage)')
    .exitOverride();
  for (const add of [
    addCampaign,
    addReport,
    addReplies,
    addSend,
    addTemplates,
    addPhone,
    addCrm,
    addContacts,
    addConsent,
    addSuppress,
    addUsers,
    addAudit,
    addImportLegacy,
    addDoctor,
    addSetup,
    addAfterRestore,
    addCompletion,
  ]) {
    add(program, context);
  }
  refuseRepeats(program);
  return program;
}

/** Of an option with one value, the last one would win in silence. */
function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    if ((!option.required && !option.optional) || option.variadic) continue;
    let given = 0;
    command.on(`option:${option.name()}`, () => {
      if (++given > 1) command.error(`error: option '${option.flags}' is given twice, and takes one value`);
    });
  }
  command.commands.forEach(refuseRepeats);
}
