/** What a campaign costs in actions of Temporal Cloud, by the recorded runs: docs/temporal.md gives these figures. */
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { addActions, allActions, countActions, type Actions } from '../../bench/actions';
import { readRecorded } from '../support/recorded-histories';

interface Counted extends Actions {
  groups: number;
  all: number;
}

function countedOf(...names: string[]): Counted {
  const runs = names.map((name) => historyFromJSON(JSON.parse(readRecorded(name))).events ?? []);
  const isGroup = (event: (typeof runs)[number][number]): boolean =>
    event.activityTaskScheduledEventAttributes?.activityType?.name === 'sendDeliveries';
  const actions = addActions(runs.map(countActions));
  return { ...actions, groups: runs.flat().filter(isGroup).length, all: allActions(actions) };
}

test('a group of sends is one action, and the rest of a campaign at most 25', () => {
  const long = countedOf('continued-as-new-1', 'continued-as-new-2');
  expect(long.groups).toBe(1_100);
  expect(long.all - long.groups).toBe(17);
  const usual = [
    'finished',
    'later-wave',
    'outside-the-hours',
    'retried-meanwhile',
    'spread',
    'writes-back',
    'rate-changed',
  ];
  for (const name of usual) {
    const { all, groups } = countedOf(name);
    expect([name, all - groups]).toEqual([name, expect.any(Number)]);
    expect(all - groups).toBeLessThanOrEqual(25);
  }
});

test('each kind of action is counted once: a command is one, a change of the state shown in Temporal another', () => {
  expect(countedOf('rescheduled')).toMatchObject({
    starts: 1,
    timers: 4,
    messages: 2,
    searchAttributes: 5,
    activities: 14,
  });
  // The child's own start is in the child's history.
  expect(countedOf('writes-back').starts + countedOf('written-back').starts).toBe(3);
  expect(countActions([])).toEqual({ starts: 0, activities: 0, timers: 0, messages: 0, searchAttributes: 0 });
});

test('an activity that was repeated counts as often as it was begun', () => {
  const started = { activityTaskStartedEventAttributes: { attempt: 3 } };
  expect(countActions([started]).activities).toBe(3);
});
