/** `campaign winner`: how a test of variants stands, and which of them goes to the rest. */
import type { Command } from 'commander';
import { leadTexts, variantFigures, winnerTexts } from '../../report/variant-text';
import { createWords } from '../../report/words';
import type { CommandContext } from '../answer';
import { refused } from '../../config/errors';
import { valueOf } from '../errors';
import { statusAnswer } from '../status';

const EXAMPLES = `
Examples:
  bobcofer campaign winner 7k2m9xpa
  bobcofer campaign winner 7k2m9xpa --choose B`;

export function addCampaignWinner(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('winner')
    .description('show how a test of variants stands; with --choose say which of them goes to the rest')
    .argument('<id>')
    .option('--choose <letter>', 'the variant that goes to the rest, such as B')
    .addHelpText('after', EXAMPLES)
    .action(
      action(async (id: string, { choose }: { choose?: string }) => {
        const campaigns = await services.campaigns();
        if (choose !== undefined) {
          const letter = choose.trim().toUpperCase();
          const variant = letter.length === 1 ? letter.charCodeAt(0) - 'A'.charCodeAt(0) : NaN;
          const by = { kind: 'cli' as const };
          return statusAnswer(valueOf(await campaigns.command(id, { command: 'chooseWinner', variant, by })), services);
        }
        const found = await (await services.reports()).campaign(id);
        const report = valueOf(found.ok && !found.value.winner ? refused('winner_none', {}) : found);
        const words = createWords({
          language: terminal.speech.language,
          timezone: services.common().DEFAULT_TIMEZONE,
        });
        const { winner, byVariant, leads } = report;
        return {
          json: { id, state: report.campaign.state, ...winner, byVariant, leads },
          text: [...variantFigures(report, words), ...leadTexts(report, words), ...winnerTexts(report, words)].join(
            '\n',
          ),
        };
      }),
    );
}
