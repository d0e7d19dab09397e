/** An uploaded file can be understood in several ways: an admin says which column holds the phones, which sheet the people, which encoding it is in, whether what it hides is meant. */
import type { FileChoice } from '../../audience/file';
import { done } from '../../config/errors';
import type { ImportedFile } from '../services/import-file';
import { mark, pageOf, pagerRow, type Screen } from '../screen';
import type { StepAt } from '../conversation/steps';
import { go, stale, type StepScreen, type View } from '../conversation/talk';
import { shorten, type Texts } from '../texts';
import { takesFile, understoodAs } from './file';

type ChoiceStep = StepAt<'tableChoice'>;

const PAGE_SIZE = 8;

export const tableChoiceScreen: StepScreen<ChoiceStep> = {
  show: async (step, _talk, view) => done({ screen: renderChoice(step, view) }),
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    const picked = action === 'pick' ? optionsOf(step, talk.texts)[Number(argument)] : undefined;
    if (!picked) return stale;
    // It has been read so to ask.
    if (picked.choice === step.file.choice) return go({ at: 'table', file: step.file }, talk.draft);
    return understoodAs(step.file, picked.choice, talk);
  },
  file: takesFile,
};

interface Option {
  text: string;
  choice: FileChoice;
}

/** What can be chosen. Another sheet or encoding has other columns: what was said of those holds no longer. */
function optionsOf({ file, of }: ChoiceStep, texts: Texts): Option[] {
  const choice = { ...file.choice };
  delete choice.phoneColumn;
  const { format, understood } = file;
  switch (of) {
    case 'column':
      return [
        // What was found without a word may be several columns; by a press it is one.
        ...(file.choice.phoneColumn === undefined ? [] : [{ text: texts.plain('table.asFound'), choice }]),
        ...columnsOf(file).map(({ name, example, rows, isTaken }) => ({
          // What tells columns apart stands first: phones cut the end of a button off.
          text: mark(
            isTaken,
            `${rows === undefined ? '' : `📱 ${rows} · `}${shorten(name, 28)}${example && `: ${shorten(example, 20)}`}`,
          ),
          choice: { ...choice, phoneColumn: name },
        })),
      ];
    case 'sheet': {
      const rowsIn = new Map(understood.sheets?.map(({ name, rows }) => [name, rows]));
      const names = format.kind === 'xlsx' ? format.sheets.filter((name) => name !== format.sheet) : [];
      delete choice.hiddenColumns;
      return names.map((name) => {
        const count = rowsIn.get(name);
        return {
          text: [
            shorten(name, 40),
            ...(count === undefined ? [] : [texts.plain('table.rowsWithPhone', { count })]),
          ].join(' · '),
          choice: { ...choice, sheet: name },
        };
      });
    }
    case 'encoding':
      return (understood.readings ?? [])
        .filter(({ encoding }) => encoding !== understood.encoding)
        .map(({ encoding, sample }) => ({
          text: `${shorten(sample, 30)} · ${encoding}`,
          choice: { ...choice, encoding },
        }));
    case 'hiddenRows':
      return [{ text: texts.plain('buttons.withHidden'), choice: file.choice }];
    case 'hiddenColumns':
      delete choice.hiddenColumns;
      return [
        { text: texts.plain('buttons.withHiddenColumns'), choice: file.choice },
        // Named, the column of the phones is read though it is hidden; the other hidden ones are not.
        ...(hasOthersHidden(file) ? file.phoneColumns : []).map((name) => ({
          text: texts.plain('table.onlyColumn', { name: shorten(name, 28) }),
          choice: { ...choice, phoneColumn: name },
        })),
      ];
  }
}

function hasOthersHidden({ understood: { hiddenColumns = [] }, phoneColumns }: ImportedFile): boolean {
  return hiddenColumns.some((name) => !phoneColumns.includes(name));
}

interface ColumnOption {
  name: string;
  example: string;
  /** Rows with a phone, where another column was taken though it has some. */
  rows?: number;
  isTaken: boolean;
}

/** Those that are taken, then others with phones, then the rest. */
function columnsOf({ columns, phoneColumns, understood }: ImportedFile): ColumnOption[] {
  const rowsIn = new Map(understood.otherColumns.map(({ name, rows }) => [name, rows]));
  const options = columns.map(({ name, example }): ColumnOption => {
    const rows = rowsIn.get(name);
    return { name, example, ...(rows !== undefined && { rows }), isTaken: phoneColumns.includes(name) };
  });
  const rank = ({ isTaken, rows }: ColumnOption): number => (isTaken ? 0 : rows === undefined ? 2 : 1);
  return options.toSorted((one, other) => rank(one) - rank(other));
}

const TITLES = {
  column: 'whichColumn',
  sheet: 'whichSheet',
  encoding: 'whichEncoding',
  hiddenRows: 'onlyHiddenRows',
  hiddenColumns: 'onlyHiddenColumns',
} as const;

function renderChoice(step: ChoiceStep, view: View): Screen {
  const { file, of, page: number } = step;
  const page = pageOf(optionsOf(step, view.texts), number, PAGE_SIZE);
  return {
    html: view.texts.html(`table.${TITLES[of]}`, {
      name: shorten(file.name, 60),
      looked: file.understood.looked,
      taken: (of === 'sheet' ? file.understood.sheet : file.understood.encoding) ?? '',
    }),
    keyboard: [
      ...page.items.map(({ text }, index) => [view.button('pick', { text, argument: page.page * PAGE_SIZE + index })]),
      ...pagerRow(page, (to) => view.data('page', to)),
      view.footer(),
    ],
  };
}
