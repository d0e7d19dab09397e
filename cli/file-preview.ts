/** Shows how a file of people was read, with its first rows, before anything is saved. */
import type { PeopleFile } from '../audience/file';
import { formatText } from '../audience/people-file';
import { rejectionText } from '../audience/rejected';
import { translate } from '../config/i18n';
import type { FileOptions } from './file-options';
import { renderTable } from './table';
import type { Terminal } from './terminal';

/** A wide table shows the phones and the first other columns. */
const SHOWN_COLUMNS = 6;
const SHOWN_CHARACTERS = 30;

/** For `--json`. */
export function previewJson({
  format,
  headerLine,
  columns,
  phoneColumn,
  phoneColumns,
  understood,
  first,
}: PeopleFile): object {
  return { format, headerLine: headerLine ?? null, columns, phoneColumn, phoneColumns, understood, first };
}

export function previewText(path: string, file: PeopleFile, options: FileOptions, terminal: Terminal): string {
  const { format, headerLine, columns, phoneColumns, first } = file;
  const header = headerLine === undefined ? 'no header' : `header in line ${headerLine}`;
  const named = headerLine !== undefined || format.kind === 'json';
  const shown = columns.map((name, at) => ({ name, at })).filter(({ name }) => !phoneColumns.includes(name));
  const rest = shown.length - SHOWN_COLUMNS;
  return [
    `${path}: ${formatText(format, 'en')}; ${named && format.kind === 'json' ? 'columns named by their keys' : header}.`,
    ...understoodLines(file, options),
    `Columns: ${columns.join(', ')}.`,
    renderTable(
      [
        { head: 'LINE', cell: ({ line }) => line },
        {
          head: 'SENT TO',
          cell: ({ phones, rejected }) => (rejected ? `- ${rejectionText(rejected, 'en')}` : phones.join(', ')),
          flexible: true,
        },
        ...phoneColumns.map((name) => ({ head: name, cell: cellOf(columns.indexOf(name)), flexible: true as const })),
        ...shown
          .slice(0, SHOWN_COLUMNS)
          .map(({ name, at }) => ({ head: name, cell: cellOf(at), flexible: true as const })),
      ],
      first,
      { ...terminal, empty: '' },
    ),
    ...(rest > 0 ? [`… and ${rest} more columns`] : []),
  ].join('\n');
}

/** What could be read differently, and the option for it. */
function understoodLines({ columns, phoneColumns, understood }: PeopleFile, options: FileOptions): string[] {
  const { why, rows, looked, otherColumns } = understood;
  const others = otherColumns.map(
    (other) => `"${other.name}" (${other.rows} of ${looked} rows; ${translate('en', `files.whyLeft.${other.why}`)})`,
  );
  const named = phoneColumns.map((name) => `"${name}"`).join(', then ');
  const sheets = (understood.sheets ?? []).filter(({ name }) => name !== understood.sheet);
  const hasAllColumns = options.hiddenColumns === 'include';
  // A hidden column named as the phone column is used anyway.
  const hiddenColumns = (understood.hiddenColumns ?? []).filter((name) => hasAllColumns || !columns.includes(name));
  return [
    ...(sheets.length > 0
      ? [
          `Other sheets with phones: ${sheets.map(({ name, rows: count }) => `"${name}" (${count})`).join(', ')}. To choose one: --sheet NAME.`,
        ]
      : []),
    ...(understood.hiddenRows
      ? [
          `Hidden or filtered rows among the first: ${understood.hiddenRows}, ${options.hiddenRows === 'include' ? 'included' : 'left out unless --hidden-rows include'}.`,
        ]
      : []),
    ...(hiddenColumns.length > 0
      ? [
          `Hidden columns: ${hiddenColumns.join(', ')}, ${hasAllColumns ? 'included' : 'left out unless --hidden-columns include'}.`,
        ]
      : []),
    ...encodingLines(understood),
    `Phones: ${named}: ${translate('en', `files.why.${why}`)}. A valid number in ${rows} of the ${looked} rows inspected.`,
    ...(others.length > 0
      ? [`Other columns with phones: ${others.join(', ')}. To choose one: --phone-column NAME.`]
      : []),
  ];
}

function encodingLines({ encoding, readings = [] }: PeopleFile['understood']): string[] {
  const others = readings.filter((one) => one.encoding !== encoding);
  if (others.length === 0) return [];
  const taken = readings.find((one) => one.encoding === encoding);
  return [
    `The encoding is uncertain; read as ${encoding}${taken ? `: ${taken.sample}` : ''}. To choose another: --encoding NAME.`,
    ...others.map(({ encoding: name, sample }) => `  ${name}: ${sample}`),
  ];
}

function cellOf(at: number): (row: PeopleFile['first'][number]) => string {
  return ({ cells }) => {
    const oneLine = (cells[at] ?? '').replace(/\s+/g, ' ');
    return oneLine.length > SHOWN_CHARACTERS ? `${oneLine.slice(0, SHOWN_CHARACTERS)}…` : oneLine;
  };
}
