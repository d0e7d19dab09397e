/**
 * The campaign of a chaos run that is watched, to a saved list, some of it bad, as lists are; and some for next week. Some
 * of its people are left out for each reason there is: a control group, those who opted out or never read, rules by
 * country, one that stands before the campaign and one that comes while it runs.
 */
import { nanoid } from 'nanoid';
import type { CampaignServices } from '../campaigns/from-settings';
import { explain, type Result } from '../config/errors';
import type { Person } from '../domain/audience';
import type { SkipReason } from '../domain/story/delivery';
import type { Finding } from '../local/demo-check';
import { ExplainedError } from '../local/servers/errors';
import type { DeliveryDocument } from '../store/documents';

const TEMPLATE = 'order_ready/ru';
/** Every so-manieth person has the number of the one before, or none that is one. */
const DUPLICATE_EVERY = 40;
const INVALID_EVERY = 50;
/** Every so-manieth number is of a country that a rule leaves out: from the beginning, or only once the campaign runs. */
const LEFT_OUT = {
  before: { country: 'KZ', every: 60, at: 30 },
  meanwhile: { country: 'BY', every: 70, at: 10 },
} as const;
/** Every so-manieth person has opted out, or got a message days ago and has not read it. */
const OPTED_OUT = { every: 90, at: 50 };
const SILENT = { every: 80, at: 60 };
const CONTROL_PERCENT = 5;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** Saves a list of `people`, makes a campaign of it and starts it. Answers with its id. */
export async function startCampaign({ store, campaigns }: CampaignServices, people: number): Promise<string> {
  const list = {
    _id: nanoid(),
    name: 'chaos',
    columns: ['phone', 'first_name', 'order'],
    phoneColumn: 'phone',
    count: people,
    createdAt: new Date(),
    createdBy: { kind: 'system' as const },
  };
  await store.lists.create(list, peopleOf(people));
  await before(store, people);
  const { id } = value(
    await campaigns.create({
      name: 'Chaos',
      template: TEMPLATE,
      audience: { kind: 'list', listId: list._id },
      audienceLabel: list.name,
      controlPercent: CONTROL_PERCENT,
      neverReads: { campaigns: 1 },
      parameters: [
        { kind: 'column', column: 'first_name' },
        { kind: 'column', column: 'order' },
      ],
      createdBy: { kind: 'system' },
    }),
  );
  value(await campaigns.start(id));
  return id;
}

/** Campaigns that have nothing to do in the run but to be there at its end. Answers with their ids. */
export async function planForNextWeek({ campaigns }: CampaignServices, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const { id } = value(
      await campaigns.create({
        name: `Next week ${n + 1}`,
        template: 'showroom_invitation',
        audience: { kind: 'phones', phones: [phoneOf(n)] },
        audienceLabel: 'typed in',
        parameters: [],
        createdBy: { kind: 'system' },
      }),
    );
    value(await campaigns.start(id, { at: new Date(Date.now() + WEEK_MS) }));
    ids.push(id);
  }
  return ids;
}

/** What some of them have done before. */
async function before({ suppressions, deliveries }: CampaignServices['store'], people: number): Promise<void> {
  const numbers = (rule: { every: number; at: number }): string[] =>
    Array.from({ length: people }, (_, n) => n).flatMap((n) => (isLeftOut(n, rule) ? [phoneOf(n)] : []));
  const entry = { createdAt: new Date(), createdBy: { kind: 'system' as const } };
  await suppressions.add(
    numbers(OPTED_OUT).map((phone) => ({ ...entry, phone, reason: 'opted_out', scope: 'all' as const })),
  );
  const at = new Date(Date.now() - 2 * DAY_MS);
  await deliveries.keep(
    numbers(SILENT).map((phone, n) => ({
      ...{ _id: `earlier:${n}`, campaignId: 'earlier', n, phone, origin: String(n), params: [], attempts: 1 },
      ...{ state: 'delivered', claimedAt: at, acceptedAt: at, deliveredAt: at },
    })),
  );
}

function peopleOf(count: number): Person[] {
  return Array.from({ length: count }, (_, n) => {
    const number = n % DUPLICATE_EVERY === DUPLICATE_EVERY - 1 ? n - 1 : n;
    const phone = n % INVALID_EVERY === INVALID_EVERY - 1 ? 'no number' : phoneOf(number);
    return { phones: [phone], columns: { phone, first_name: `Guest ${n}`, order: String(n) }, origin: String(n + 2) };
  });
}

/** Leaves out the numbers of one of the countries, as an admin does. */
export async function leaveOut({ store }: Pick<CampaignServices, 'store'>, when: keyof typeof LEFT_OUT): Promise<void> {
  const { country } = LEFT_OUT[when];
  await store.countryRules.set({ country, category: '*', action: 'skip', consent: false }, { kind: 'system' });
}

/** What became of those whom the rules leave out. */
export function leftOutFindings(deliveries: readonly DeliveryDocument[], people: number): Finding[] {
  const of = ({ country }: { country: string }): DeliveryDocument[] =>
    deliveries.filter(({ skipReason, detail }) => skipReason === 'country_rule' && detail === country);
  const [first, meanwhile] = [of(LEFT_OUT.before).length, of(LEFT_OUT.meanwhile).length];
  const { every, at } = LEFT_OUT.before;
  const all = Math.ceil((people - at) / every);
  return [
    {
      ok: first === all && meanwhile > 0,
      text: `rules by country leave out whom they should: ${first} of ${all} from the beginning, ${meanwhile} since one came while it ran`,
    },
  ];
}

/** Why nobody of some people got the message, in all campaigns together: each of the reasons must be among them. */
export function skipFindings(skips: Readonly<Partial<Record<SkipReason, number>>>): Finding[] {
  const missing = REASONS.filter((reason) => !skips[reason]);
  const counts = Object.entries(skips).map(([reason, count]) => `${reason} ${count}`);
  return [{ ok: missing.length === 0, text: `people are skipped for every reason asked for: ${counts.join(', ')}` }];
}

const REASONS: readonly SkipReason[] = ['duplicate', 'invalid_phone', 'control', 'never_reads', 'opted_out', 'country_rule', 'acted']; // prettier-ignore

const isLeftOut = (n: number, { every, at }: { every: number; at: number }): boolean => n % every === at;

/** None ends in 9xx, which would make the sandbox do something of its own. */
function phoneOf(n: number): string {
  const code = isLeftOut(n, LEFT_OUT.before) ? '+7701' : isLeftOut(n, LEFT_OUT.meanwhile) ? '+37529' : '+7926';
  return `${code}${1000 + Math.floor(n / 900)}${String(n % 900).padStart(3, '0')}`;
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new ExplainedError(explain(result.refusal, 'en'));
  return result.value;
}
