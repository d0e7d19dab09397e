/** What a file of people is understood to be, what an admin may say of it, and what its rows come to. */
import type { Result } from '../config/errors';
import { type Language, translate } from '../config/i18n';
import type { Person, PersonNumber } from '../domain/audience';
import type { PhoneProblem } from '../domain/phones/phone';
import type { Reading } from './encodings';
import type { WhyLeft, WhyTaken } from './phone-columns';
import type { TableFormat } from './table';

/** A line that cannot be sent to, and why. */
export interface RejectedRow {
  line: number;
  value: string;
  reason: 'no_phone' | 'invalid_phone' | 'unreadable' | 'unreadable_character' | 'formula';
  /** What is wrong with the number. */
  problem?: PhoneProblem;
}

/** What an admin says of a file where it can be understood in several ways; what is absent is found out. */
export interface FileChoice {
  /** Where the phones are: the name of a column, its letter as in Excel, or its number from 1. */
  phoneColumn?: string;
  /** Of a workbook, the name of its sheet. */
  sheet?: string;
  /** Rows that the sheet hides or filters out; absent = they are left out. */
  hiddenRows?: 'include';
  /** Columns that the sheet hides; absent = they are left out, but for one that is named as that of the phones. */
  hiddenColumns?: 'include';
  /** Of a text. */
  encoding?: string;
}

/** What was made of a file that could be understood otherwise, and why; of the rows that were looked at. */
export interface Understood {
  phoneColumn: string;
  why: WhyTaken;
  /** Rows looked at, and those of them with a valid number there. */
  looked: number;
  rows: number;
  /** Rows that the sheet does not show, of those looked at; left out unless an admin wants them. */
  hiddenRows?: number;
  /** Columns that it does not show; left out unless an admin wants them. */
  hiddenColumns?: string[];
  sheet?: string;
  /** The sheets with phones, where there are several sheets. */
  sheets?: { name: string; rows: number }[];
  encoding?: string;
  /** How a text reads in the encoding taken and in others; only when it is not sure, or an admin has chosen. */
  readings?: Reading[];
  /** Further columns with phones: in how many of the rows, and why they were not taken. */
  otherColumns: { name: string; rows: number; why: WhyLeft }[];
}

/** What a file was understood to be, before its people are read. */
export interface PeopleFile {
  format: TableFormat;
  /** The line that names the columns; absent in a file without a header. */
  headerLine?: number;
  /** Names of all columns; `1`, `2`, … in a file without a header, and then more may come with a longer row. */
  columns: string[];
  /** The name of the one that holds the phones. */
  phoneColumn: string;
  /** All that hold phones, the main one first. */
  phoneColumns: string[];
  understood: Understood;
  /** The first rows, as they would be taken. */
  first: PreviewRow[];
  /**
   * Reads all people, a batch at a time; the next one is read when `take` has resolved. Once. The refusals are those of
   * a file that turns out bad in the middle: what was taken before is then not to be used.
   */
  read(take: (batch: PeopleBatch) => Promise<void> | void): Promise<Result<ReadTotals>>;
}

/** What a file came to: its people, those who cannot be sent to, and the rows that its sheet hides, taken or not. */
export interface ReadTotals {
  count: number;
  rejected: number;
  hidden: number;
}

export interface PreviewRow {
  line: number;
  /** By column, in their order. */
  cells: string[];
  /** E.164. */
  phones: string[];
  rejected?: RejectedRow;
}

export interface PeopleBatch {
  /** Every line that is not empty, in order, the rejected ones too: a campaign accounts for each of them. */
  people: Person[];
  /** Of each of them the valid numbers. */
  numbers: PersonNumber[][];
  rejected: RejectedRow[];
  /** Of the file, 0 to 1, with this batch. */
  share: number;
}

const DELIMITER_NAMES: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/** Such as "CSV, windows-1251, separated by semicolons" or "Excel, sheet "Clients"". Plain text. */
export function formatText(format: TableFormat, language: Language): string {
  switch (format.kind) {
    case 'csv': {
      const { encoding, delimiter } = format;
      const name = DELIMITER_NAMES[delimiter] ?? 'other';
      const named = translate(language, `files.delimiters.${name}`, { character: delimiter });
      return translate(language, 'files.formats.csv', { encoding, delimiter: named });
    }
    case 'xlsx':
      return translate(language, 'files.formats.xlsx', { sheet: format.sheet });
    case 'json':
      return translate(language, 'files.formats.json');
  }
}
