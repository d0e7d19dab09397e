/** `send`: sends one message to one number. */
import type { Command } from 'commander';
import type { CampaignStatus } from '../../campaigns/contract';
import { refused } from '../../config/errors';
import { normalisePhones } from '../../domain/phones/phone';
import { meaningOf } from '../../report/meaning';
import { refusal, valueOf, WrongUsage } from '../errors';
import type { CommandContext } from '../answer';
import { chooseMedia, MEDIA_HELP } from '../media';
import type { Services } from '../services';
import { ENGLISH, type Speech } from '../speech';
import { noWorkerLine } from '../status';

interface SendOptions {
  template: string;
  to: string;
  param?: string[];
  media?: string;
  sender?: string;
}

export function addSend(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('send')
    .description('send one template message to one number; exit 1 unless Gupshup accepts it')
    .requiredOption('--template <name>', 'template name, name/language, or Gupshup id')
    .requiredOption('--to <phone>', 'the number, as people write it')
    .option('--param <value...>', 'the parameters, in template order')
    .option('--media <link-or-file>', MEDIA_HELP)
    .option('--sender <app>', 'the Gupshup app that sends (default: the default sender)')
    .addHelpText(
      'after',
      '\nExample:\n  bobcofer send --template order_ready --to "8 900 123-45-67" --param Anna --param 17:00',
    )
    .action(
      action(async ({ template, to, param = [], media, sender }: SendOptions) => {
        const { valid, invalid, unclear } = normalisePhones(to, services.common().DEFAULT_COUNTRY);
        const [phone, second] = valid;
        if (!phone || invalid.length > 0) throw refusal(refused('phone_invalid', { value: to }).refusal);
        const [two] = unclear ?? [];
        if (two) throw refusal(refused('phone_unclear', { value: to, taken: two.taken, other: two.other }).refusal);
        if (second)
          throw new WrongUsage('--to "{{to}}": expected one number, got {{count}}', { to, count: valid.length });
        terminal.doing("Waiting for Gupshup's answer");
        const campaigns = await services.campaigns();
        const file = await chooseMedia(media, { template, sender }, services);
        const { id, delivery } = valueOf(
          await campaigns.sendOne({
            template,
            phone: phone.e164,
            params: param,
            ...(file && { mediaUrl: await file.ready() }),
            ...(sender !== undefined && { sender }),
            by: { kind: 'cli' },
            onStart: (status) => terminal.note(waitingLines(status, services)),
          }),
        );
        const { state, messageId, code, detail, skipReason } = delivery;
        const accepted = messageId !== undefined && state !== 'failed';
        const { t, text } = services.speech;
        const why = whyNot(code, detail, ENGLISH) ?? skipReason;
        const said = whyNot(code, detail, services.speech) ?? (skipReason && text(`words.skipReasons.${skipReason}`));
        return {
          json: { id, phone: phone.e164, state, messageId, code, detail, skipReason },
          ...(accepted
            ? {
                text: t('Gupshup accepted the message to {{phone}}: {{id}} ({{state}}).', {
                  phone: phone.e164,
                  id: messageId,
                  state: text(`words.deliveryStates.${state}`),
                }),
              }
            : {
                text: '',
                failure: `The message to ${phone.e164} was not accepted: it is ${state}${why ? ` (${why})` : ''}.`,
                failureSaid: t('The message to {{phone}} was not accepted: it is {{state}}{{why}}.', {
                  phone: phone.e164,
                  state: text(`words.deliveryStates.${state}`),
                  why: said ? ` (${said})` : '',
                }),
              }),
        };
      }),
    );
}

/** Its id at once: whoever stops waiting can still ask for it. */
function waitingLines({ id, noWorker }: CampaignStatus, { showTime, speech }: Services): string {
  return [
    speech.t(
      "Campaign {{id}} is started: waiting for Gupshup's answer, at most a minute. After Ctrl-C it goes on: campaign status {{id}}",
      { id },
    ),
    ...(noWorker ? [noWorkerLine(noWorker, showTime, speech)] : []),
  ].join('\n');
}

/** The code and its meaning, with Gupshup's own words if they say more. */
function whyNot(code: string | undefined, detail: string | undefined, { t, language }: Speech): string | undefined {
  if (code === undefined) return detail;
  const meaning = meaningOf(code, language);
  // Without a Gupshup code there is only the HTTP status, and the meaning already contains it.
  const lead = code.startsWith('http_') ? meaning : `${code}: ${meaning}`;
  return detail && detail !== meaning ? t('{{lead}}; Gupshup says "{{detail}}"', { lead, detail }) : lead;
}
