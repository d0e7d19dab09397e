/** Several campaigns by template and by day, and one by its senders, counted in the same pass as everything else. */
import { emptyLedger, notTriedCount, type Ledger } from '../domain/story/ledger';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import type { ReportGroup } from './data';
import { wallClock } from './wall-clock';

export interface GroupTally {
  add(delivery: DeliveryDocument, campaign: CampaignDocument): void;
  addReplied(campaign: CampaignDocument, count: number): void;
  outcome(): { byTemplate: ReportGroup[]; byDay: ReportGroup[] };
}

/** Days are those of the zone. */
export function createGroupTally(timezone: string): GroupTally {
  const clock = wallClock(timezone);
  const templates = new Map<string, Ledger>();
  const days = new Map<string, Ledger>();
  const replied = new Map<string, number>();

  return {
    add: (delivery, { template, startedAt, createdAt }) => {
      count(templates, template.name, delivery);
      const at = delivery.claimedAt ?? delivery.acceptedAt ?? startedAt ?? createdAt;
      count(days, clock(at).toISOString().slice(0, 'YYYY-MM-DD'.length), delivery);
    },
    addReplied: ({ template: { name } }, people) => void replied.set(name, (replied.get(name) ?? 0) + people),
    outcome: () => ({
      byTemplate: groupsOf(templates)
        .map((group) => ({ ...group, replied: replied.get(group.key) ?? 0 }))
        .sort((a, b) => b.tried - a.tried || a.key.localeCompare(b.key)),
      byDay: groupsOf(days).sort((a, b) => a.key.localeCompare(b.key)),
    }),
  };
}

/** One campaign by the sender that had each delivery last; those that no sender has had are in none. */
export function createSenderTally(): { add(delivery: DeliveryDocument): void; outcome(): ReportGroup[] } {
  const senders = new Map<string, Ledger>();
  return {
    add: (delivery) => {
      if (delivery.sender !== undefined) count(senders, delivery.sender, delivery);
    },
    outcome: () => groupsOf(senders).sort((a, b) => b.tried - a.tried || a.key.localeCompare(b.key)),
  };
}

function count(groups: Map<string, Ledger>, key: string, { state }: DeliveryDocument): void {
  const ledger = groups.get(key) ?? emptyLedger();
  ledger.total += 1;
  ledger[state] += 1;
  groups.set(key, ledger);
}

function groupsOf(ledgers: ReadonlyMap<string, Ledger>): ReportGroup[] {
  return [...ledgers].map(([key, ledger]) => ({ key, ledger, tried: ledger.total - notTriedCount(ledger) }));
}
