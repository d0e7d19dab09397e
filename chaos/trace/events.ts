/** A run's marks as the events of each delivery: what begins and ends in its part of a write or call. */
import type { Beginning, Ending, Mark } from './trace';

type About<P extends Beginning['begins']> =
  Extract<Beginning, { begins: P }> extends { about: (infer A)[] } ? A : Record<never, never>;
/** One delivery's part of a write or call. */
export type Act = { [P in Beginning['begins']]: { point: P } & About<P> }[Beginning['begins']] & {
  name: string;
  /** It has not ended with an answer. */
  isCut: boolean;
};
export type Event = { at: number; act: Act } & ({ begins: true } | { begins: false; end: Ending; isAll: boolean });

/** The events of each delivery that has any, or is asked for, the earliest first: its own, and what was done to it with all others. */
export function eventsOfEach(marks: readonly Mark[], ids: Iterable<string>): Map<string, Event[]> {
  const { own, waves, whole } = eventsOf(marks);
  return new Map(
    [...new Set([...ids, ...own.keys()])].map((id) => {
      const events = own.get(id) ?? [];
      const meant = (waves.get(campaignOf(id)) ?? []).filter((event) => isMeant(event, id, events));
      return [id, [...events, ...meant, ...whole].toSorted((a, b) => a.at - b.at)];
    }),
  );
}

interface Events {
  own: Map<string, Event[]>;
  /** By their campaign. */
  waves: Map<string, Event[]>;
  whole: Event[];
}

function eventsOf(marks: readonly Mark[]): Events {
  const ends = new Map(marks.flatMap((mark) => ('ends' in mark ? [[mark.act, mark]] : [])));
  const events: Events = { own: new Map(), waves: new Map(), whole: [] };
  for (const mark of marks) {
    if ('ends' in mark) continue;
    const end = ends.get(mark.act);
    const all: readonly object[] = 'about' in mark ? mark.about : [{}];
    all.forEach((about, index) => {
      const act = { ...about, point: mark.begins, name: `${mark.act}/${index}`, isCut: end?.ends !== 'done' } as Act;
      const list =
        'id' in act ? listOf(events.own, act.id) : act.point === 'wave' ? listOf(events.waves, act.campaignId) : events.whole; // prettier-ignore
      list.push({ at: mark.at, act, begins: true });
      if (end) list.push({ at: end.at, act, begins: false, end, isAll: end.changed === all.length });
    });
  }
  return events;
}

function listOf(lists: Map<string, Event[]>, key: string): Event[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

const campaignOf = (id: string): string => id.slice(0, id.lastIndexOf(':'));

/** Whether a wave may have chosen this delivery. */
function isMeant({ act }: Event, id: string, own: readonly Event[]): boolean {
  if (act.point !== 'wave') return false;
  const { ns, messageIds } = act;
  return (
    (!ns || ns.includes(Number(id.slice(id.lastIndexOf(':') + 1)))) &&
    (!messageIds || own.some(({ act: one }) => 'messageId' in one && messageIds.includes(one.messageId!)))
  );
}
