/** Options that say how a file of people is to be understood, where it can be understood in several ways. */
import type { Command } from 'commander';
import type { FileChoice } from '../audience/file';

export interface FileOptions {
  phoneColumn?: string;
}

export function addFileOptions(command: Command): Command {
  return command.option(
    '--phone-column <column>',
    'the column of phones: its name, letter or number (default: found out)',
  );
}

export function fileChoice({ phoneColumn }: FileOptions): FileChoice {
  return { ...(phoneColumn !== undefined && { phoneColumn }) };
}
