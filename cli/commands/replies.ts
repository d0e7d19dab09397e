/** `replies list`: what people answered a campaign. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { refused } from '../../config/errors';
import { LANGUAGES, type Language } from '../../config/i18n';
import { renderAnswers } from '../../report/answers';
import type { Answer, CommandContext } from '../answer';
import { CommandRefused, refusal } from '../errors';
import { renderTable } from '../table';

interface RepliesOptions {
  out?: string;
  language: Language;
}

export function addReplies(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('replies')
    .description('what people answered')
    .command('list')
    .description('every answer to a campaign, in the order of writing; one person: `contacts show`')
    .argument('<id>', 'campaign id')
    .option('--out <file>', 'write them to this file, as CSV')
    .addOption(
      new Option('--language <language>', 'language of the CSV')
        .choices([...LANGUAGES])
        .default(terminal.speech.language),
    )
    .addHelpText('after', '\nExample:\n  bobcofer replies list c1a2b3 --out answers.csv')
    .action(
      action(async (id: string, { out, language }: RepliesOptions): Promise<Answer> => {
        const store = await services.store();
        if (!(await store.campaigns.find(id))) throw refusal(refused('campaign_not_found', { id }).refusal);
        const replies = store.replies.ofCampaign(id);
        if (out) {
          try {
            await pipeline(Readable.from(renderAnswers(replies, language)), createWriteStream(out));
          } catch (error) {
            const { code, message, syscall } = error as NodeJS.ErrnoException;
            if (!syscall) throw error;
            throw new CommandRefused(`--out: cannot write "${out}" (${code ?? message})`, 'file_not_written');
          }
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
