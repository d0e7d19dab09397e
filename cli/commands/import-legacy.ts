/** `import-legacy`: imports the older program's folder. */
import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { bring, planned, type Brought } from '../../legacy/bring';
import { planEnv, writeEnv, type EnvPlan } from '../../legacy/dotenv';
import type { Finds } from '../../legacy/finds';
import { propose, type Proposal } from '../../legacy/propose';
import { readLegacy } from '../../legacy/read';
import type { Answer, CommandContext } from '../answer';
import { refusedAs } from '../errors';
import { failureOf } from '../failure';
import { legacyText } from '../legacy-text';
import { sentence, type Sayable } from '../speech';

interface Options {
  dryRun?: true;
  force?: true;
  env: string;
}

const HELP = `
Files are recognised by content, not by name: settings and tokens (JSON, .env), admins, people (JSON, CSV, amoCRM's own
format), template parameters, scheduled jobs, logs of deliveries and of failed numbers. Settings go into --env. People
become lists, future jobs scheduled campaigns, parameters drafts, and logs ended campaigns with reports.
Every key is either read as something or listed as left out, with its line and the reason. A second import changes nothing more.

Examples:
  bobcofer import-legacy ../older-program --dry-run
  bobcofer import-legacy ../older-program`;

export function addImportLegacy(program: Command, context: CommandContext): void {
  const { services, environment, action } = context;
  program
    .command('import-legacy')
    .description("import the older program's settings, people, jobs and logs")
    .argument('<folder>', 'the folder with its conf.json, contacts.json, logs/ …')
    .option('--dry-run', 'only show what would be imported')
    .option('--force', 'overwrite settings that have a different value')
    .option('--env <file>', 'settings file', '.env')
    .addHelpText('after', HELP)
    .action(
      action(async (folder: string, options: Options): Promise<Answer> => {
        if (!existsSync(folder) || !statSync(folder).isDirectory()) {
          throw refusedAs(
            'folder_not_found',
            'There is no folder "{{folder}}": expected the older program\'s folder.',
            { folder },
          );
        }
        const { DEFAULT_COUNTRY: country, DEFAULT_TIMEZONE: timezone } = services.common();
        const now = new Date();
        const finds = await readLegacy(folder, { country, timezone, now });
        const proposal = propose(finds, { timezone, now, country });
        const env = planEnv(options.env, finds, { environment, force: options.force === true });
        if (options.dryRun) return answer(finds, env, { brought: planned(proposal) }, true);
        writeEnv(env);
        return answer(finds, env, await carryOut(proposal, env), false);
      }),
    );

  /** If a step fails, the settings are already written and must be reported: the next attempt needs them. */
  async function carryOut(proposal: Proposal, env: EnvPlan): Promise<{ brought: Brought[]; failure?: Sayable }> {
    if (proposal.lists.length + proposal.campaigns.length + proposal.past.length === 0) return { brought: [] };
    try {
      const campaigns = await services.campaigns();
      return { brought: await bring(proposal, { store: await services.store(), campaigns }, waitsFor(env)) };
    } catch (error) {
      const why = failureOf(error)?.message ?? String(error);
      return {
        brought: [],
        failure: sentence('Settings are imported; people, jobs and logs are not. {{why}} Then import again.', { why }),
      };
    }
  }

  function answer(
    finds: Finds,
    env: EnvPlan,
    { brought, failure }: { brought: Brought[]; failure?: Sayable },
    dryRun: boolean,
  ): Answer {
    const refusedCount = brought.filter(({ result }) => result === 'refused').length;
    const refused = sentence('{{count}} campaigns were refused; see above.', { count: refusedCount });
    const failed = failure ?? (refusedCount > 0 ? refused : undefined);
    return {
      json: {
        dryRun,
        understood: finds.understood,
        settings: { ...env, write: env.write.map(({ name, from }) => ({ name, from })) },
        brought: brought.map(({ refusals: _refusals, ...one }) => one),
        remainder: finds.remainder,
      },
      text: legacyText(finds, env, brought, { ...context, dryRun }),
      ...(failed && { failure: failed }),
    };
  }
}

/**
 * A campaign belongs to the sender it was created with. If the import is about to change the sender, it would never be
 * sent.
 */
function waitsFor({ write }: EnvPlan): string | undefined {
  const changed = write.filter(({ name }) => /^(GUPSHUP|AMOCRM)_/.test(name)).map(({ name }) => name);
  if (!changed.some((name) => name.startsWith('GUPSHUP_'))) return undefined;
  return `${changed.join(', ')} changed: restart everything, then import again`;
}
