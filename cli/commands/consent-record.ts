/** `consent show` and `consent export`: what can be proved of a person's consent, on the screen and as a document. */
import { userInfo } from 'node:os';
import { Option, type Command } from 'commander';
import type { Language } from '../../config/i18n';
import { isProof } from '../../domain/opt-outs/consent';
import { consentPdf } from '../../report/consent-pdf';
import { consentRecord, consentRecordText, type ConsentRecord } from '../../report/consent-record';
import { actorText } from '../terminal';
import type { Answer, CommandContext } from '../answer';
import { WrongUsage } from '../errors';
import { languageOption, writeOut } from '../out';
import { phonesOf } from '../phones';

interface ExportOptions {
  format: 'text' | 'pdf';
  out?: string;
  language: Language;
}

export function addConsentRecord(consent: Command, { services, terminal, action }: CommandContext): void {
  const onePhone = (text: string): string => {
    const [phone, another] = phonesOf([text], services);
    if (phone === undefined || another !== undefined) throw new WrongUsage('expected exactly one number');
    return phone;
  };
  const recordOf = async (phone: string, language: Language, now: Date): Promise<ConsentRecord> =>
    consentRecord(await services.store(), phone, {
      ...{ language, now, by: userInfo().username, nameOf: actorText },
      timezone: services.common().DEFAULT_TIMEZONE,
    });

  consent
    .command('show')
    .description('show what is recorded of a person: consents, opt-outs, and what was taken back')
    .argument('<phone>')
    .addHelpText('after', '\nExample:\n  bobcofer consent show +79001234567')
    .action(
      action(async (text: string) => {
        const phone = onePhone(text);
        const store = await services.store();
        const now = new Date();
        const [contact, suppressions] = await Promise.all([store.contacts.find(phone), store.suppressions.of(phone)]);
        const optedOut = suppressions.filter(({ reason }) => reason === 'opted_out');
        return {
          json: {
            phone,
            consents: (contact?.consents ?? []).map((one) => ({ ...one, proved: isProof(one, now) })),
            optedOut: optedOut.map(({ scope, createdAt }) => ({ scope, since: createdAt })),
          },
          text: consentRecordText(await recordOf(phone, services.speech.language, now)),
        };
      }),
    );

  consent
    .command('export')
    .description('write what is recorded of a person as a document, for them or for an authority')
    .argument('<phone>')
    .addOption(new Option('--format <format>', 'format of the document').choices(['text', 'pdf']).default('text'))
    .option('--out <file>', 'write to this file')
    .addOption(languageOption('document', terminal.speech))
    .addHelpText('after', '\nExample:\n  bobcofer consent export +79001234567 --format pdf --out consent.pdf')
    .action(
      action(async (text: string, { format, out, language }: ExportOptions): Promise<Answer> => {
        const phone = onePhone(text);
        if (format === 'pdf' && !out) throw new WrongUsage('--format {{format}}: expected --out FILE', { format });
        const now = new Date();
        const record = await recordOf(phone, language, now);
        // First the trace: whose record it is, who took it, and when.
        const { audit } = await services.store();
        await audit.record({ at: now, actor: { kind: 'cli' }, action: 'consent_exported', what: format, name: userInfo().username, phone }); // prettier-ignore
        if (!out) return { json: record, text: consentRecordText(record) };
        await writeOut(out, [format === 'pdf' ? await consentPdf(record, now) : `${consentRecordText(record)}\n`]);
        return { json: { file: out, format, phone }, text: terminal.speech.t('Written: {{file}}', { file: out }) };
      }),
    );
}
