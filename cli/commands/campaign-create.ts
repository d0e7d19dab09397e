/** `campaign create`: builds a campaign, checks it, and starts it on request. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Preflight } from '../../campaigns/contract';
import { explain, type Result } from '../../config/errors';
import type { AudienceSource, ParameterSource } from '../../domain/audience';
import { countryMeant, isCountry } from '../../domain/country-rules';
import { DEFAULT_LATE_START, LATE_POLICIES, type LatePolicy } from '../../domain/story/late-start';
import { finishOfSending } from '../../domain/times/finish';
import { MAX_NOTE_CHARACTERS, type CampaignSpec } from '../../domain/campaign-spec';
import { readResultDays } from '../../domain/results';
import type { LaterWaves } from '../../domain/later-waves';
import type { CommandContext } from '../answer';
import { addAudienceOptions, checkAudienceOptions, chooseAudience, type AudienceOptions } from '../audience';
import { chooseControl, type ControlOptions } from '../control';
import { CommandRefused, valueOf, WrongUsage } from '../errors';
import { chooseFollowUps, type FollowUpOptions } from '../follow-ups';
import { duration, positiveNumber, wholeNumber } from '../numbers';
import { parseParameters } from '../parameters';
import { blockedText, preflightDocument, preflightText } from '../preflight';
import type { Services } from '../services';
import { chooseMedia, MEDIA_HELP } from '../media';
import { optionTexts } from '../status';
import { parseFutureMoment } from '../time';
import { chooseHours, type HoursOptions } from '../hours';
import { addOnReplyOptions, chooseOnReply, type OnReplyOptions } from '../on-reply';
import { chooseVariants, type VariantOptions } from '../variants';
import { addWinnerOptions, chooseWinner, type WinnerOptions } from '../winner';

interface CreateOptions
  extends
    AudienceOptions,
    ControlOptions,
    FollowUpOptions,
    HoursOptions,
    OnReplyOptions,
    VariantOptions,
    WinnerOptions {
  name: string;
  template: string;
  sender?: string[];
  param?: string[];
  media?: string;
  at?: string;
  rate?: number;
  spread?: number;
  waves?: number;
  wavesUntil?: string;
  withoutCountries?: string[];
  skipUnread?: number;
  canary?: number;
  canaryWait?: number;
  canaryAsk?: true;
  start?: true;
  check?: true;
  late?: LatePolicy;
  note?: string;
  repliesTo?: number[];
  results?: number[];
}

const EXAMPLES = `
Examples:
  bobcofer campaign create --name "Autumn" --template promo_autumn --contacts clients.csv --param 1=column:name --start
  bobcofer campaign create --name "Offer" --template offer --crm "Sales:Offer sent" --param 1=column:first_name 2=text:Friday
  bobcofer campaign create --name "Later" --template promo_autumn --list guests --at 2026-12-01T10:00 --rate 5
  bobcofer campaign create --name "Calm" --template offer --list guests --spread 4h --waves 2 --start
  bobcofer campaign create --name "Careful" --template offer --list guests --canary 100 --canary-wait 30m --start
  bobcofer campaign create --name "Both" --template offer --list guests --sender ShopOne ShopTwo --start
  bobcofer campaign create --name "A or B" --template offer --variant offer_short=30 --list guests --start
  bobcofer campaign create --name "Best" --template offer --variant offer_short --list guests --test 20 --winner-after 4h --start
  bobcofer campaign create --name "Tenth" --template offer --list guests --control 10 --start
  bobcofer campaign create --name "Chain" --template offer --list guests --follow-up 3d:not_read:offer_short --start
  bobcofer campaign create --name "Worth it?" --template offer --crm "Sales:Offer sent" --control 10 --results 1,7,30 --start
  bobcofer campaign create --name "Answers" --template offer --crm "Sales:Offer sent" --reply-note --reply-move "Sales:Talks" --start
  bobcofer campaign create --name "By day" --template offer --list guests --hours 09:00-20:00 --days 1-5 --start

Audiences: sources of all kinds combine and may be repeated; each number gets one message. --crm-tag, --crm-responsible,
the dates and --crm-field narrow every --crm; without --crm they apply to all stages.
  bobcofer campaign create --name "VIP" --template offer --crm Sales --crm-tag vip --crm-created-from 2026-01-01
  bobcofer campaign create --name "City" --template offer --crm-field City=Omsk --crm-responsible "Anna Petrova" --all-numbers
  bobcofer campaign create --name "All" --template offer --list guests --contacts new.csv --phones "8 900 123-45-67"
  bobcofer campaign create --name "Again" --template offer2 --outcome 7k2m9xpa:unread --exclude-campaign 3hd8k2aa
  bobcofer campaign create --name "Rest" --template offer --list guests --exclude-list staff --exclude-crm "Sales:Won"

Parameters are numbered from 1. Columns: from a file, its own; from the CRM, name, first_name, lead_name, lead_price and
custom fields; from an earlier campaign, name and its parameters p1, p2 ….
Transformations follow a column after |, several in order: first_name, title_case, upper, date (1 December 2026),
date_short, money or money:RUB, formatted for the template's language; fallback:WORDS replaces an empty or unreadable
value. For values with two readings, add date:day_first or date:month_first (05/06/2026), or money:RUB:dot or
money:RUB:comma for the decimal mark (1.049).
  --param "1=column:name|first_name|fallback:friend" "2=column:lead_price|money:RUB" "3=column:Visit|date" "4=text:orders/7"
Button parameters come last: a link's suffix, then a code to copy. link: makes the suffix a code for each person, whose
clicks are counted; the template's button must be LINKS_URL/{{1}}.
  --param "1=column:name" "2=link:https://shop.example/sale"`;

function telegramIds(text: string, before: number[] = []): number[] {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new InvalidArgumentError('--replies-to: expected Telegram ids of the team.');
  return [...before, Number(text)];
}

function countryCodes(text: string, before: string[] = []): string[] {
  const country = countryMeant(text);
  if (country === undefined || !isCountry(country))
    throw new InvalidArgumentError('--without-countries: expected countries such as RU or Kazakhstan.');
  return [...before, country];
}

function resultDays(text: string): number[] {
  const days = text === 'none' ? [] : readResultDays(text);
  if (!days) throw new InvalidArgumentError('--results: expected ascending days such as 1,7,30, or none.');
  return days;
}

export function addCampaignCreate(campaign: Command, { terminal, services, action }: CommandContext): void {
  const create = campaign
    .command('create')
    .description('create a campaign as a draft; with --start or --at also start it')
    .requiredOption('--name <name>', 'campaign name')
    .requiredOption('--template <template>', 'template name, name/language, or Gupshup id')
    .option(
      '--sender <app...>',
      'the Gupshup app that sends (default: the default sender); several that have the same template send together',
    );
  addAudienceOptions(create).optionsGroup('What it says:');
  addWinnerOptions(create)
    .option(
      '--param <position=source...>',
      'parameter values: 1=column:NAME, 1=column:NAME|first_name|fallback:friend, 1=text:WORDS',
    )
    .option(
      '--variant <template...>',
      'further templates, up to 3, each for a part of the people, to see which does better: TEMPLATE or TEMPLATE=PERCENT',
    )
    .option(
      '--variant-param <position=source...>',
      'parameters of a variant: B1=column:NAME for the first --variant, C1=… for the second (default: as --param)',
    )
    .option(
      '--follow-up <time:whom:template...>',
      'then another message to those who did not react, up to 5: 3d:not_read:TEMPLATE; also not_replied, not_clicked',
    )
    .option(
      '--follow-up-param <step.position=source...>',
      'parameters of a follow-up: 1.1=column:NAME for the first --follow-up; columns: name, p1, p2 … (default: p1, p2 …)',
    )
    .option('--follow-up-media <step=url...>', "https link to the file in a follow-up's header")
    .option('--media <link-or-file>', MEDIA_HELP)
    .option(
      '--note <text>',
      `note for colleagues, up to ${MAX_NOTE_CHARACTERS} characters, shown with the campaign and in its report`,
    )
    .option(
      '--control <percent>',
      'control group: so many percent of the people, 1 to 50, get nothing, to be compared with the others',
      wholeNumber('--control'),
    )
    .option('--control-as <campaign>', 'hold back the same people as that campaign did (default for both: nobody)')
    .option(
      '--replies-to <telegramId...>',
      'who on the team hears of replies, unless somebody there is responsible for the lead',
      telegramIds,
    )
    .option(
      '--results <days>',
      'read its leads in amoCRM again so many days after its end, such as 1,7,30; "none" = not (default: RESULTS_DAYS)',
      resultDays,
    );
  addOnReplyOptions(create)
    .optionsGroup('When and how fast:')
    .option('--at <time>', 'start time: ISO 8601, with a zone or in DEFAULT_TIMEZONE')
    .option('--rate <n>', 'maximum messages per second', positiveNumber('--rate'))
    .option(
      '--spread <time>',
      'send evenly over this much time, such as 4h; closed hours do not count',
      duration('--spread'),
    )
    .option(
      '--waves <n>',
      'how many times to resend, on later days, messages that WhatsApp withholds (131049)',
      wholeNumber('--waves'),
    )
    .option('--waves-until <time>', 'no later wave after this time: ISO 8601')
    .option(
      '--skip-unread <n>',
      'leave out those who have read none of the last n messages that reached them',
      wholeNumber('--skip-unread'),
    )
    .option(
      '--without-countries <country...>',
      'leave out numbers of these countries, by code or name (rules for all campaigns: bobcofer rules)',
      countryCodes,
    )
    .option('--canary <n>', 'send to the first n people only, watch them, then go on', wholeNumber('--canary'))
    .option('--canary-wait <time>', 'how long to watch them, such as 30m (default: 1h)', duration('--canary-wait'))
    .option('--canary-ask', 'then ask an admin in any case (default: only if something is wrong)')
    .addOption(new Option('--start', 'start now').conflicts('at'))
    .addOption(
      new Option('--check', 'only show what would happen, without creating a campaign').conflicts(['start', 'at']),
    )
    .option('--hours <from-to>', 'sending hours, such as 09:00-20:00; "any" = at any time (default: SENDING_HOURS)')
    .option('--days <days>', 'sending days, 1 = Monday, such as 1-5,7 (default: SENDING_DAYS)')
    .option('--timezone <zone>', 'time zone of the hours and days (default: DEFAULT_TIMEZONE)')
    .option('--recipient-hours', "apply the hours in each recipient's local time, derived from the number")
    .addOption(
      new Option('--late <policy>', `what to do if it cannot start within an hour of --at (default: ${LATE})`).choices(
        LATE_POLICIES,
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(
      action(async (options: CreateOptions) => {
        checkAudienceOptions(options);
        if (options.late !== undefined && options.at === undefined)
          throw new WrongUsage('--late: expected --at with it');
        const parameters = parseParameters(options.param ?? []);
        const variants = chooseVariants(options, parameters);
        const { speech } = services;
        const { t } = speech;
        const zone = services.common().DEFAULT_TIMEZONE;
        const at = options.at === undefined ? undefined : parseFutureMoment('--at', options.at, zone, new Date());
        const hours = chooseHours(options, services.common());
        const laterWaves = chooseWaves(options, zone);
        const control = await chooseControl(options, services);
        const onReply = await chooseOnReply(options, services);
        const followUps = await chooseFollowUps(options, async (name) => (await services.catalogue()).template(name));
        terminal.doing('Reading the audience and checking everyone in it');
        const campaigns = await services.campaigns();
        const media = await chooseMedia(
          options.media,
          { template: options.template, sender: options.sender?.[0] },
          services,
        );
        const { understood, forget, ...audience } = await chooseAudience(options, { services, terminal });
        let isCreated = false;
        try {
          const files = understood.length > 0 ? { understood } : {};
          const spec: CampaignSpec = {
            name: options.name,
            template: options.template,
            ...chooseSenders(options.sender),
            ...audience,
            parameters,
            ...(media && { mediaUrl: media.mediaUrl }),
            ...((options.rate || options.spread) && {
              pace: {
                ...(options.rate && { ratePerSecond: options.rate }),
                ...(options.spread && { spreadMs: options.spread }),
              },
            }),
            ...(hours && { hours }),
            ...(laterWaves && { laterWaves }),
            ...variants,
            ...chooseWinner(options),
            ...control,
            ...(options.skipUnread !== undefined && { neverReads: { campaigns: options.skipUnread } }),
            ...(options.withoutCountries && { withoutCountries: options.withoutCountries }),
            ...chooseCanary(options),
            ...followUps,
            lateStart: { ...DEFAULT_LATE_START, policy: options.late ?? LATE },
            ...(options.note !== undefined && { note: options.note }),
            ...(options.repliesTo && { repliesTo: options.repliesTo }),
            ...(options.results && { results: { days: options.results } }),
            ...onReply,
          };
          const draft = { ...spec, createdBy: { kind: 'cli' as const } };
          const begin = at ?? new Date();
          const preflight = passed(await campaigns.preflight(draft), draft);
          const end = finishOfSending(begin, preflight.secondsToSend, preflight.hours);
          const found = [
            preflightText(preflight, draft.audience, begin, speech),
            ...optionTexts({ ...spec, hours: preflight.hours ?? 'any' }, zone, speech.language),
            ...(spec.pace?.spreadMs && end ? [t('it ends at about {{at}}', { at: services.showTime(end) })] : []),
          ].join('\n');
          if (options.check)
            return { json: { name: draft.name, ...files, ...preflightDocument(preflight, begin) }, text: found };
          // Not before all else is right: what Gupshup has taken it keeps.
          const { id } = valueOf(await campaigns.create({ ...draft, ...(media && { mediaUrl: await media.ready() }) }));
          isCreated = true;
          const { state, scheduledAt } =
            options.start || at ? started(id, await campaigns.start(id, at ? { at } : {})) : DRAFT;
          return {
            json: {
              id,
              state,
              name: draft.name,
              ...(scheduledAt && { scheduledAt }),
              ...files,
              ...preflightDocument(preflight, begin),
            },
            text: [
              createdText({ id, name: draft.name, state, scheduledAt }, services),
              found,
              t(state === 'draft' ? 'Start it with: campaign start {{id}}' : 'Watch it with: campaign wait {{id}}', {
                id,
              }),
            ].join('\n'),
          };
        } finally {
          // What was only looked at, or refused, leaves no list.
          if (!isCreated) await forget();
        }
      }),
    );
}

const LATE: LatePolicy = 'ask';

function chooseSenders([sender, ...alsoFrom]: readonly string[] = []): Pick<CampaignSpec, 'sender' | 'alsoFrom'> {
  return { ...(sender !== undefined && { sender }), ...(alsoFrom.length > 0 && { alsoFrom }) };
}

const CANARY_WAIT_MS = 3_600_000;

function chooseCanary({ canary: people, canaryWait, canaryAsk }: CreateOptions): Pick<CampaignSpec, 'canary'> {
  if (people !== undefined) {
    return { canary: { people, waitMs: canaryWait ?? CANARY_WAIT_MS, goOn: canaryAsk ? 'ask' : 'itself' } };
  }
  if (canaryWait !== undefined) throw new WrongUsage('--canary-wait: expected --canary with it');
  if (canaryAsk) throw new WrongUsage('--canary-ask: expected --canary with it');
  return {};
}

function chooseWaves({ waves: max, wavesUntil }: CreateOptions, zone: string): LaterWaves | undefined {
  if (max === undefined) {
    if (wavesUntil !== undefined) throw new WrongUsage('--waves-until: expected --waves with it');
    return undefined;
  }
  const until = wavesUntil && parseFutureMoment('--waves-until', wavesUntil, zone, new Date()).toISOString();
  return { max, ...(until && { until }) };
}

const DRAFT: { state: string; scheduledAt?: Date } = { state: 'draft' };

/** The preflight if nothing blocks; otherwise all blocking problems together. */
function passed(
  result: Result<Preflight>,
  { audience, parameters }: { audience: AudienceSource; parameters: readonly ParameterSource[] },
): Preflight {
  const preflight = valueOf(result);
  const [first] = preflight.blocking;
  if (!first) return preflight;
  throw new CommandRefused(blockedText(preflight, audience, parameters), first.code, (speech) =>
    blockedText(preflight, audience, parameters, speech),
  );
}

/** The draft already exists by now, so a refusal must say so. */
function started<T>(id: string, result: Result<T>): T {
  if (result.ok) return result.value;
  const { refusal } = result;
  throw new CommandRefused(
    `Campaign ${id} is created as a draft but not started: ${explain(refusal, 'en')}`,
    refusal.code,
    ({ t, language }) =>
      t('Campaign {{id}} is created as a draft but not started: {{why}}', { id, why: explain(refusal, language) }),
  );
}

function createdText(
  { id, name, state, scheduledAt }: { id: string; name: string; state: string; scheduledAt: Date | undefined },
  { showTime, speech: { t, text, language } }: Services,
): string {
  const word = language === 'en' ? state : text(`words.campaignStates.${state}`);
  return scheduledAt
    ? t('Campaign "{{name}}" is created: {{id}} ({{state}} for {{at}})', {
        ...{ name, id, state: word, at: showTime(scheduledAt) },
      })
    : t('Campaign "{{name}}" is created: {{id}} ({{state}})', { name, id, state: word });
}
