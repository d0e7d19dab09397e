/** What a buyer cost: who was won by a follow-up counts for its campaign, so what the follow-ups cost counts there too. */
import { costsTogether } from '../domain/cost';
import { costOfStep } from './cost-per';
import type { ReportData } from './data';

/**
 * The report with the cost of each reading of its leads, and of a buyer at the latest: what the campaign cost, and those of
 * its `followUps` that had begun when the leads were read. The report as it is where no leads were read, or no cost is
 * known.
 */
export function withFollowUpCosts(report: ReportData, followUps: readonly ReportData[]): ReportData {
  const { results, cost, costPer = [] } = report;
  if (!results || !cost) return report;
  const readings = results.readings.map((reading) => {
    const begun = followUps.filter(({ campaign: { startedAt } }) => startedAt && startedAt <= reading.readAt);
    const spent = costsTogether([cost.spent, ...begun.map((one) => one.cost?.spent)]);
    return { ...reading, ...(spent && { spent }), ...(begun.length > 0 && { followUps: begun.length }) };
  });
  const latest = readings.at(-1);
  const won = latest?.spent ? costOfStep('won', latest.written.won, latest.spent) : [];
  return {
    ...report,
    results: { ...results, readings },
    costPer: [
      ...costPer.filter(({ step }) => step !== 'won'),
      ...won.map((one) => ({ ...one, ...(latest?.followUps && { followUps: latest.followUps }) })),
    ],
  };
}
