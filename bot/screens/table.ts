/** Shows how an uploaded file was read, before its people are used; returns bad lines as a file to correct. */
import { formatText } from '../../audience/people-file';
import { rejectionText } from '../../audience/rejected';
import { done } from '../../config/errors';
import { translate } from '../../config/i18n';
import type { StepAt } from '../conversation/steps';
import type { ImportedFile } from '../services/import-file';
import type { Button, Screen } from '../screen';
import { go, stale, type StepScreen, type View } from '../conversation/talk';
import { Html, shorten } from '../texts';
import { choose } from './audience';
import { takesFile, understoodAs } from './file';

type TableStep = StepAt<'table'>;

const QUESTIONS = new Map<string, StepAt<'tableChoice'>['of']>([
  ['otherColumn', 'column'],
  ['otherSheet', 'sheet'],
  ['otherEncoding', 'encoding'],
]);

const HIDDEN = new Map<string, { of: 'hiddenRows' | 'hiddenColumns'; isTaken: boolean }>([
  ['withHidden', { of: 'hiddenRows', isTaken: true }],
  ['withoutHidden', { of: 'hiddenRows', isTaken: false }],
  ['withHiddenColumns', { of: 'hiddenColumns', isTaken: true }],
  ['withoutHiddenColumns', { of: 'hiddenColumns', isTaken: false }],
]);

/** Of a wide table so many columns are named. */
const SHOWN_COLUMNS = 8;
/** Of further columns of phones so many are named. */
const SHOWN_OTHERS = 3;

export const tableScreen: StepScreen<TableStep> = {
  show: async ({ file }, _talk, view) => done({ screen: renderTable(file, view) }),
  press: async (step, action, _argument, talk) => {
    const { listId, name, columns } = step.file;
    if (action === 'rejected') {
      const file = await talk.services.audience.rejected(listId, talk.texts.language);
      if (file) await talk.sendFile({ ...file, caption: talk.texts.plain('table.caption', { name }) });
      return go(step, talk.draft);
    }
    const of = QUESTIONS.get(action);
    if (of) return go({ at: 'tableChoice', file: step.file, of, page: 0 }, talk.draft);
    const hidden = HIDDEN.get(action);
    if (hidden) {
      const choice = { ...step.file.choice };
      delete choice[hidden.of];
      return understoodAs(step.file, hidden.isTaken ? { ...choice, [hidden.of]: 'include' } : choice, talk);
    }
    if (action !== 'take' || !hasPeople(step.file)) return stale;
    await talk.services.audience.take(listId);
    return choose(talk, { source: { kind: 'list', listId }, label: name, columns });
  },
  file: takesFile,
};

function hasPeople({ count, rejected }: ImportedFile): boolean {
  return count > rejected;
}

function renderTable(file: ImportedFile, view: View): Screen {
  const { texts, button } = view;
  const { name, format, count, rejected, phoneColumns, columns, first, examples } = file;
  const others = columns.map((column) => column.name).filter((column) => !phoneColumns.includes(column));
  const named = others.slice(0, SHOWN_COLUMNS).map((column) => shorten(column, 30));
  const more = others.length > named.length ? ['…'] : [];
  const bad = examples.map(({ line, value, ...why }) =>
    texts.html(value ? 'table.bad' : 'table.empty', {
      line,
      value: shorten(value, 40),
      why: rejectionText(why, texts.language),
    }),
  );
  if (rejected > examples.length) bad.push(texts.html('table.more', { count: rejected - examples.length }));
  const good = first.flatMap(({ line, phone, cells }) =>
    phone ? [texts.html('table.row', { line, phone, cells: cells.join(' · ') })] : [],
  );
  return {
    // What must be decided comes last, above the buttons: a phone shows the end of a long message.
    html: [
      texts.html('table.head', { name: shorten(name, 60), format: formatText(format, texts.language) }),
      texts.html('table.counts', { count, good: count - rejected }),
      [
        ...(good.length > 0 ? [texts.html('table.first'), ...good] : []),
        ...(named.length > 0 ? [texts.html('table.columns', { columns: [...named, ...more].join(', ') })] : []),
      ].join('\n'),
      phoneLines(file, view),
      ...placeLines(file, view),
      ...(rejected > 0 ? [texts.html('table.rejected', { count: rejected, lines: new Html(bad.join('\n')) })] : []),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    keyboard: [
      ...(hasPeople(file) ? [[button('take', { style: 'success' })]] : []),
      ...(rejected > 0 ? [[button('rejected')]] : []),
      ...(file.fileId === undefined ? [] : choiceRows(file, view)),
      view.footer(),
    ],
  };
}

/** What could be read differently. */
function choiceRows(file: ImportedFile, { texts, button }: View): Button[][] {
  const { format, columns, understood, choice } = file;
  const { hiddenRows: count = 0 } = understood;
  const rows = choice.hiddenRows === 'include' ? 'withoutHidden' : 'withHidden';
  const hidden = hiddenColumnsOf(file).length;
  const hiddenColumns = choice.hiddenColumns === 'include' ? 'withoutHiddenColumns' : 'withHiddenColumns';
  return [
    ...(count > 0 ? [[button(rows, { text: texts.plain(`table.${rows}`, { count }) })]] : []),
    ...(hidden > 0
      ? [[button(hiddenColumns, { text: texts.plain(`table.${hiddenColumns}`, { count: hidden }) })]]
      : []),
    ...(format.kind === 'xlsx' && format.sheets.length > 1 ? [[button('otherSheet')]] : []),
    ...(understood.readings ? [[button('otherEncoding')]] : []),
    ...(columns.length > 1 ? [[button('otherColumn')]] : []),
  ];
}

/** Other sheets with people, rows and columns that are not shown, an encoding that is not sure. */
function placeLines(file: ImportedFile, { texts }: View): string[] {
  const { format, understood, choice } = file;
  const { sheets = [], sheet, hiddenRows: count = 0, readings = [] } = understood;
  const hiddenColumns = hiddenColumnsOf(file);
  const others = sheets.filter(({ name }) => name !== sheet).slice(0, SHOWN_OTHERS);
  const isUnsure = format.kind !== 'xlsx' && format.encodings !== undefined;
  const shown = readings.filter(({ encoding }) => format.kind !== 'xlsx' && format.encodings?.includes(encoding));
  const lines = [
    ...others.map(({ name, rows }) => texts.html('table.otherSheet', { sheet: shorten(name, 30), rows })),
    ...(count > 0
      ? [texts.html(choice.hiddenRows === 'include' ? 'table.hiddenTaken' : 'table.hidden', { count })]
      : []),
    ...(hiddenColumns.length > 0
      ? [
          texts.html(choice.hiddenColumns === 'include' ? 'table.hiddenColumnsTaken' : 'table.hiddenColumns', {
            columns: hiddenColumns
              .slice(0, SHOWN_COLUMNS)
              .map((name) => shorten(name, 30))
              .join(', '),
          }),
        ]
      : []),
    ...(isUnsure ? [texts.html('table.encodingUnsure', { encoding: understood.encoding ?? '' })] : []),
    ...(isUnsure ? shown.map((one) => texts.html('table.reading', { ...one })) : []),
  ];
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** The columns that the sheet hides; one that an admin has named as that of the phones is not left out with them. */
function hiddenColumnsOf({ understood: { hiddenColumns = [], phoneColumn, why }, choice }: ImportedFile): string[] {
  const isNamed = why === 'chosen' && choice.hiddenColumns !== 'include';
  return isNamed ? hiddenColumns.filter((name) => name !== phoneColumn) : hiddenColumns;
}

/** Which columns the phones are taken from, why, and where else there are some. */
function phoneLines({ phoneColumns, understood: { why, otherColumns } }: ImportedFile, { texts }: View): string {
  const shown = otherColumns.slice(0, SHOWN_OTHERS).map((other) =>
    texts.html('table.otherPhones', {
      column: shorten(other.name, 30),
      rows: other.rows,
      why: translate(texts.language, `files.whyLeft.${other.why}`),
    }),
  );
  return [
    texts.html('table.phones', { columns: phoneColumns.map((column) => shorten(column, 30)).join(', ') }),
    texts.html('table.why', { why: translate(texts.language, `files.why.${why}`) }),
    ...shown,
  ].join('\n');
}
