/** What became of a campaign's replies, in a line. */
import { spanText } from '../config/spec-text';
import { REPLY_EFFECTS, type EffectCounts } from '../domain/reply-orders';
import type { ReportData } from './data';
import type { Words } from './words';

/** Undefined when there were none to deal with. */
export function repliesText(
  { replies, replyEffects }: Pick<ReportData, 'replies' | 'replyEffects'>,
  { t, language }: Words,
): string | undefined {
  if (!replies) return undefined;
  const { medianSeconds, ...counts } = replies;
  const span = medianSeconds !== undefined && spanText(medianSeconds, language);
  return [
    t('repliesLine.counts', { ...counts }),
    ...(span ? [t('repliesLine.median', { span })] : []),
    ...(replyEffects ? [effectsText(replyEffects, t)] : []),
  ].join(' ');
}

/** What is written by kind; what is not, together. */
function effectsText(effects: EffectCounts, t: Words['t']): string {
  const written = REPLY_EFFECTS.flatMap((effect) =>
    effects[effect] ? [t(`repliesLine.crm.${effect}`, { n: effects[effect].written ?? 0 })] : [],
  );
  const others = (['begun', 'refused', 'left', 'unknown'] as const).flatMap((state) => {
    const n = REPLY_EFFECTS.reduce((sum, effect) => sum + (effects[effect]?.[state] ?? 0), 0);
    return n > 0 ? [t(`repliesLine.crm.${state}`, { n })] : [];
  });
  return t('repliesLine.crm.line', { what: [...written, ...others].join(', ') });
}
