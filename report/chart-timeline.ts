/** The part of a picture that shows how a campaign went: how many were sent, delivered and read by then. */
import { DateTime } from 'luxon';
import { GREY, LINE, text } from './drawing';
import type { Timeline } from './timeline';
import type { Words } from './words';

export const TIMELINE_COLOURS = { sent: '#7c8aa0', delivered: '#2f9e68', read: '#1668c1' } as const;
const KINDS = ['sent', 'delivered', 'read'] as const;

interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

const DAY_SECONDS = 86_400;

/** Lines within the frame, their names above it and the times below it. */
export function drawTimeline(timeline: Timeline, { x, y, width, height }: Frame, words: Words): string {
  const { startsAt, stepSeconds, sent } = timeline;
  const steps = sent.length;
  const totals = Object.fromEntries(KINDS.map((kind) => [kind, upTo(timeline[kind])])) as Record<
    (typeof KINDS)[number],
    number[]
  >;
  const most = Math.max(1, ...KINDS.map((kind) => totals[kind].at(-1)!));
  const at = (step: number): number => x + (width * step) / Math.max(1, steps);
  const up = (count: number): number => y + height - (height * count) / most;
  const lines = KINDS.map((kind) => {
    const points = [0, ...totals[kind]].map((count, step) => `${at(step).toFixed(1)},${up(count).toFixed(1)}`);
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${TIMELINE_COLOURS[kind]}" stroke-width="4" stroke-linejoin="round"/>`;
  });
  const grid = [0, 0.5, 1].map((share) => {
    const level = y + height - height * share;
    return [
      `<line x1="${x}" y1="${level}" x2="${x + width}" y2="${level}" stroke="${LINE}" stroke-width="2"/>`,
      share > 0 ? text(x, level - 8, words.number(Math.round(most * share)), { size: 18, colour: GREY }) : '',
    ].join('');
  });
  const moments = [0, 0.5, 1].map((share) => new Date(startsAt.getTime() + share * steps * stepSeconds * 1000));
  const format = formatFor(steps * stepSeconds);
  const labels = moments.map((moment, index) =>
    text(
      x + (width * index) / 2,
      y + height + 30,
      DateTime.fromJSDate(moment, { zone: words.timezone }).setLocale(words.language).toFormat(format),
      {
        size: 20,
        colour: GREY,
        anchor: (['start', 'middle', 'end'] as const)[index]!,
      },
    ),
  );
  return [...grid, ...lines, ...labels].join('\n');
}

function upTo(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((count) => (sum += count));
}

function formatFor(seconds: number): string {
  if (seconds < 3600) return 'HH:mm:ss';
  return seconds < DAY_SECONDS ? 'HH:mm' : 'd LLL HH:mm';
}
