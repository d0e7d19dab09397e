/** `after-restore`: makes a restored database safe before the workers start again. */
import type { Command } from 'commander';
import type { AfterRestore, RestoredCampaign } from '../../campaigns/after-restore';
import { explain, refused } from '../../config/errors';
import type { Answer, CommandContext } from '../answer';
import { refusal } from '../errors';
import { sentence, type Sentence } from '../speech';
import { renderTable } from '../table';
import { parsePastMoment } from '../time';

const OUTCOMES: Record<RestoredCampaign['outcome'], Sentence> = {
  paused: sentence('paused'),
  closed: sentence('closed: its workflow has ended since the backup'),
  not_begun: sentence('not started yet: continues as planned'),
};

const AFTERWORD = `
Stop all workers first. Deliveries that were queued or being sent in the backup may have been sent since: they become
unknown and are never resent automatically. Late receipts settle them, or you do: \`campaign unknown <id>\`.
--temporal-kept: Temporal was not restored. Deliveries that its workflows have not handed out stay queued.

Example:
  bobcofer after-restore --taken 2026-12-01T03:00+03:00`;

export function addAfterRestore(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('after-restore')
    .description('run after restoring the database from a backup: prevents second messages')
    .requiredOption('--taken <time>', 'when the backup began, ISO 8601')
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
            failure: explain(refused('restore_temporal_away').refusal, 'en'),
            failureSaid: explain(refused('restore_temporal_away').refusal, terminal.speech.language),
          }),
        } satisfies Answer;
      }),
    );

  function restoreText({ campaigns, strangers }: AfterRestore): string {
    const { t, say } = terminal.speech;
    const table = renderTable<RestoredCampaign>(
      [
        { head: 'ID', cell: ({ id }) => id },
        { head: 'NAME', cell: ({ name }) => name, flexible: true },
        { head: 'IN THE BACKUP', cell: ({ state }) => state },
        { head: 'NOW UNKNOWN', cell: ({ unknown }) => unknown },
        { head: 'NOW', cell: ({ outcome }) => say(OUTCOMES[outcome]), flexible: true },
      ],
      campaigns,
      { ...terminal, empty: 'The backup holds no active campaigns.' },
    );
    const lines = strangers.map(
      ({ id, name, status }) => `  ${id} ${name} (${t('its workflow: {{status}}', { status })})`,
    );
    return [
      table,
      ...(lines.length > 0
        ? [t('These campaigns were created after the backup: they ran, but the database does not know them:'), ...lines]
        : []),
      ...(campaigns.some(({ outcome }) => outcome === 'paused')
        ? [
            t('Now start the roles and wait some minutes for receipts to settle what they can.'),
            t(
              'Most of what is then still unknown was sent: run `campaign unknown <id> --assume-sent` (`--send-again` may send a second message), then `campaign resume <id>`.',
            ),
          ]
        : []),
    ].join('\n');
  }
}
