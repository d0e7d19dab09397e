/** What is said of a command that takes long. */
import { createPatience } from '../../cli/patience';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('says what it is at after ten silent seconds, then ever more seldom', () => {
  const said: string[] = [];
  const patience = createPatience((line) => said.push(line));
  jest.advanceTimersByTime(60_000);
  expect(said).toEqual([]);
  patience.doing('Reading leads');
  jest.advanceTimersByTime(9_000);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(70_000);
  expect(said).toEqual(['Reading leads: 10 s so far', 'Reading leads: 30 s so far', 'Reading leads: 70 s so far']);
  patience.stop();
});

test('is silent while something else is said, and after its end', () => {
  const said: string[] = [];
  const patience = createPatience((line) => said.push(line));
  patience.doing('Importing');
  for (let second = 0; second < 60; second++) {
    patience.said();
    jest.advanceTimersByTime(1_000);
  }
  expect(said).toEqual([]);
  patience.stop();
  jest.advanceTimersByTime(60_000);
  expect(said).toEqual([]);
});
