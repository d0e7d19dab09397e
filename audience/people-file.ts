/** How a file of people was read, the choices an admin has, and the people in its rows. */
import type { Result } from '../config/errors';
import { type Language, translate } from '../config/i18n';
import type { Person, PersonNumber } from '../domain/audience';
import type { PhoneProblem } from '../domain/phones/phone';
import type { Reading } from './encodings';
import type { WhyLeft, WhyTaken } from './phone-columns';
import type { TableFormat } from './table';

/** An unusable line, with the reason. */
export interface RejectedRow {
  line: number;
  value: string;
  reason: 'no_phone' | 'invalid_phone' | 'unreadable' | 'unreadable_character' | 'formula';
  /** The problem with the number. */
  problem?: PhoneProblem;
}

/** An admin's choices for a file that can be read in several ways; absent ones are detected. */
export interface FileChoice {
  /** The phone column, by name, Excel letter, or number from 1. */
  phoneColumn?: string;
  /** The sheet's name, for a workbook. */
  sheet?: string;
  /** Hidden or filtered rows; absent = left out. */
  hiddenRows?: 'include';
  /** Hidden columns; absent = left out, except one chosen as the phone column. */
  hiddenColumns?: 'include';
  /** Of a text. */
  encoding?: string;
}

/** How an ambiguous file was read, and why, according to the rows inspected. */
export interface Understood {
  phoneColumn: string;
  why: WhyTaken;
  /** Rows inspected, and how many of them hold a valid number there. */
  looked: number;
  rows: number;
  /** Hidden rows among those inspected; left out unless an admin includes them. */
  hiddenRows?: number;
  /** Hidden columns; left out unless an admin includes them. */
  hiddenColumns?: string[];
  sheet?: string;
  /** The sheets with phones, if there are several sheets. */
  sheets?: { name: string; rows: number }[];
  encoding?: string;
  /** How the text reads in the chosen encoding and in others; only when uncertain, or when an admin has chosen. */
  readings?: Reading[];
  /** Other columns with phones: in how many rows, and why they were not chosen. */
  otherColumns: { name: string; rows: number; why: WhyLeft }[];
}

/** A file's reading, before its people are read. */
export interface PeopleFile {
  format: TableFormat;
  /** The header's line; absent in a file without a header. */
  headerLine?: number;
  /** Names of all columns; `1`, `2`, … in a file without a header, where a longer row may add more. */
  columns: string[];
  /** The name of the phone column. */
  phoneColumn: string;
  /** All phone columns, the main one first. */
  phoneColumns: string[];
  understood: Understood;
  /** The first rows as they would be used. */
  first: PreviewRow[];
  /**
   * Reads all people in batches; the next batch is read when `take` has resolved. Call it once. It may refuse a file
   * that turns out bad halfway: do not use what was read before.
   */
  read(take: (batch: PeopleBatch) => Promise<void> | void): Promise<Result<ReadTotals>>;
}

/** The totals of a file: its people, the rejected lines, and the hidden rows, included or not. */
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
  /** Every non-empty line in order, including rejected ones: a campaign accounts for each of them. */
  people: Person[];
  /** Of each of them the valid numbers. */
  numbers: PersonNumber[][];
  rejected: RejectedRow[];
  /** Share of the file read including this batch, 0 to 1. */
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
