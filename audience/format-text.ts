/** How a file was understood, in words: for bot and console. */
import { translate, type Language } from '../config/i18n';
import type { TableFormat } from './table';

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
