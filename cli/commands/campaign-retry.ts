/** `campaign retry` and `campaign unknown`: resend to failed deliveries, and decide about unknown ones. */
import { Option, type Command } from 'commander';
import type { CampaignStatus } from '../../campaigns/contract';
import { planRetry, type RetryGroup } from '../../domain/failure-advice';
import { hasEnded } from '../../domain/story/campaign';
import type { Answer, CommandContext } from '../answer';
import { refusedAs, valueOf, WrongUsage } from '../errors';
import type { Speech } from '../speech';
import { namesOfGroups, retryDocument, retryText, WHEN_WORDS, type When } from '../retry-plan';

const FAMILIES = ['account', 'template', 'contact', 'rate', 'temporary'];
const by = { kind: 'cli' as const };

const ABOUT = `
Failures are grouped by when sending again is worth it; --check shows the groups with their reasons and sends nothing.
  now        passing troubles, and what has waited long enough
  later      WhatsApp holds the message back (131049 …): the new campaign starts once it may be tried again
  after-fix  the account, the template or the media link must be put right first: choose it once that is done
  never      the number, the values or the template are wrong, or the person said no
--when all, --family and --code choose without that knowledge. People reached by an earlier retry are left out. Refused
while such a retry is still sending to them.

Examples:
  bobcofer campaign retry 7k2m9xpa --check
  bobcofer campaign retry 7k2m9xpa
  bobcofer campaign retry 7k2m9xpa --when later
  bobcofer campaign retry 7k2m9xpa --family temporary`;

interface RetryOptions {
  when?: When | 'all';
  family?: string[];
  code?: string[];
  check?: true;
}

export function addCampaignRetry(campaign: Command, { services, action }: CommandContext): void {
  campaign
    .command('retry')
    .description('resend failed deliveries that are worth it now; for an ended campaign, as a new campaign')
    .argument('<id>')
    .addOption(
      new Option('--when <group>', 'those worth it then (default: now)')
        .choices([...WHEN_WORDS, 'all'])
        .conflicts(['family', 'code']),
    )
    .addOption(new Option('--family <family...>', 'only failures in these families').choices(FAMILIES))
    .option('--code <code...>', 'only failures with these codes')
    .addOption(
      new Option('--check', 'only show what failed and when sending again is worth it').conflicts([
        'when',
        'family',
        'code',
      ]),
    )
    .addHelpText('after', ABOUT)
    .action(
      action(async (id: string, { when = 'now', family, code, check }: RetryOptions): Promise<Answer> => {
        const campaigns = await services.campaigns();
        const given = { by, ...(family && { families: family }), ...(code && { codes: code }) };
        if (!check && (when === 'all' || family || code)) {
          const again = valueOf(await campaigns.retryFailed(id, given));
          return { json: again, text: sentence(id, again, services.speech) };
        }
        const status = valueOf(await campaigns.status(id, { fresh: true }));
        const now = new Date();
        const groups = planRetry(status.failures, { failedBy: status.endedAt ?? now, now });
        if (check) {
          return { json: retryDocument(status, groups), text: retryText(status, groups, services) };
        }
        const group = chosen(status, groups, when as When);
        const { reasons, notBefore } = group;
        const codes = reasons.map((reason) => reason.code);
        const again = valueOf(await campaigns.retryFailed(id, { by, codes, ...(notBefore && { at: notBefore }) }));
        const left = groups.filter((one) => one !== group);
        return {
          json: { ...again, ...(notBefore && { at: notBefore }), left: retryDocument(status, left).groups },
          text: [
            sentence(id, again, services.speech, notBefore && services.showTime(notBefore)),
            ...(left.length > 0
              ? [
                  services.speech.t('Left: {{groups}}. `campaign retry {{id}} --check` says why.', {
                    groups: namesOfGroups(left),
                    id,
                  }),
                ]
              : []),
          ].join('\n'),
        };
      }),
    );

  campaign
    .command('unknown')
    .description('decide about sends without an answer, which may or may not have arrived')
    .argument('<id>')
    .option('--assume-sent', 'count them as accepted')
    .option('--send-again', 'send them again: people who got the first message get two')
    .addHelpText('after', '\nExample:\n  bobcofer campaign unknown 7k2m9xpa --assume-sent')
    .action(
      action(async (id: string, { assumeSent, sendAgain }: { assumeSent?: boolean; sendAgain?: boolean }) => {
        if (Boolean(assumeSent) === Boolean(sendAgain)) {
          throw new WrongUsage('campaign unknown: expected exactly one of --assume-sent and --send-again');
        }
        const campaigns = await services.campaigns();
        const choice = sendAgain ? 'send_again' : 'assume_sent';
        const decided = valueOf(await campaigns.decideUnknown(id, { choice, by }));
        const text = sendAgain
          ? sentence(id, decided, services.speech)
          : services.speech.t('{{count}} unknown deliveries now count as accepted.', { count: decided.count });
        return { json: decided, text };
      }),
    );
}

/** The group that is meant. Refused when it is empty, or when the campaign cannot wait for it. */
function chosen({ id, state }: CampaignStatus, groups: readonly RetryGroup[], when: When): RetryGroup {
  const group = groups.find((one) => one.when === when.replace('-', '_'));
  if (!group) {
    if (groups.length === 0) {
      throw refusedAs('retry_none', 'Campaign {{id}} has no failed deliveries to send again.', { id });
    }
    throw refusedAs(
      'retry_none',
      'Campaign {{id}} has no failed deliveries to send again {{when}}. There are: {{groups}}. `campaign retry {{id}} --check` says why.',
      { id, when, groups: namesOfGroups(groups) },
    );
  }
  if (group.notBefore && !hasEnded(state)) {
    throw refusedAs(
      'retry_cannot_wait',
      'Campaign {{id}} is still {{state}}: it takes deliveries back at once, and these must wait. Once it has ended, --when later starts a new campaign in time.',
      { id, state },
    );
  }
  return group;
}

function sentence(id: string, again: { id: string; count: number }, { t }: Speech, at?: string): string {
  const where = again.id === id ? t('in campaign {{id}}', { id }) : t('as a new campaign, {{id}}', { id: again.id });
  const from = at ? t(', from {{at}} on', { at }) : '';
  const { count } = again;
  return count === 1
    ? t('1 delivery will be resent {{where}}{{from}}.', { where, from })
    : t('{{count}} deliveries will be resent {{where}}{{from}}.', { count, where, from });
}
