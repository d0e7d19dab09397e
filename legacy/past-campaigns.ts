/** Turns logged messages into ended campaigns, one for each template and day, so that reports can be made. */
import { policyFor } from '../domain/error-policy';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import type { FoundSend } from './finds';
import { idOf } from './words';
import { dayText } from './time';

export interface PastCampaign {
  campaign: CampaignDocument;
  /** Numbered from 0; one for each phone. */
  deliveries: DeliveryDocument[];
}

const NO_TEMPLATE = 'unknown';

/**
 * Groups by campaign or template, and by day. A second message to the same number starts a second campaign of that day.
 * Messages without a day count as created `now` and never started. A failed number that also appears in a log of
 * deliveries is counted once.
 */
export function pastCampaigns(sends: readonly FoundSend[], timezone: string, now: Date): PastCampaign[] {
  const groups = new Map<string, { key: string[]; sends: FoundSend[] }>();
  const waves = new Map<string, number>();
  for (const send of withoutRepeats(sends, timezone)) {
    const { campaign = '', template = NO_TEMPLATE, phone } = send;
    const base = [campaign, template, send.at ? dayText(send.at, timezone) : ''];
    const wave = (waves.get([...base, phone].join('\n')) ?? 0) + 1;
    waves.set([...base, phone].join('\n'), wave);
    const key = [...base, String(wave)];
    const group = groups.get(key.join('\n')) ?? { key, sends: [] };
    group.sends.push(send);
    groups.set(key.join('\n'), group);
  }
  return [...groups.values()].map(({ key, sends: members }) => campaignOf(key, members, now));
}

/** Failed numbers also have their own file, mostly without times, besides their line in the log of deliveries. */
function withoutRepeats(sends: readonly FoundSend[], timezone: string): FoundSend[] {
  const inOrder = sends.toSorted((a, b) => Number(isVague(a)) - Number(isVague(b)) || timeOf(a) - timeOf(b));
  const byPhone = new Map<string, FoundSend[]>();
  return inOrder.filter((send) => {
    const others = byPhone.get(send.phone) ?? [];
    const twin = isVague(send) && others.find((other) => isTwin(send, other, timezone));
    if (twin) return false;
    byPhone.set(send.phone, [...others, send]);
    return true;
  });
}

function isVague({ at, dayOnly }: FoundSend): boolean {
  return at === undefined || dayOnly === true;
}

function isTwin(vague: FoundSend, known: FoundSend, timezone: string): boolean {
  const didFail = (send: FoundSend): boolean => send.state === 'failed' || send.state === 'unknown';
  const sameDay = !vague.at || !known.at || dayText(vague.at, timezone) === dayText(known.at, timezone);
  const sameTemplate = !vague.template || !known.template || vague.template === known.template;
  return didFail(vague) && didFail(known) && sameDay && sameTemplate;
}

const timeOf = ({ at }: FoundSend): number => at?.getTime() ?? 0;

function campaignOf(
  [campaign = '', template = '', day = '', wave = '']: string[],
  sends: FoundSend[],
  now: Date,
): PastCampaign {
  const id = idOf('past', campaign, template, day, wave);
  const times = sends.flatMap(({ at }) => (at ? [at.getTime()] : []));
  const [first, last] = times.length > 0 ? [new Date(Math.min(...times)), new Date(Math.max(...times))] : [];
  const title = [campaign || template, day, wave === '1' ? '' : `(${wave})`].filter(Boolean).join(' ');
  return {
    campaign: {
      _id: id,
      spec: {
        name: `${title} [import]`,
        template,
        audience: { kind: 'list', listId: '' },
        audienceLabel: [...new Set(sends.map(({ file }) => file))].join(', '),
        parameters: [],
      },
      test: false,
      state: 'completed',
      stateChangedAt: last ?? now,
      // Only its name is known; a retry looks it up by that.
      template: {
        ...{ id: template, name: template, language: '-', category: 'UNKNOWN', type: 'TEXT' },
        ...{ status: 'APPROVED', quality: 'UNKNOWN', body: '', buttons: [] },
      },
      sender: '-',
      createdBy: { kind: 'system' },
      createdAt: first ?? now,
      ...(first && { startedAt: first }),
      ...(last && { endedAt: last }),
      watchers: [],
    },
    deliveries: sends.map((send, n) => deliveryOf(id, n, send)),
  };
}

function deliveryOf(campaignId: string, n: number, send: FoundSend): DeliveryDocument {
  const { phone, original, at, name, state, messageId, code, detail, line } = send;
  const failed = state === 'failed';
  return {
    _id: `${campaignId}:${n}`,
    campaignId,
    n,
    state,
    phone,
    original,
    origin: String(line),
    params: [],
    attempts: 1,
    ...(name && { name }),
    ...(messageId && { messageId }),
    ...(code && { code }),
    ...(failed && { family: policyFor(code ?? 'none').family }),
    ...(detail && { detail }),
    ...(at && { claimedAt: at, ...(failed ? { failedAt: at } : state === 'unknown' ? {} : { acceptedAt: at }) }),
  };
}
