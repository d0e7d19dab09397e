/** Options that say how a file of people is to be understood, where it can be understood in several ways. */
import { Option, type Command } from 'commander';
import type { FileChoice } from '../audience/file';

export interface FileOptions extends Omit<FileChoice, 'hiddenRows' | 'hiddenColumns'> {
  hiddenRows?: 'include' | 'skip';
  hiddenColumns?: 'include' | 'skip';
}

export function addFileOptions(command: Command): Command {
  return command
    .option('--phone-column <column>', 'the column of phones: its name, letter or number (default: found out)')
    .option('--sheet <name>', 'the sheet of the workbook (default: the one that holds people)')
    .addOption(
      new Option('--hidden-rows <what>', 'rows that the sheet hides or filters out (default: skip)').choices([
        'include',
        'skip',
      ]),
    )
    .addOption(
      new Option('--hidden-columns <what>', 'columns that the sheet hides (default: skip)').choices([
        'include',
        'skip',
      ]),
    )
    .option('--encoding <name>', 'the encoding of a text, such as windows-1252 (default: found out)');
}

/** What became of the rows that the sheet hides. */
export function hiddenText(count: number, { hiddenRows }: FileOptions): string {
  return hiddenRows === 'include'
    ? `Hidden or filtered rows: ${count}, taken too.`
    : `Hidden or filtered rows: ${count}, left out; --hidden-rows include takes them.`;
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
