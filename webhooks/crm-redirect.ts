/** The page amoCRM redirects an admin's browser to after consent; it says whether it worked. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CrmLogin } from '../campaigns/crm-login';
import { explain } from '../config/errors';
import { translate, type Language } from '../config/i18n';
import { escapeHtml } from '../config/text';

const parameter = z.string().max(4096).optional().catch(undefined);
const answerSchema = z.object({ code: parameter, state: parameter, referer: parameter, error: parameter });

/** Answers on the path of `AMOCRM_REDIRECT_URI`; does nothing with a long-lived token. */
export function addCrmRedirect(
  server: FastifyInstance,
  { login, language }: { login: CrmLogin; language: Language },
): void {
  if (login.redirectUri === undefined) return;
  server.get(new URL(login.redirectUri).pathname, async (request, reply) => {
    const finished = await login.finish(answerSchema.parse(request.query));
    const text = finished.ok
      ? translate(language, 'crm.connected', { account: new URL(finished.value.account).host })
      : explain(finished.refusal, language);
    // The URL contains a code that no one else may see.
    return reply
      .code(finished.ok ? 200 : 400)
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      .send(page(text, language));
  });
}

function page(text: string, language: Language): string {
  return (
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Bobcofer</title>` +
    `<meta name="viewport" content="width=device-width"><body style="font:18px system-ui;margin:3em auto;max-width:32em">` +
    `<p>${escapeHtml(text)}</p></body></html>`
  );
}
