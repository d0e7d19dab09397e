/** Options that decide how to read a file of people when it can be read in several ways. */
import { Option, type Command } from 'commander';
import type { FileChoice } from '../audience/file';
import type { Speech } from './speech';

export interface FileOptions extends Omit<FileChoice, 'hiddenRows' | 'hiddenColumns'> {
  hiddenRows?: 'include' | 'skip';
  hiddenColumns?: 'include' | 'skip';
}

export function addFileOptions(command: Command): Command {
  return command
    .option('--phone-column <column>', 'the phone column, by name, letter or number (default: detected)')
    .option('--sheet <name>', 'the sheet of the workbook (default: the one that holds people)')
    .addOption(
      new Option('--hidden-rows <what>', 'what to do with hidden or filtered rows (default: skip)').choices([
        'include',
        'skip',
      ]),
    )
    .addOption(
      new Option('--hidden-columns <what>', 'what to do with hidden columns (default: skip)').choices([
        'include',
        'skip',
      ]),
    )
    .option('--encoding <name>', 'the encoding of a text file, such as windows-1252 (default: detected)');
}

/** Says what happened to the sheet's hidden rows. */
export function hiddenText(count: number, { hiddenRows }: FileOptions, t: Speech['t']): string {
  return hiddenRows === 'include'
    ? t('Hidden or filtered rows: {{count}}, included.', { count })
    : t('Hidden or filtered rows: {{count}}, left out; --hidden-rows include includes them.', { count });
}

export function fileChoice({ phoneColumn, sheet, hiddenRows, hiddenColumns, encoding }: FileOptions): FileChoice {
  return {
    ...(phoneColumn !== undefined && { phoneColumn }),
    ...(sheet !== undefined && { sheet }),
    ...(hiddenRows === 'include' && { hiddenRows }),
    ...(hiddenColumns === 'include' && { hiddenColumns }),
    ...(encoding !== undefined && { encoding }),
  };
}
