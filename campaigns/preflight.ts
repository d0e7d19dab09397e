/** The checks before a campaign may start: the draft itself, and everyone in its audience. */
import { createClockCounter, createZoneCounter } from '../audience/clocks';
import type { PlannedDelivery } from '../audience/plan';
import { createPlanner, plannedVariants, type PlannerDependencies } from '../audience/planner';
import { winnerWarnings } from './winner';
import { createMediaChecker, type MediaChecker } from '../clients/media';
import { done, refusalOf, type Refusal, type Result } from '../config/errors';
import type { CampaignVariant } from '../domain/campaign-variants';
import { controlOf } from '../domain/control-group';
import { EXPECTED_OVER_MS, expectedDelivery } from '../domain/country-delivery';
import type { ChainStep } from '../domain/follow-ups';
import { firstLargeGuard } from '../domain/guards';
import type { SkipReason } from '../domain/story/delivery';
import { sendingSeconds } from '../domain/times/finish';
import { UNLIMITED } from '../domain/messaging-limit';
import { maskPhone } from '../domain/phones/phone';
import { isMarketing } from '../domain/opt-outs/suppression';
import type { SendingHours } from '../domain/times/sending-hours';
import type { OptOutWords } from '../domain/opt-outs/opt-out-words';
import { cardMediaOf, fillTemplate, type FilledTemplate, type Template } from '../domain/templates/template';
import type { Store } from '../store/connect';
import { wordsOf } from '../store/contact-meetings';
import { vendorCall, type Catalogue } from './catalogue';
import type { CampaignDraft, FoundPerson, Preflight } from './contract';
import { countryWarnings, watchCountries } from './countries';
import { draftProblems, type LinkDependencies } from './draft-problems';
import { draftFollowUps } from './draft-follow-ups';
import { draftVariants } from './draft-variants';
import { templateCopies } from './draft-senders';
import { hoursOf, type HoursByDefault } from './hours';
import { lookLately, MOST_LOOKED_AT } from './lately';
import { mediaLinkRefusal, mediaRefusal, uploadedElsewhere } from './media';
import { moneyOf, type MoneyDependencies } from './money';
import {
  clockReckoning,
  labelWarnings,
  templateWarnings,
  unclearRefusal,
  unclearValues,
  watchColumns,
  watchNumbers,
} from './warnings';

export interface PreflightDependencies
  extends MoneyDependencies, PlannerDependencies, HoursByDefault, LinkDependencies {
  store: Pick<
    Store,
    | 'campaigns'
    | 'contacts'
    | 'countryOutcomes'
    | 'countryRules'
    | 'lists'
    | 'messaging'
    | 'prices'
    | 'replies'
    | 'senders'
    | 'sent'
    | 'suppressions'
  >;
  catalogue: Catalogue;
  /** The sending Gupshup app. */
  sender: string;
  /** Further ones. */
  alsoFrom: readonly string[];
  /** Of all together. */
  sendsPerSecond: number;
  /** Opt-out words in addition to those understood anyway; default: none. */
  optOutWords?: OptOutWords;
  /** Somebody's first campaign to so many people asks for their number to be typed; default: none does. */
  largeSend?: number;
  /** Checks media links; default: over the network. */
  media?: MediaChecker;
}

const EXAMPLES_A_REASON = 3;
/** A bot session holds them. */
const SAMPLES = 10;
/** Of those that are searched for. */
const MOST_FOUND = 3;
/** Of the campaigns that reached the people lately so many are named: an admin leaves out their people by one button. */
const MOST_CAMPAIGNS = 10;

/** Refuses what no audience could fix: template, parameters, media link, rate, a missing list or stage. */
export async function checkDraft(
  draft: CampaignDraft,
  dependencies: PreflightDependencies,
): Promise<Result<{ template: Template; copies: Copies; variants: CampaignVariant[]; steps: ChainStep[] }>> {
  const { catalogue, sender, alsoFrom } = dependencies;
  const found = await catalogue.template(draft.template, sender);
  if (!found.ok) return found;
  const template = found.value;
  const others = await templateCopies(template, alsoFrom, catalogue, { refresh: false });
  const elsewhere = uploadedElsewhere(draft.mediaUrl, [sender, ...alsoFrom]);
  const { variants, problems } = await draftVariants(draft, template, dependencies);
  const followUps = await draftFollowUps(draft, dependencies);
  const [problem] = [
    ...(await draftProblems(draft, template, dependencies)),
    ...others.problems,
    ...problems,
    ...followUps.problems,
    ...(elsewhere ? [elsewhere] : []),
  ];
  if (problem) return { ok: false, refusal: problem };
  return done({
    template,
    copies: [{ sender, templateId: template.id }, ...others.copies],
    variants,
    steps: followUps.steps,
  });
}

type Copies = Awaited<ReturnType<typeof templateCopies>>['copies'];

/**
 * Reads the whole audience as the campaign would, without storing anything. `person` gets each sendable number;
 * `search`: words of a name, or digits of a number, of people to show.
 */
export async function preflight(
  draft: CampaignDraft,
  dependencies: PreflightDependencies,
  { person, search }: { person?: (phone: string) => void; search?: string } = {},
): Promise<Result<Preflight>> {
  const { store, catalogue, sendsPerSecond } = dependencies;
  const found = await catalogue.template(draft.template, dependencies.sender);
  if (!found.ok) return found;
  const template = found.value;
  const hours = hoursOf(draft, dependencies, template.category);
  const report: Preflight = {
    template,
    total: 0,
    sendable: 0,
    skips: {},
    skipExamples: [],
    samples: [],
    blocking: await draftProblems(draft, template, dependencies),
    warnings: [],
    secondsToSend: 0,
    ...(hours && { hours }),
  };
  report.blocking.push(
    ...(await templateCopies(template, dependencies.alsoFrom, catalogue, { refresh: false })).problems,
  );
  const { variants, problems } = await draftVariants(draft, template, dependencies);
  const followUps = await draftFollowUps(draft, dependencies);
  report.blocking.push(...problems, ...followUps.problems);
  const elsewhere = uploadedElsewhere(draft.mediaUrl, [dependencies.sender, ...dependencies.alsoFrom]);
  if (elsewhere) report.blocking.push(elsewhere);
  if (report.blocking.length > 0) return done(report);
  if (followUps.steps.length > 0)
    report.followUps = followUps.steps.map(({ to, afterMs, content, parameters, mediaUrl }) => ({
      ...{ to, afterMs, content, parameters },
      ...(mediaUrl !== undefined && { mediaUrl }),
    }));
  const messages = messagesOf(draft, template, variants);
  const files = [...messages, ...followUps.steps.map(({ content, mediaUrl }) => ({ template: content, mediaUrl }))];
  for (const { template, mediaUrl } of files) {
    const media = await lookAtMedia(mediaUrl, template, dependencies.media);
    report.blocking.push(...media.problems);
    report.warnings.push(...media.warnings);
  }
  if (variants.length > 0) report.variants = messages.map((one) => ({ template: one.template, people: 0 }));

  const countries = watchCountries(draft.test ? [] : await store.countryRules.all(), template.category);
  const clocks = createClockCounter(hours);
  const zones = isMarketing(template.category) ? createZoneCounter(zoneByDefault(hours, dependencies)) : undefined;
  const phones: string[] = [];
  const seeks = search === undefined ? undefined : seeker(search);
  if (seeks) report.found = [];
  const skip = (reason: SkipReason, origin: string, value: string): void => {
    const count = (report.skips[reason] ?? 0) + 1;
    report.skips[reason] = count;
    if (count <= EXAMPLES_A_REASON) report.skipExamples.push({ reason, origin, value });
  };
  const numbers = watchNumbers();
  const columns = watchColumns([
    ...draft.parameters,
    ...(draft.variants ?? []).flatMap((variant) => variant.parameters),
  ]);
  const unclear = unclearValues();
  const plan = createPlanner(dependencies)(
    {
      ...draft,
      template,
      hours,
      control: draft.test ? undefined : controlOf(draft),
      variants: plannedVariants(draft, variants),
      isTest: draft.test && !draft.single,
    },
    { people: columns.watch, unclear: unclear.add },
  );
  const read = await vendorCall(async () => {
    for await (const batch of plan) {
      for (const planned of batch) {
        report.total++;
        countries.add(planned);
        if (seeks?.(planned) && report.found!.length < MOST_FOUND) report.found!.push(foundPerson(planned, messages));
        if (planned.state === 'skipped') {
          skip(planned.reason, planned.origin, planned.detail ?? planned.original ?? '');
          continue;
        }
        report.sendable++;
        if (planned.otherParams) report.rest = (report.rest ?? 0) + 1;
        else if (report.variants) report.variants[planned.variant ?? 0]!.people++;
        person?.(planned.phone);
        clocks?.add(planned.phone);
        zones?.add(planned.phone);
        if (phones.length < MOST_LOOKED_AT) phones.push(planned.phone);
        numbers.add(planned);
        if (report.samples.length < SAMPLES) {
          report.samples.push({
            ...(planned.name && { name: planned.name }),
            phone: maskPhone(planned.phone),
            message: filled(planned, messages),
            ...(planned.variant !== undefined && { variant: planned.variant }),
          });
        }
      }
    }
  });
  if (!read.ok) return read;
  const asked = unclear.found();
  if (asked.length > 0) report.unclear = asked;
  report.blocking.push(...asked.map(unclearRefusal));
  if (report.sendable === 0 && asked.length === 0) report.blocking.push({ code: 'audience_empty', values: {} });
  if (zones) report.clocks = zones.counts();
  // For an approval the people are read once more: their earlier messages were an admin's to weigh before.
  if (!draft.test && !person) {
    const lately = await lookLately(phones, template, store);
    if (lately.campaigns.length > 0) report.lately = lately.campaigns.slice(0, MOST_CAMPAIGNS);
    if (lately.unread.length > 0) {
      const named = lately.unread.slice(0, MOST_CAMPAIGNS).map((name) => `“${name}”`);
      report.warnings.push({
        code: 'lately_not_all',
        values: { count: lately.unread.length, campaigns: named.join(', ') },
      });
    }
    report.warnings.push(...lately.guards.map(refusalOf), ...(await firstLarge(draft, report.sendable, dependencies)));
  }
  for (const sender of [dependencies.sender, ...dependencies.alsoFrom]) {
    const { trouble } = await store.senders.look(sender);
    if (trouble) report.warnings.push({ code: 'sender_trouble', values: { ...trouble } });
  }
  const { limit, kept: keptForTests } = await store.messaging.rules();
  if (limit !== UNLIMITED) {
    const { used } = await store.messaging.count(limit);
    const kept = draft.test ? 0 : keptForTests;
    report.messagingRoom = { limit, left: Math.max(0, limit - kept - used), ...(kept > 0 && { kept }) };
  }
  const further = followUps.steps.map(({ content }) => content.category);
  const { warnings, ...money } = await moneyOf(countries.counts, template.category, dependencies, further);
  Object.assign(report, money);
  if (report.total > 0) report.warnings.push(...columns.missing());
  const unclearNumbers = numbers.unclear();
  if (unclearNumbers) report.unclearNumbers = unclearNumbers;
  report.warnings.push(...numbers.warnings(), ...labelWarnings(draft.audienceLabel));
  const rate = draft.pace?.ratePerSecond;
  if (rate !== undefined && rate > sendsPerSecond)
    report.warnings.push({ code: 'rate_above_cap', values: { rate, cap: sendsPerSecond } });
  const outcomes = await store.countryOutcomes.since(new Date(Date.now() - EXPECTED_OVER_MS));
  const places = countries.found(expectedDelivery(outcomes));
  if (places.length > 0) report.countries = places;
  report.warnings.push(...countryWarnings(places));
  for (const { template } of messages) report.warnings.push(...templateWarnings(template, dependencies.optOutWords));
  report.warnings.push(...warnings, ...winnerWarnings(report));
  // Of hours that nobody chose it would stand above every marketing campaign.
  const chosen = draft.hours ?? dependencies.hours;
  if (clocks && chosen && report.sendable > 0) report.warnings.push(clockReckoning(clocks));
  report.secondsToSend = sendingSeconds(report.sendable, draft.pace ?? {}, sendsPerSecond);
  const link = mediaLinkRefusal(
    { ...draft, template, hours: hours ?? 'any' },
    { start: new Date(), people: report.sendable },
    dependencies,
  );
  if (link) report.blocking.push(link);
  return done(report);
}

/** Whether somebody is meant by words of their name or at least four digits of their number. */
function seeker(search: string): (planned: PlannedDelivery) => boolean {
  const words = wordsOf(search);
  const digits = search.replace(/\D/g, '');
  return ({ name = '', phone = '', original = '' }) => {
    if (digits.length >= 4) return [phone, original].some((number) => number.replace(/\D/g, '').includes(digits));
    const own = wordsOf(name);
    return words.length > 0 && words.every((word) => own.some((one) => one.startsWith(word)));
  };
}

interface Message {
  template: Template;
  mediaUrl?: string | undefined;
}

/** Of each variant, the campaign's own template first. */
function messagesOf(
  { mediaUrl, variants: asked = [] }: CampaignDraft,
  template: Template,
  variants: readonly CampaignVariant[],
): Message[] {
  const further = variants.map((one, index) => ({ ...one, mediaUrl: asked[index]?.mediaUrl ?? mediaUrl }));
  return [{ template, mediaUrl }, ...further];
}

function filled(
  { params, variant = 0 }: Extract<PlannedDelivery, { state: 'queued' }>,
  messages: readonly Message[],
): FilledTemplate {
  const { template, mediaUrl } = messages[variant]!;
  return fillTemplate(template, params, mediaUrl);
}

function foundPerson(planned: PlannedDelivery, messages: readonly Message[]): FoundPerson {
  const { name, origin } = planned;
  const known = { ...(name && { name }), origin };
  return planned.state === 'skipped'
    ? { ...known, skipped: planned.reason }
    : { ...known, phone: maskPhone(planned.phone), message: filled(planned, messages) };
}

/** The zone of people whose number shows none. */
function zoneByDefault(
  hours: SendingHours | undefined,
  { recipientTimezone, timezone = 'UTC' }: PreflightDependencies,
): string {
  return hours?.recipientTimezone ?? hours?.timezone ?? recipientTimezone ?? timezone;
}

/** Only of people: nobody types a number into a shell. */
async function firstLarge(
  { createdBy }: CampaignDraft,
  people: number,
  { store, largeSend: from = 0 }: PreflightDependencies,
): Promise<Refusal[]> {
  if (createdBy.kind !== 'telegram' || from === 0 || people < from) return [];
  return firstLargeGuard({ people, largest: await store.campaigns.largestOf(createdBy), from }).map(refusalOf);
}

async function lookAtMedia(
  mediaUrl: string | undefined,
  template: Template,
  checker: MediaChecker = createMediaChecker(),
): Promise<{ problems: Refusal[]; warnings: Refusal[] }> {
  const { name, header } = template;
  const cards = cardMediaOf(template);
  if (cards) {
    const looks = await Promise.all(cards.links.map((link) => mediaRefusal(link, cards.type, checker)));
    return {
      problems: looks.flatMap(({ problem }) => (problem ? [problem] : [])),
      warnings: looks.flatMap(({ warning }) => (warning ? [warning] : [])),
    };
  }
  const type = header?.type;
  if (!mediaUrl) return { problems: [], warnings: [] };
  if (type !== 'IMAGE' && type !== 'VIDEO' && type !== 'DOCUMENT') {
    return { problems: [], warnings: [{ code: 'media_not_taken', values: { template: name } }] };
  }
  const { problem, warning } = await mediaRefusal(mediaUrl, type, checker);
  return { problems: problem ? [problem] : [], warnings: warning ? [warning] : [] };
}
