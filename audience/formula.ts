/** Text cells that a spreadsheet would run: nobody's name or phone, and a danger to whoever opens a report of them. */

/** `="79001234567"`: how people keep Excel from making a number of a phone. */
const TEXT_MARK = /^=\s*"((?:[^"]|"")*)"$/;
/** A function, a program to start (DDE), a cell, or a sum; not "=)" or "= 5 000 руб.". */
const FORMULA =
  /^=\s*[-+(]*(?:[\p{L}_][\p{L}\p{N}_.]*\(|[\w.]+\|.*!|\$?[A-Z]{1,3}\$?\d|'[^']+'!|[\p{L}_][\p{L}\p{N}_.]*!|"[^"]*"\s*&|\d+(?:\.\d+)?[-+*/^]\d)/u;
/** What else begins a formula begins many a phone (+7) and nickname (@anna) too. */
const SIGNED_FORMULA = /^[-+@]\s*(?:\p{Lu}{2,}[\p{Lu}\p{N}.]*\(|[\w.]+\|.*!)/u;

/** The text that a mark around it keeps as it is; the cell itself when there is no mark. */
export function unmarked(cell: string): string {
  const text = TEXT_MARK.exec(cell)?.[1];
  return text === undefined ? cell : text.replaceAll('""', '"').trim();
}

export function holdsFormula(cell: string): boolean {
  return FORMULA.test(cell) || SIGNED_FORMULA.test(cell);
}

/** What spreadsheets write for what they could not work out, in English and Russian. */
const ERROR =
  /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|ERROR!|Н\/Д|ССЫЛКА!|ЗНАЧ!|ИМЯ\?|ДЕЛ\/0!|ЧИСЛО!|ПУСТО!|ПЕРЕНОС!|ВЫЧИСЛ!|ПОЛЕ!)$/iu;

export function isError(cell: string): boolean {
  return ERROR.test(cell);
}
