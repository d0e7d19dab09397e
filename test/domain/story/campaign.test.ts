/** The table of a campaign's moves. */
import {
  CAMPAIGN_STATES,
  canMove,
  commandFits,
  commandsFor,
  hasEnded,
  statesBefore,
} from '../../../domain/story/campaign';

test('goes from draft to completed, by a pause too', () => {
  const road = ['draft', 'scheduled', 'preparing', 'running', 'paused', 'running', 'settling', 'completed'] as const;
  for (let at = 1; at < road.length; at++) expect(canMove(road[at - 1]!, road[at]!)).toBe(true);
});

test('may stand still before it has begun, and is then scheduled again', () => {
  expect(canMove('scheduled', 'paused')).toBe(true);
  expect(canMove('paused', 'scheduled')).toBe(true);
  expect(canMove('paused', 'preparing')).toBe(false);
});

test('can be cancelled or fail from every state after draft until it has ended', () => {
  for (const state of CAMPAIGN_STATES) {
    const open = state !== 'draft' && !hasEnded(state);
    expect({ state, cancelled: canMove(state, 'cancelled') }).toEqual({
      state,
      cancelled: open || state === 'cancelled',
    });
    expect({ state, failed: canMove(state, 'failed') }).toEqual({ state, failed: open || state === 'failed' });
  }
});

test('never leaves a state in which it has ended', () => {
  for (const from of CAMPAIGN_STATES.filter(hasEnded)) {
    expect(CAMPAIGN_STATES.filter((to) => canMove(from, to))).toEqual([from]);
  }
});

test('a repeated move to the same state is no mistake', () => {
  for (const state of CAMPAIGN_STATES) expect(canMove(state, state)).toBe(true);
});

test('does not skip the preparing nor turn back to it', () => {
  expect(canMove('scheduled', 'running')).toBe(false);
  expect(canMove('running', 'preparing')).toBe(false);
  expect(canMove('settling', 'running')).toBe(false);
});

test('the states before one are those that may move to it', () => {
  expect(statesBefore('running')).toEqual(['preparing', 'running', 'paused']);
});

test('offers only commands that fit the state', () => {
  expect(commandsFor('running', 3)).toEqual(['pause', 'cancel', 'setRate', 'retry']);
  expect(commandsFor('scheduled', 0)).toEqual(['cancel', 'reschedule', 'setRate']);
  expect(commandsFor('paused', 0)).toEqual(['resume', 'cancel', 'setRate', 'retry']);
  expect(commandsFor('settling', 3)).toEqual(['pause', 'cancel', 'retry']);
  for (const state of CAMPAIGN_STATES.filter(hasEnded)) expect(commandsFor(state, 0)).toEqual([]);
  expect(commandFits('resume', 'running')).toBe(false);
});

test('has nothing to pause or cancel once it only waits for receipts', () => {
  expect(commandsFor('settling', 0)).toEqual(['retry']);
});
