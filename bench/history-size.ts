/** Measures what a campaign adds to Temporal's history: events, bytes and billed actions per contact, and its longest run. */
import { campaignWorkflowId } from '../workflows/messages';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { addActions, allActions } from './actions';
import type { Figure } from './figures';
import { readRuns } from './runs';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf } from './site';

/** From here on Temporal suggests to continue as new. */
const MOST_EVENTS = 4_096;
/** Beyond its time at the cap, a campaign is prepared and settled (ms). */
const MORE_MS = 90_000;

export async function measureHistory(
  scope: Scope,
  servers: BenchServers,
  { contacts, perSecond }: { contacts: number; perSecond: number },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: perSecond, workers: 1 });
  const { store, temporal } = site.services;
  const id = await site.campaignTo(peopleOf(ordinaryPhones(contacts)));
  await site.begin(id);
  await scope.until(async () => (await store.campaigns.find(id))?.state === 'completed', {
    what: 'the campaign to complete',
    // A machine with other work gets to half of the cap and less.
    limitMs: 4 * (contacts / perSecond) * 1000 + MORE_MS,
    everyMs: 500,
  });
  const runs = await readRuns(temporal, campaignWorkflowId(id));
  const events = runs.reduce((sum, run) => sum + run.events, 0);
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const actions = addActions(runs.map((run) => run.actions));
  const { starts, activities, timers, messages, searchAttributes } = actions;
  const longest = Math.max(...runs.map((run) => run.events));
  return [
    {
      figure: `history of ${contacts} contacts at ${perSecond} a second`,
      measured: `${(events / contacts).toFixed(2)} events and ${(bytes / contacts).toFixed(0)} bytes a contact`,
    },
    {
      figure: 'the same in actions of Temporal Cloud',
      measured: `${allActions(actions)} or ${(allActions(actions) / contacts).toFixed(3)} a contact: ${activities} activities, ${timers} timers, ${searchAttributes} search attributes, ${messages} signals and updates, ${starts} starts`,
    },
    {
      figure: 'longest of its runs',
      measured: `${longest} events (${runs.length} runs)`,
      ratio: { value: longest / MOST_EVENTS, of: `the ${MOST_EVENTS} events that Temporal suggests` },
      wanted: { text: '≤ 1', met: longest <= MOST_EVENTS },
    },
  ];
}
