/** `campaign follow-ups`: the further messages of a campaign as one thing: seen, edited, paused, resumed, cancelled. */
import { Option, type Command } from 'commander';
import type { FollowUpService, FollowUpsStatus } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import { delayText } from '../../config/spec-text';
import { chainFunnelStep } from '../../domain/chain-funnel';
import type { FollowUp } from '../../domain/follow-ups';
import { FOLLOW_UP_TO, type FollowUpTo } from '../../domain/story/follow-ups';
import type { Answer, CommandContext } from '../answer';
import { valueOf, WrongUsage } from '../errors';
import { asFilled } from '../follow-ups';
import { duration, wholeNumber } from '../numbers';
import { parseParameters } from '../parameters';
import type { Services } from '../services';
import { statusDocument } from '../status';
import { renderTable } from '../table';

const NOTE = `
A follow-up is a campaign of its own: \`campaign status\` and \`report\` take its id. While they are paused no further one
begins; a follow-up that is being sent is paused, resumed and cancelled with them. --edit changes one that has not begun.`;
const EXAMPLES = `

Examples:
  bobcofer campaign follow-ups 7k2m9xpa
  bobcofer campaign follow-ups 7k2m9xpa --pause
  bobcofer campaign follow-ups 7k2m9xpa --edit 2 --after 5d --to not_replied
  bobcofer campaign follow-ups 7k2m9xpa --edit 2 --template promo_c --param 1=column:name`;

interface FollowUpsOptions {
  pause?: true;
  resume?: true;
  cancel?: true;
  edit?: number;
  after?: number;
  to?: FollowUpTo;
  template?: string;
  param?: string[];
  media?: string;
}

const by = { kind: 'cli' as const };
const COMMANDS = ['pause', 'resume', 'cancel'] as const;

export function addCampaignFollowUps(campaign: Command, { terminal, services, action }: CommandContext): void {
  const alone = (name: string): string[] => ['pause', 'resume', 'cancel', 'edit'].filter((one) => one !== name);
  campaign
    .command('follow-ups')
    .description('show the follow-ups of a campaign; pause, resume, cancel or edit them')
    .argument('<id>')
    .addOption(new Option('--pause', 'no further follow-up begins until they are resumed').conflicts(alone('pause')))
    .addOption(new Option('--resume', 'go on; one whose time has passed begins').conflicts(alone('resume')))
    .addOption(new Option('--cancel', 'no further follow-up, for good').conflicts(alone('cancel')))
    .addOption(
      new Option('--edit <step>', 'change a follow-up that has not begun')
        .argParser(wholeNumber('--edit'))
        .conflicts(alone('edit')),
    )
    .option('--after <time>', 'time after what comes before it, such as 3d', duration('--after'))
    .addOption(new Option('--to <whom>', 'whom it is for').choices(FOLLOW_UP_TO))
    .option('--template <template>', 'another template: name, name/language, or Gupshup id')
    .option('--param <position=source...>', 'its parameters, as for `campaign create`; columns: name, p1, p2 …')
    .option('--media <url>', 'https link to the file in its header')
    .addHelpText('after', terminal.speech.t(NOTE) + EXAMPLES)
    .action(
      action(async (id: string, options: FollowUpsOptions): Promise<Answer> => {
        const change = await changeOf(options);
        const { followUps } = await services.campaigns();
        const status = valueOf(await carryOut(followUps, id, options, change));
        return { json: documentOf(status), text: followUpsText(status, services, terminal) };
      }),
    );

  async function changeOf({ edit, after, to, template, param, media }: FollowUpsOptions): Promise<Partial<FollowUp>> {
    const given = {
      ...(after !== undefined && { afterMs: after }),
      ...(to !== undefined && { to }),
      ...(template !== undefined && { template }),
      ...(param && { parameters: parseParameters(param) }),
      ...(media !== undefined && { mediaUrl: media }),
    };
    const names = Object.keys(given).length;
    if (edit === undefined && names > 0)
      throw new WrongUsage('--after, --to, --template, --param and --media: expected --edit with them');
    if (edit !== undefined && names === 0)
      throw new WrongUsage('--edit: expected --after, --to, --template, --param or --media with it');
    if (template === undefined || param) return given;
    return { ...given, parameters: asFilled(valueOf(await (await services.catalogue()).template(template))) };
  }
}

function carryOut(
  followUps: FollowUpService,
  id: string,
  options: FollowUpsOptions,
  change: Partial<FollowUp>,
): Promise<Result<FollowUpsStatus>> {
  if (options.edit !== undefined) return followUps.edit(id, { ...change, step: options.edit, by });
  const command = COMMANDS.find((one) => options[one]);
  return command ? followUps[command](id, { by }) : followUps.find(id);
}

function documentOf({ steps, ...status }: FollowUpsStatus): object {
  return {
    ...status,
    steps: steps.map(({ content: { name, language }, campaign, ...step }) => ({
      ...step,
      content: { name, language },
      ...(campaign && { campaign: statusDocument(campaign), funnel: chainFunnelStep(campaign) }),
    })),
  };
}

function followUpsText(
  status: FollowUpsStatus,
  { showTime, speech }: Services,
  terminal: CommandContext['terminal'],
): string {
  const { t, text, language } = speech;
  const table = renderTable<FollowUpsStatus['steps'][number]>(
    [
      { head: 'STEP', cell: ({ step }) => step },
      { head: 'AFTER', cell: ({ afterMs }) => delayText(afterMs, language) },
      { head: 'TO', cell: ({ to }) => text(`words.followUpTo.${to}`), flexible: true },
      { head: 'TEMPLATE', cell: ({ content }) => content.name, flexible: true },
      { head: 'ID', cell: ({ campaign }) => campaign?.id ?? '' },
      { head: 'STATE', cell: ({ campaign }) => campaign?.state ?? '' },
      { head: 'PEOPLE', cell: ({ campaign }) => campaign?.ledger.total ?? '' },
      { head: 'LEFT', cell: ({ campaign }) => (campaign ? leftOf(campaign) : '') },
      { head: 'SENT', cell: ({ campaign }) => (campaign ? chainFunnelStep(campaign).sent : '') },
      { head: 'READ', cell: ({ campaign }) => (campaign ? chainFunnelStep(campaign).read : '') },
    ],
    status.steps,
    { ...terminal, empty: '' },
  );
  return [headOf(status, t, text), ...(nextOf(status, showTime, t) ?? []), table].join('\n');
}

type Say = Services['speech']['t'];

function headOf(
  { name, id, state, reason, reasonBy, draft, lost }: FollowUpsStatus,
  t: Say,
  text: Services['speech']['text'],
): string {
  const head = t('Follow-ups of {{name}} ({{id}}): {{state}}', { name, id, state: text(`words.chainStates.${state}`) });
  if (draft) return `${head}; ${t('the campaign has not been started')}`;
  if (lost) return `${head}; ${t('Temporal does not know them any more: `--resume` lets them go on')}`;
  if (!reason) return head;
  return 'by' in reason
    ? head + t(' by {{who}}', { who: reasonBy ?? reason.by })
    : `${head}; ${text(`words.chainReasons.${reason.why}`)}`;
}

function nextOf({ next, dueAt }: FollowUpsStatus, showTime: Services['showTime'], t: Say): string[] | undefined {
  return dueAt && next !== undefined ? [t('next: {{step}}, {{at}}', { step: next, at: showTime(dueAt) })] : undefined;
}

function leftOf(campaign: Parameters<typeof chainFunnelStep>[0]): number {
  const { replied, leadMoved, acted } = chainFunnelStep(campaign).left;
  return replied + leadMoved + acted;
}
