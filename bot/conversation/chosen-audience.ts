/** The people chosen for a campaign in the chat: included and excluded sources. */
import { audienceLabelOf, type NamedSource, type Person } from '../../domain/audience';
import { shownOf, type Cell } from '../../domain/reading/cell';
import { shorten } from '../texts';

/** A value that a parameter may take from each person, with one that a real person has. */
export interface Column {
  name: string;
  /** As it is shown. */
  example: string;
  /** The example with its type, where it is more than a text. */
  cell?: Cell;
}

/** One place that people come from. */
export interface AudiencePart extends NamedSource {
  /** Of an excluded part nobody asks. */
  columns: Column[];
}

/** JSON only: it lives in the session. */
export interface ChosenAudience {
  include: AudiencePart[];
  exclude: AudiencePart[];
}

/** What the next part is for: the only source, one more, or one to exclude. */
export type PartRole = 'only' | 'add' | 'exclude';

/** Of several labels together so much is shown. */
const LABEL_CHARACTERS = 120;

/** The audience with one more part; as the only one, instead of all that was chosen before. */
export function withPart(present: ChosenAudience | undefined, part: AudiencePart, role: PartRole): ChosenAudience {
  if (!present || role === 'only') return { include: [part], exclude: [] };
  return role === 'add'
    ? { ...present, include: [...present.include, part] }
    : { ...present, exclude: [...present.exclude, part] };
}

/** The audience without one of its parts; undefined when no one would be left. */
export function withoutPart(
  { include, exclude }: ChosenAudience,
  list: keyof ChosenAudience,
  index: number,
): ChosenAudience | undefined {
  const rest = (parts: AudiencePart[]): AudiencePart[] => parts.filter((_, at) => at !== index);
  const left = list === 'include' ? { include: rest(include), exclude } : { include, exclude: rest(exclude) };
  return left.include.length > 0 ? left : undefined;
}

/** The saved lists that it is made of. */
export function listsOf(audience: ChosenAudience | undefined): string[] {
  return [...(audience?.include ?? []), ...(audience?.exclude ?? [])].flatMap(({ source }) =>
    source.kind === 'list' ? [source.listId] : [],
  );
}

/** What the audience is called, as far as it is shown. */
export function labelOfAudience(audience: ChosenAudience): string {
  return shorten(audienceLabelOf(audience), LABEL_CHARACTERS);
}

/** Every value that some of the people have, once, with the first person's as example. */
export function columnsOfAudience({ include }: ChosenAudience): Column[] {
  const columns = new Map<string, Column>();
  for (const column of include.flatMap((part) => part.columns)) {
    if (!columns.get(column.name)?.example) columns.set(column.name, column);
  }
  return [...columns.values()];
}

/** Each column with the first value that is not empty. */
export function columnsOf(names: readonly string[], people: readonly Person[]): Column[] {
  const shownIn = (person: Person, name: string): string => shownOf(person.columns[name] ?? '').trim();
  return names.map((name) => {
    const filled = people.find((person) => shownIn(person, name) !== '');
    const cell = filled?.columns[name];
    return { name, example: filled ? shownIn(filled, name) : '', ...(typeof cell === 'object' && { cell }) };
  });
}
