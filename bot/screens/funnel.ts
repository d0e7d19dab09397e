/** The funnel of the CRM at a moment: its pipelines, and one of them with its stages. Pure: a snapshot in, a screen out. */
import type { FunnelView } from '../../campaigns/funnel';
import { buttonData } from '../../clients/telegram-buttons';
import { numberText, wholeMoneyText } from '../../config/formats';
import type { FunnelCount, FunnelPipeline } from '../../domain/funnel';
import { pageOf, pagerRow, rowsOf, type Button, type Screen } from '../screen';
import { shorten, type Texts } from '../texts';

const PAGE_SIZE = 10;
/** Stages beyond it are counted in their pipeline only: the message would be too long. */
const SHOWN_STAGES = 25;

/** Squares that come nearest to the colours of stages. */
const SQUARES: readonly [sign: string, red: number, green: number, blue: number][] = [
  ['🟥', 220, 50, 47],
  ['🟧', 255, 165, 60],
  ['🟨', 255, 235, 120],
  ['🟩', 120, 200, 100],
  ['🟦', 100, 160, 240],
  ['🟪', 180, 130, 220],
  ['🟫', 150, 100, 70],
  ['⬜️', 235, 235, 235],
];

export function renderFunnel(view: FunnelView, wanted: number, texts: Texts): Screen {
  const { funnel, change } = view;
  const page = pageOf(funnel.pipelines, wanted, PAGE_SIZE);
  const lines = page.items.map((pipeline) =>
    texts.html('funnel.pipeline', {
      name: shorten(pipeline.name, 60),
      counts: countsText(pipeline, change?.pipeline(pipeline.id), funnel.currency, texts),
    }),
  );
  const open = page.items.map(({ id, name }) => ({
    text: shorten(name, 30),
    data: buttonData('funnel', 'open', id),
  }));
  return {
    html: [
      titleOf(view, texts),
      ...lines,
      texts.html('funnel.whole', { counts: countsText(funnel, change?.whole, funnel.currency, texts) }),
    ].join('\n\n'),
    keyboard: [
      ...rowsOf(open, 2),
      ...pagerRow(page, (number) => buttonData('funnel', 'list', number)),
      [refreshButton(texts)],
    ],
  };
}

export function renderPipeline(view: FunnelView, pipeline: FunnelPipeline, texts: Texts): Screen {
  const { funnel, change } = view;
  const stages = pipeline.stages.slice(0, SHOWN_STAGES);
  const lines = stages.map((stage) =>
    texts.html('funnel.stage', {
      sign: squareOf(stage.color),
      name: shorten(stage.name, 40),
      counts: countsText(stage, change?.stage(pipeline.id, stage.id), funnel.currency, texts, 'bare'),
    }),
  );
  const reachable = stages.filter(({ people }) => people > 0);
  const send = reachable.map(({ id, name, people }) => ({
    text: texts.plain('funnel.send', { name: shorten(name, 24), count: people }),
    data: buttonData('funnel', 'send', pipeline.id, id),
  }));
  return {
    html: [
      titleOf(view, texts),
      texts.html('funnel.pipeline', {
        name: shorten(pipeline.name, 60),
        counts: countsText(pipeline, change?.pipeline(pipeline.id), funnel.currency, texts),
      }),
      lines.join('\n'),
      ...(send.length > 0 ? [texts.html('funnel.howToSend')] : []),
    ].join('\n\n'),
    keyboard: [
      ...rowsOf(send, 2),
      [refreshButton(texts, pipeline.id)],
      [{ text: texts.plain('funnel.back'), data: buttonData('funnel', 'list', 0) }],
    ],
  };
}

function titleOf({ funnel, change }: FunnelView, texts: Texts): string {
  const title = texts.html('funnel.title', { at: texts.time(funnel.takenAt) });
  return change ? `${title}\n${texts.html('funnel.since', { at: texts.time(change.since) })}` : title;
}

function refreshButton(texts: Texts, pipelineId?: number): Button {
  return {
    text: texts.plain('buttons.refresh'),
    data: buttonData('funnel', 'take', ...(pipelineId === undefined ? [] : [pipelineId])),
  };
}

/** `120 leads (+3) · 1 200 000 ₽ · 👤 98 (−2)`; in a list of stages the word goes without saying. */
function countsText(
  count: FunnelCount,
  by: FunnelCount | undefined,
  currency: string,
  texts: Texts,
  leads: 'named' | 'bare' = 'named',
): string {
  const changed = (text: string, key: keyof FunnelCount): string => {
    const change = Math.round(by?.[key] ?? 0);
    if (change === 0) return text;
    return `${text} (${change > 0 ? '+' : '−'}${numberText(Math.abs(change), texts.language)})`;
  };
  return [
    changed(
      leads === 'named' ? texts.plain('funnel.leads', { count: count.leads }) : numberText(count.leads, texts.language),
      'leads',
    ),
    ...(count.sum === 0 && !by?.sum ? [] : [changed(sumText(count.sum, currency, texts), 'sum')]),
    changed(texts.plain('funnel.people', { count: count.people }), 'people'),
  ].join(' · ');
}

function sumText(value: number, currency: string, texts: Texts): string {
  if (!/^[A-Z]{3}$/.test(currency)) return numberText(value, texts.language);
  return wholeMoneyText(value, currency, texts.language);
}

function squareOf(color: string | undefined): string {
  const [, red, green, blue] = /^#(..)(..)(..)$/.exec(color ?? '') ?? [];
  if (!red || !green || !blue) return '▫️';
  const [r, g, b] = [red, green, blue].map((part) => parseInt(part, 16)) as [number, number, number];
  const distance = ([, x, y, z]: (typeof SQUARES)[number]): number => (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2;
  return SQUARES.reduce((nearest, one) => (distance(one) < distance(nearest) ? one : nearest))[0];
}
