/**
 * Compares a campaign's ledger with the sandbox's own record: the proof that no one was lost and no one got two
 * messages.
 */
import { z } from 'zod';
import { balances } from '../domain/story/ledger';
import { SANDBOX_CREDENTIALS } from '../sandbox/credentials';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

export interface Finding {
  ok: boolean;
  text: string;
}

const messagesSchema = z.array(
  z.looseObject({
    ...{ messageId: z.string(), destination: z.string(), templateId: z.string().optional() },
    ...{ acceptedAt: z.number(), state: z.string() },
  }),
);

/**
 * Compares each delivery. An `unknown` one may or may not be in the sandbox's record, but never twice; everything we
 * count as accepted is there under the same messageId. A message that failed after acceptance reached no one, so
 * another may have followed it. `amongOthers`: other campaigns write to the same people, so only what was made from this
 * one's templates counts.
 */
export async function checkAgainstSandbox(
  store: Pick<Store, 'deliveries' | 'campaigns'>,
  campaignId: string,
  sandboxUrl: string,
  { amongOthers = false } = {},
): Promise<{ ok: boolean; findings: Finding[] }> {
  const campaign = await store.campaigns.find(campaignId);
  const since = amongOthers ? 0 : (campaign?.startedAt?.getTime() ?? 0);
  const book = (await Promise.all(booksOf(campaign).map((path) => readBook(sandboxUrl, path, since)))).flat();
  const own = templatesOf(campaign);
  const messages = amongOthers ? book.filter(({ templateId }) => own.has(templateId)) : book;
  const { ledger } = await store.deliveries.ledger(campaignId);
  const deliveries = await store.deliveries.stream(campaignId).toArray();

  const phones = new Map(
    deliveries.flatMap(({ phone, state }) => (phone && state !== 'skipped' ? [[phone.slice(1), state]] : [])),
  );
  const ours = messages.filter(({ destination }) => phones.has(destination));
  const arriving = ours.filter(({ state }) => state !== 'failed');
  const spared = new Set(
    deliveries.flatMap(({ phone, state }) => (phone && state === 'skipped' ? [phone.slice(1)] : [])),
  );
  const writtenTo = messages.filter(({ destination }) => spared.has(destination)).length;
  const booked = new Set(deliveries.flatMap(({ messageId }) => messageId ?? []));
  const inTheirs = new Set(ours.map(({ messageId }) => messageId));
  const twice = arriving.length - new Set(arriving.map(({ destination }) => destination)).size;
  const notBooked = arriving.filter(
    ({ messageId, destination }) => !booked.has(messageId) && phones.get(destination) !== 'unknown',
  );
  const notTheirs = [...booked].filter((messageId) => !inTheirs.has(messageId));
  const open = ledger.queued + ledger.sending;

  const findings: Finding[] = [
    {
      ok: balances(ledger) && open === 0,
      text: `the ledger balances: ${ledger.total} in the audience, ${open} left open`,
    },
    { ok: twice === 0, text: `nobody got two messages: ${ours.length} accepted by Gupshup, ${twice} of them repeated` },
    {
      ok: notBooked.length === 0,
      text: `nobody is lost: ${notBooked.length} messages at Gupshup that our ledger does not know`,
    },
    {
      ok: writtenTo === 0,
      text: `nobody who was skipped got a message: ${ledger.skipped} skipped, ${spared.size} of them with a number of their own, ${writtenTo} messages`,
    },
    {
      ok: notTheirs.length === 0,
      text: `nothing is made up: ${notTheirs.length} messages in our ledger that Gupshup does not know`,
    },
  ];
  return { ok: findings.every(({ ok }) => ok), findings };
}

/** Where the sandbox keeps what each of the campaign's senders has sent. */
function booksOf(campaign: CampaignDocument | undefined): string[] {
  const apps = campaign?.senders?.map(({ sender }) => sender) ?? [campaign?.sender];
  return apps.map((app) =>
    app === undefined || app === SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME
      ? '/sandbox/gupshup/messages'
      : `/sandbox/gupshup/apps/${app}/messages`,
  );
}

async function readBook(sandboxUrl: string, path: string, since: number): Promise<z.infer<typeof messagesSchema>> {
  const answer = await fetch(new URL(`${path}?since=${since}`, sandboxUrl));
  return messagesSchema.parse(await answer.json());
}

/** The ids of the campaign's templates at each of its senders. */
function templatesOf(campaign: CampaignDocument | undefined): Set<string | undefined> {
  return new Set([
    campaign?.template.id,
    ...(campaign?.senders ?? []).map(({ templateId }) => templateId),
    ...(campaign?.variants ?? []).flatMap(({ template, copies }) => [
      template.id,
      ...copies.map(({ templateId }) => templateId),
    ]),
  ]);
}
