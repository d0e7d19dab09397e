/** `contacts show`: what is known of one number. */
import type { Command } from 'commander';
import { profileOf, type ContactProfile } from '../../audience/contact-profile';
import { translate } from '../../config/i18n';
import { actorText } from '../actor';
import type { CommandContext } from '../answer';
import { wholeNumber } from '../numbers';
import { phonesOf } from '../phones';
import type { Services } from '../services';

export function addContactsShow(contacts: Command, { services, action }: CommandContext): void {
  contacts
    .command('show')
    .description('what is known of a number: names, tags, suppressions, consents, messages, replies, what was removed')
    .argument('<phone>')
    .option('--limit <n>', 'of messages, replies and removals show the newest', wholeNumber('--limit'), 20)
    .option('--texts', 'what the replies say, too')
    .action(
      action(async (text: string, { limit, texts = false }: { limit: number; texts?: boolean }) => {
        const [phone = ''] = phonesOf([text], services);
        const profile = withTexts(texts, await profileOf(await services.store(), phone, limit));
        const { contact, suppressions, deliveries, deliveryCount, replies, replyCount, removals } = profile;
        const { names = [], tags = [], sources = [], firstSeenAt, lastSeenAt, consents = [] } = contact ?? {};
        return {
          json: {
            ...{ phone, names, tags, sources, firstSeenAt, lastSeenAt, suppressions, consents },
            ...{ deliveries, deliveryCount, replies, replyCount, removals },
            ...(replies[0] && { lastReplyAt: replies[0].at }),
          },
          text: linesOf(profile, services.showTime).join('\n'),
        };
      }),
    );
}

/** What people write is theirs: it is not on a screen unless somebody asks for it. */
function withTexts(wanted: boolean, profile: ContactProfile): ContactProfile {
  if (wanted) return profile;
  return { ...profile, replies: profile.replies.map(({ text: _text, buttonText: _button, ...reply }) => reply) };
}

function linesOf(profile: ContactProfile, when: Services['showTime']): string[] {
  const { phone, contact, suppressions, deliveries, deliveryCount, replies, replyCount, removals } = profile;
  const { names = [], tags = [], sources = [], firstSeenAt, lastSeenAt, consents = [] } = contact ?? {};
  const more = (shown: readonly unknown[], count: number): string[] =>
    count > shown.length ? [`  … and ${count - shown.length} older ones; --limit shows more`] : [];
  return [
    [phone, ...names].join('  '),
    ...(tags.length > 0 ? [`  tags: ${tags.join(', ')}`] : []),
    ...(lastSeenAt ? [`  met ${when(firstSeenAt)} – ${when(lastSeenAt)} in ${sources.join(', ')}`] : []),
    ...suppressions.map(
      ({ reason, scope, detail, createdAt, createdBy }) =>
        `  suppressed (${scope}) since ${when(createdAt)} by ${actorText(createdBy)}: ${[reason, detail].filter(Boolean).join(', ')}`,
    ),
    ...(suppressions.length === 0 ? ['  not suppressed'] : []),
    ...consents.map(
      ({ category, source, at, by }) => `  consent to ${category} at ${when(at)} by ${actorText(by)}: ${source}`,
    ),
    `  ${deliveryCount === 0 ? 'no messages' : `messages: ${deliveryCount}`}`,
    ...deliveries.map(({ at, campaignName, campaignId, template, state, code }) =>
      [
        `  ${when(at) || '-'.padEnd(16)}`,
        translate('en', `words.deliveryStates.${state}`) + (code ? ` (${code})` : ''),
        `"${campaignName}" (${campaignId})`,
        template,
      ].join('  '),
    ),
    ...more(deliveries, deliveryCount),
    ...replies.map(({ at, text, buttonText, campaignId }) => {
      const said = text ?? buttonText;
      return `  reply ${when(at)}${campaignId ? ` to ${campaignId}` : ''}${said === undefined ? '' : `: ${said}`}`;
    }),
    ...more(replies, replyCount),
    ...removals.map(({ action: done, at, actor }) => `  ${done} at ${when(at)} by ${actorText(actor)}`),
  ];
}
