/** An uploaded file can be understood in several ways: an admin says which column holds the phones, which sheet the people, which encoding it is in. */
import type { FileChoice } from '../../audience/file';
import { done } from '../../config/errors';
import { listsOf } from '../chosen-audience';
import type { ImportedFile } from '../import-file';
import { pageOf, pagerRow, type Screen } from '../screen';
import type { StepAt } from '../steps';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../talk';
import { shorten, type Texts } from '../texts';
import { takesFile } from './audience';
import { readFile } from './people';

type ChoiceStep = StepAt<'tableChoice'>;

const PAGE_SIZE = 8;

export const tableChoiceScreen: StepScreen<ChoiceStep> = {
  show: async (step, _talk, view) => done({ screen: renderChoice(step, view) }),
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    const picked = action === 'pick' ? optionsOf(step, talk.texts)[Number(argument)] : undefined;
    return picked ? understoodAs(step.file, picked.choice, talk) : stale;
  },
  file: takesFile,
};

/** The file read once more, with what was said of it; what it was taken for before is no list of anybody's. */
export async function understoodAs(file: ImportedFile, choice: FileChoice, talk: Talk): Promise<Move> {
  const { fileId, name, listId } = file;
  if (fileId === undefined) return stale;
  const read = await readFile({ fileId, name }, talk, choice);
  if (!read.ok) return refuse(read);
  if (!listsOf(talk.draft.audience).includes(listId)) await talk.services.audience.drop(listId);
  return go({ at: 'table', file: read.value }, talk.draft);
}

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
      return columnsOf(file).map(({ name, example, rows }) => ({
        text: [
          `${rows === undefined ? '' : '📱 '}${shorten(name, 28)}${example && `: ${shorten(example, 20)}`}`,
          ...(rows === undefined ? [] : [texts.plain('table.rowsWithPhone', { count: rows })]),
        ].join(' · '),
        choice: { ...choice, phoneColumn: name },
      }));
    case 'sheet': {
      const rowsIn = new Map(understood.sheets?.map(({ name, rows }) => [name, rows]));
      const names = format.kind === 'xlsx' ? format.sheets.filter((name) => name !== format.sheet) : [];
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
  }
}

/** Those with phones first. */
function columnsOf({
  columns,
  phoneColumns,
  understood,
}: ImportedFile): { name: string; example: string; rows?: number }[] {
  const withPhones = understood.otherColumns.map(({ name, rows }) => ({ name, rows }));
  const others = columns.filter(({ name }) => !phoneColumns.includes(name));
  const isNamed = (name: string): boolean => withPhones.some((one) => one.name === name);
  return [
    ...withPhones.map(({ name, rows }) => ({
      name,
      rows,
      example: others.find((one) => one.name === name)?.example ?? '',
    })),
    ...columns.filter(({ name }) => !isNamed(name)),
  ];
}

const TITLES = { column: 'whichColumn', sheet: 'whichSheet', encoding: 'whichEncoding' } as const;

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
