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
import { addPrices } from './commands/prices';
import { addReplies } from './commands/replies';
import { addReport } from './commands/report';
import { addRules } from './commands/rules';
import { addSend } from './commands/send';
import { addSetup } from './commands/setup';
import { addSuppress } from './commands/suppress';
import { addTemplates } from './commands/templates';
import { addUsers } from './commands/users';
import type { Speech } from './speech';
import { usageInWords } from './usage-words';

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
    .addHelpText('after', terminal.speech.t(AFTERWORD))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(inWords(text, terminal.speech)),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: (text, write) => write(usageInWords(text, terminal.speech)),
    })
    .showHelpAfterError(terminal.speech.t('(--help shows the usage)'))
    .exitOverride();
  for (const add of [
    addCampaign,
    addReport,
    addReplies,
    addSend,
    addTemplates,
    addPhone,
    addPrices,
    addRules,
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
  translateHelp(program, terminal.speech);
  return program;
}

/** What Commander and the examples say in English around the descriptions. */
function inWords(help: string, { t }: Speech): string {
  return help
    .replace(/^Examples?:$/gm, (heading) => t(heading))
    .replace(/\((choices|default): /g, (_whole, word: string) => `(${t(word)}: `)
    .replace(/(\s)default: (?=[^()]*\)$)/gm, (_whole, space: string) => `${space}${t('default')}: `);
}

/** Commands, arguments and options are described in English where they are defined. */
function translateHelp(command: Command, speech: Speech): void {
  const { t } = speech;
  command.description(t(command.description())).helpOption('-h, --help', t('display help for command'));
  if (command.commands.length > 0) command.helpCommand('help [command]', t('display help for command'));
  command.configureHelp({ ...command.configureHelp(), styleTitle: t });
  for (const one of [...command.registeredArguments, ...command.options]) one.description = t(one.description);
  for (const one of command.commands) translateHelp(one, speech);
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
