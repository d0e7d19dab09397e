/** `after-restore`: what must be done once the database was restored from a copy, before the workers come back. */
import type { Command } from 'commander';
import type { AfterRestore, RestoredCampaign } from '../../campaigns/after-restore';
import { refused } from '../../config/errors';
import type { Answer, CommandContext } from '../answer';
import { refusal } from '../errors';
import { renderTable } from '../table';
import { parsePastMoment } from '../time';

const OUTCOMES: Record<RestoredCampaign['outcome'], string> = {
  paused: 'stands still',
  closed: 'is closed: its workflow has ended since',
  not_begun: 'had not begun: goes on as planned',
};

const AFTERWORD = `
Run it while no worker runs. What was queued or being sent in the copy may have been sent since: it becomes unknown, and
is never sent again by itself. Receipts that still come settle it, or you do: \`campaign unknown <id>\`.
--temporal-kept: Temporal was not restored. What its workflows have not handed out stays queued, for they know.

Example:
  bobcofer after-restore --taken 2026-12-01T03:00+03:00`;

export function addAfterRestore(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('after-restore')
    .description('after the database was restored from a copy: nobody gets a second message')
    .requiredOption('--taken <time>', 'when the copy was begun, ISO 8601')
    .option('--temporal-kept', 'Temporal was not restored')
    .addHelpText('after', AFTERWORD)
    .action(
      action(async ({ taken: text, temporalKept = false }: { taken: string; temporalKept?: boolean }) => {
        const taken = parsePastMoment('--taken', text, services.common().DEFAULT_TIMEZONE, new Date());
        const { afterRestore } = await import('../../campaigns/after-restore');
        const [store, temporal] = [await services.store(), await services.temporal()];
        const roles = await store.heartbeats.all();
        if (roles.some(({ role, lives }) => role === 'worker' && lives))
          throw refusal(refused('restore_workers_live').refusal);
        const result = await afterRestore({ store, temporal, taken, temporalKept });
        const { temporalAway, ...settled } = result;
        return {
          json: settled,
          text: restoreText(result),
          ...(temporalAway && {
            failure: refusal(refused('restore_temporal_away').refusal).message,
          }),
        } satisfies Answer;
      }),
    );

  function restoreText({ campaigns, strangers }: AfterRestore): string {
    const table = renderTable<RestoredCampaign>(
      [
        { head: 'ID', cell: ({ id }) => id },
        { head: 'NAME', cell: ({ name }) => name, flexible: true },
        { head: 'IN THE COPY', cell: ({ state }) => state },
        { head: 'NOW UNKNOWN', cell: ({ unknown }) => unknown },
        { head: 'IT', cell: ({ outcome }) => OUTCOMES[outcome], flexible: true },
      ],
      campaigns,
      { ...terminal, empty: 'No campaign of the copy was going on.' },
    );
    const lines = strangers.map(({ id, name, status }) => `  ${id} ${name} (its workflow: ${status})`);
    return [
      table,
      ...(lines.length > 0
        ? ['Made after the copy, so the database does not know them, though they ran:', ...lines]
        : []),
      ...(campaigns.some(({ outcome }) => outcome === 'paused')
        ? [
            'Now start the roles, and give receipts some minutes: they settle what they can. What is unknown then was mostly',
            'sent: `campaign unknown <id> --assume-sent` (`--send-again` is a second message to those), then `campaign resume <id>`.',
          ]
        : []),
    ].join('\n');
  }
}
