/** `suppress`: the numbers that are never sent to. */
import type { Command } from 'commander';
import { refused } from '../../config/errors';
import { normalisePhones } from '../../domain/phone';
import type { CommandContext } from '../answer';
import { refusal } from '../errors';
import { renderTable } from '../table';

/** More than anybody reads in a terminal; the JSON document is for the rest. */
const LIST_LIMIT = 100_000;

export function addSuppress(program: Command, { terminal, services, action }: CommandContext): void {
  const suppress = program.command('suppress').description('Numbers never to be sent to');

  suppress
    .command('add')
    .description('never send to these numbers again; a number that is there already keeps its first reason')
    .argument('<phone...>')
    .option('--reason <text>', 'why, for whoever asks later')
    .addHelpText('after', '\nExample:\n  bobcofer suppress add +79001234567 --reason "asked by phone"')
    .action(
      action(async (texts: string[], { reason }: { reason?: string }) => {
        const phones = phonesOf(texts);
        const { suppressions } = await services.store();
        const added: string[] = [];
        for (const phone of phones) {
          const isNew = await suppressions.add({
            _id: phone,
            reason: 'manual',
            ...(reason && { detail: reason }),
            createdAt: new Date(),
            createdBy: { kind: 'cli' },
          });
          if (isNew) added.push(phone);
        }
        const already = phones.filter((phone) => !added.includes(phone));
        return {
          json: { added, already },
          text: sentences([
            ['Added', added],
            ['Already there', already],
          ]),
        };
      }),
    );

  suppress
    .command('remove')
    .description('allow sending to these numbers again')
    .argument('<phone...>')
    .addHelpText('after', '\nExample:\n  bobcofer suppress remove +79001234567')
    .action(
      action(async (texts: string[]) => {
        const phones = phonesOf(texts);
        const { suppressions } = await services.store();
        const removed: string[] = [];
        for (const phone of phones) if (await suppressions.remove(phone)) removed.push(phone);
        const absent = phones.filter((phone) => !removed.includes(phone));
        return {
          json: { removed, absent },
          text: sentences([
            ['Removed', removed],
            ['Was not there', absent],
          ]),
        };
      }),
    );

  suppress
    .command('list')
    .description('show the suppressed numbers, newest first')
    .action(
      action(async () => {
        const { suppressions } = await services.store();
        const list = (await suppressions.list(LIST_LIMIT)).map(({ _id: phone, ...rest }) => ({ phone, ...rest }));
        const text = renderTable(
          [
            { head: 'PHONE', cell: ({ phone }) => phone },
            { head: 'REASON', cell: ({ reason }) => reason },
            { head: 'DETAIL', cell: ({ detail }) => detail, flexible: true },
            { head: 'SINCE', cell: ({ createdAt }) => services.showTime(createdAt) },
            { head: 'BY', cell: ({ createdBy }) => createdBy.kind },
          ],
          list,
          { ...terminal, empty: 'No number is suppressed.' },
        );
        return { json: list, text };
      }),
    );

  /** Every number of every text; a text without one, or with a piece that is none, is refused before anything is done. */
  function phonesOf(texts: string[]): string[] {
    const { DEFAULT_COUNTRY } = services.common();
    return texts.flatMap((text) => {
      const { valid, invalid } = normalisePhones(text, DEFAULT_COUNTRY);
      if (valid.length === 0 || invalid.length > 0) {
        throw refusal(refused('phone_invalid', { value: invalid[0] ?? text }).refusal);
      }
      return valid.map(({ e164 }) => e164);
    });
  }
}

function sentences(parts: [label: string, phones: string[]][]): string {
  return parts.flatMap(([label, phones]) => (phones.length > 0 ? [`${label}: ${phones.join(', ')}`] : [])).join('\n');
}
