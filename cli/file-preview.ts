/** Shows how a file of people was read, with its first rows, before anything is saved. */
import type { PeopleFile } from '../audience/file';
import { formatText } from '../audience/people-file';
import { rejectionText } from '../audience/rejected';
import type { FileOptions } from './file-options';
import type { Speech } from './speech';
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
  const { t, language } = terminal.speech;
  const { format, headerLine, columns, phoneColumns, first } = file;
  const header = headerLine === undefined ? t('no header') : t('header in line {{line}}', { line: headerLine });
  const named = headerLine !== undefined || format.kind === 'json';
  const shown = columns.map((name, at) => ({ name, at })).filter(({ name }) => !phoneColumns.includes(name));
  const rest = shown.length - SHOWN_COLUMNS;
  return [
    `${path}: ${formatText(format, language)}; ${named && format.kind === 'json' ? t('columns named by their keys') : header}.`,
    ...understoodLines(file, options, terminal.speech),
    t('Columns: {{columns}}.', { columns: columns.join(', ') }),
    renderTable(
      [
        { head: 'LINE', cell: ({ line }) => line },
        {
          head: 'SENT TO',
          cell: ({ phones, rejected }) => (rejected ? `- ${rejectionText(rejected, language)}` : phones.join(', ')),
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
    ...(rest > 0 ? [t('… and {{rest}} more columns', { rest })] : []),
  ].join('\n');
}

/** What could be read differently, and the option for it. */
function understoodLines(
  { columns, phoneColumns, understood }: PeopleFile,
  options: FileOptions,
  { t, text }: Speech,
): string[] {
  const { why, rows, looked, otherColumns } = understood;
  const others = otherColumns.map(({ name, rows: count, why: left }) =>
    t('"{{name}}" ({{count}} of {{looked}} rows; {{why}})', {
      name,
      count,
      looked,
      why: text(`files.whyLeft.${left}`),
    }),
  );
  const named = phoneColumns.map((name) => `"${name}"`).join(t(', then '));
  const sheets = (understood.sheets ?? []).filter(({ name }) => name !== understood.sheet);
  const hasAllColumns = options.hiddenColumns === 'include';
  // A hidden column named as the phone column is used anyway.
  const hiddenColumns = (understood.hiddenColumns ?? []).filter((name) => hasAllColumns || !columns.includes(name));
  return [
    ...(sheets.length > 0
      ? [
          t('Other sheets with phones: {{sheets}}. To choose one: --sheet NAME.', {
            sheets: sheets.map(({ name, rows: count }) => `"${name}" (${count})`).join(', '),
          }),
        ]
      : []),
    ...(understood.hiddenRows
      ? [
          t('Hidden or filtered rows among the first: {{count}}, {{fate}}.', {
            count: understood.hiddenRows,
            fate: t(options.hiddenRows === 'include' ? 'included' : 'left out unless --hidden-rows include'),
          }),
        ]
      : []),
    ...(hiddenColumns.length > 0
      ? [
          t('Hidden columns: {{columns}}, {{fate}}.', {
            columns: hiddenColumns.join(', '),
            fate: t(hasAllColumns ? 'included' : 'left out unless --hidden-columns include'),
          }),
        ]
      : []),
    ...encodingLines(understood, t),
    t('Phones: {{named}}: {{why}}. A valid number in {{rows}} of the {{looked}} rows inspected.', {
      ...{ named, rows, looked },
      why: text(`files.why.${why}`),
    }),
    ...(others.length > 0
      ? [
          t('Other columns with phones: {{columns}}. To choose one: --phone-column NAME.', {
            columns: others.join(', '),
          }),
        ]
      : []),
  ];
}

function encodingLines({ encoding, readings = [] }: PeopleFile['understood'], t: Speech['t']): string[] {
  const others = readings.filter((one) => one.encoding !== encoding);
  if (others.length === 0) return [];
  const taken = readings.find((one) => one.encoding === encoding);
  return [
    t('The encoding is uncertain; read as {{encoding}}. To choose another: --encoding NAME.', {
      encoding: `${encoding}${taken ? `: ${taken.sample}` : ''}`,
    }),
    ...others.map(({ encoding: name, sample }) => `  ${name}: ${sample}`),
  ];
}

function cellOf(at: number): (row: PeopleFile['first'][number]) => string {
  return ({ cells }) => {
    const oneLine = (cells[at] ?? '').replace(/\s+/g, ' ');
    return oneLine.length > SHOWN_CHARACTERS ? `${oneLine.slice(0, SHOWN_CHARACTERS)}…` : oneLine;
  };
}
