/** `--test 20 --winner-by replies --winner-after 24h --if-chance ask`: variants for a part of the people, the best for the rest. */
import { Option, type Command } from 'commander';
import type { CampaignSpec } from '../domain/campaign-spec';
import { WINNER_MEASURES, type WinnerRule } from '../domain/winner';
import { WrongUsage } from './errors';
import { duration, wholeNumber } from './numbers';

export interface WinnerOptions {
  test?: number;
  winnerBy?: WinnerRule['by'];
  winnerAfter?: number;
  ifChance?: WinnerRule['ifChance'];
}

const DAY_MS = 86_400_000;

export function addWinnerOptions(command: Command): Command {
  return command
    .option(
      '--test <percent>',
      'with --variant: only so many percent of the people get the variants, the rest gets the best of them',
      wholeNumber('--test'),
    )
    .addOption(
      new Option(
        '--winner-by <measure>',
        'what the best is measured by; admin = somebody says (default: replies)',
      ).choices(WINNER_MEASURES),
    )
    .option(
      '--winner-after <time>',
      'how long the test is watched, such as 4h (default: 24h)',
      duration('--winner-after'),
    )
    .addOption(
      new Option(
        '--if-chance <what>',
        'if the difference may be chance: the best all the same, or ask an admin (default: ask)',
      ).choices(['best', 'ask']),
    );
}

export function chooseWinner({ test, winnerBy, winnerAfter, ifChance }: WinnerOptions): Pick<CampaignSpec, 'winner'> {
  if (test !== undefined) {
    const [by, waitMs] = [winnerBy ?? 'replies', winnerAfter ?? DAY_MS];
    return { winner: { testPercent: test, by, waitMs, ifChance: ifChance ?? 'ask' } };
  }
  if (winnerBy !== undefined) throw new WrongUsage('--winner-by: expected --test with it');
  if (winnerAfter !== undefined) throw new WrongUsage('--winner-after: expected --test with it');
  if (ifChance !== undefined) throw new WrongUsage('--if-chance: expected --test with it');
  return {};
}
