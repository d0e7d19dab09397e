/** `replies`: what people answered: those that nobody has dealt with, one dealt with or answered, all of a campaign. */
import type { Command } from 'commander';
import { nanoid } from 'nanoid';
import { refused } from '../../config/errors';
import type { Language } from '../../config/i18n';
import { renderAnswers } from '../../report/answers';
import { factsOf } from '../../report/reply-card';
import type { ReplyDocument } from '../../store/documents';
import type { Answer, CommandContext } from '../answer';
import { refusal, valueOf } from '../errors';
import { languageOption, writeOut } from '../out';
import { renderTable } from '../table';

interface RepliesOptions {
  out?: string;
  language: Language;
}

const by = { kind: 'cli' } as const;
/** Of one page; `--json` has the count of all. */
const SHOWN = 200;
const ID_LENGTH = 12;

export function addReplies(program: Command, context: CommandContext): void {
  const replies = program.command('replies').description('what people answered');
  addOpen(replies, context);
  addDone(replies, context);
  addAnswer(replies, context);
  addList(replies, context);
}

function addOpen(replies: Command, { terminal, services, action }: CommandContext): void {
  replies
    .command('open', { isDefault: true })
    .description('answers to campaigns that nobody has dealt with, the oldest first')
    .action(
      action(async (): Promise<Answer> => {
        const store = await services.store();
        const { replies: found, count } = await store.openReplies.list({ skip: 0, limit: SHOWN });
        const rows = await Promise.all(found.map(async (reply) => ({ reply, facts: await factsOf(reply, { store }) })));
        const table = renderTable(
          [
            { head: 'KEY', cell: ({ reply }) => reply.key },
            { head: 'AT', cell: ({ reply }) => services.showTime(reply.at) },
            { head: 'PHONE', cell: ({ reply }) => reply.phone },
            { head: 'NAME', cell: ({ facts }) => facts.name ?? '' },
            { head: 'CAMPAIGN', cell: ({ facts, reply }) => facts.campaign?.spec.name ?? reply.campaignId },
            { head: 'TEXT', cell: ({ reply }) => wordsOf(reply).replace(/\s+/g, ' '), flexible: true },
          ],
          rows,
          { ...terminal, empty: 'Everything is dealt with.' },
        );
        const json = rows.map(({ reply, facts: { name, leadId } }) => {
          const { key, at, phone, campaignId } = reply;
          return { key, at, phone, name, leadId, campaign: campaignId, text: wordsOf(reply) };
        });
        return { json: { count, replies: json }, text: table };
      }),
    );
}

const wordsOf = ({ text, buttonText }: Pick<ReplyDocument, 'text' | 'buttonText'>): string => text ?? buttonText ?? '';

const keyArgument = ['<key>', 'the key of the answer, as `replies open` lists it'] as const;

function addDone(replies: Command, { services, action }: CommandContext): void {
  replies
    .command('done')
    .description('mark an answer as dealt with')
    .argument(...keyArgument)
    .option('--opt-out', 'and send no more marketing to this person')
    .addHelpText('after', '\nExample:\n  bobcofer replies done Xk3v-9aQ1b2c')
    .action(
      action(async (key: string, { optOut }: { optOut?: true }): Promise<Answer> => {
        const desk = await services.replyDesk();
        const { reply, already } = valueOf(await desk.end(key, optOut ? 'opted_out' : 'done', by));
        const { how, at } = reply.done ?? { how: 'done', at: new Date() };
        return {
          json: { key, done: how, at, already },
          text: already
            ? services.speech.t('{{key}} was dealt with before, {{at}}.', { key, at: services.showTime(at) })
            : services.speech.t('{{key}} is dealt with.', { key }),
        };
      }),
    );
}

function addAnswer(replies: Command, { services, action }: CommandContext): void {
  replies
    .command('answer')
    .description('write to the person, within 24 hours of their last message; it goes at once and is never repeated')
    .argument(...keyArgument)
    .requiredOption('--text <text>', 'what to send')
    .addHelpText('after', '\nExample:\n  bobcofer replies answer Xk3v-9aQ1b2c --text "See you at five"')
    .action(
      action(async (key: string, { text }: { text: string }): Promise<Answer> => {
        const desk = await services.replyDesk();
        const { state, messageId } = valueOf(await desk.answer(key, { id: nanoid(ID_LENGTH), text, by }));
        return {
          json: { key, state, messageId },
          text:
            state === 'accepted'
              ? services.speech.t('Sent.')
              : services.speech.t(
                  'No answer came from Gupshup: unknown whether it was sent. Look into WhatsApp before you repeat it.',
                ),
        };
      }),
    );
}

function addList(replies: Command, { terminal, services, action }: CommandContext): void {
  replies
    .command('list')
    .description('every answer to a campaign, in the order of writing; one person: `contacts show`')
    .argument('<id>', 'campaign id')
    .option('--out <file>', 'write them to this file, as CSV')
    .addOption(languageOption('CSV', terminal.speech))
    .addHelpText('after', '\nExample:\n  bobcofer replies list c1a2b3 --out answers.csv')
    .action(
      action(async (id: string, { out, language }: RepliesOptions): Promise<Answer> => {
        const store = await services.store();
        if (!(await store.campaigns.find(id))) throw refusal(refused('campaign_not_found', { id }).refusal);
        const replies = store.replies.ofCampaign(id);
        if (out) {
          await writeOut(out, renderAnswers(replies, language));
          return { json: { file: out, format: 'csv' }, text: terminal.speech.t('Written: {{file}}', { file: out }) };
        }
        const rows: { phone: string; at: Date; text: string; choice?: string }[] = [];
        for await (const { phone, at, text, buttonText, choice } of replies) {
          rows.push({ phone, at, text: text ?? buttonText ?? '', ...(choice && { choice }) });
        }
        const table = renderTable(
          [
            { head: 'PHONE', cell: ({ phone }) => phone },
            { head: 'AT', cell: ({ at }) => services.showTime(at) },
            { head: 'TEXT', cell: ({ text }) => text.replace(/\s+/g, ' '), flexible: true },
            { head: 'CHOICE', cell: ({ choice }) => choice },
          ],
          rows,
          { ...terminal, empty: 'Nobody has answered.' },
        );
        return { json: { campaign: id, count: rows.length, replies: rows }, text: table };
      }),
    );
}
