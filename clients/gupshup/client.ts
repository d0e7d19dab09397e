/** The Gupshup self-serve API (gupshup.md#send): send a template, read templates, balance, subscriptions. */
import { z } from 'zod';
import type { Logger } from '../../config/logger';
import type { SenderSettings } from '../../config/senders';
import type { TemplateDraft } from '../../domain/templates/draft';
import type { Template } from '../../domain/templates/template';
import { createHttp, RefusedError } from '../http';
import {
  answerOf,
  answerOfError,
  type SendAnswer,
  sendForm,
  sessionForm,
  type TemplateSend,
  type TextSend,
} from './send';
import { createSubscriptions, type Subscriptions } from './subscriptions';
import { answerOfSubmit, submitAnswerOfError, type SubmitAnswer, submitForm } from './template-form';
import { parseTemplates, type TemplateRowProblem } from './templates';

export interface GupshupOptions {
  baseUrl: string;
  apiKey: string;
  /** `src.name` of a send. */
  appName: string;
  appId: string;
  /** The sender's number: digits, no plus. */
  source: string;
  /** Timeout of one call, including connecting. A send that takes longer is ambiguous. */
  timeoutMs: number;
  /** Called for each unreadable template row, which is left out. */
  onBadTemplate?: (problem: TemplateRowProblem) => void;
}

export interface GupshupClient {
  /** Sends one template message, once. Never throws because of the network or Gupshup. */
  sendTemplate(send: TemplateSend): Promise<SendAnswer>;
  /** The same of a text in a person's open window; beyond it Gupshup refuses, or takes it and reports a failure. */
  sendText(send: TextSend): Promise<SendAnswer>;
  /** All of the app's templates, in any status. Throws the errors of clients/http.ts. */
  listTemplates(): Promise<Template[]>;
  /** Submits a template for Meta's review, once. Never throws because of the network or Gupshup. */
  submitTemplate(draft: TemplateDraft): Promise<SubmitAnswer>;
  /** Deletes it at Gupshup and Meta in every language, for good. Throws the errors of clients/http.ts. */
  deleteTemplate(name: string): Promise<void>;
  /** Uploads a file for the headers of messages of this app. Answers with its media id; throws the errors of clients/http.ts. */
  uploadMedia(file: { content: Buffer; name: string; mime: string }): Promise<string>;
  /** USD credits; undefined when Gupshup no longer offers the call (gupshup.md#subscriptions). */
  walletBalance(): Promise<number | undefined>;
  subscriptions: Subscriptions;
  close(): Promise<void>;
}

/** Of some megabytes. */
const UPLOAD_TIMEOUT_MS = 120_000;
const mediaSchema = z.object({ mediaId: z.string().regex(/^[\w.-]+$/) });
const statusSchema = z.object({ status: z.string() });
const balanceSchema = z.object({ balance: z.coerce.number() });

export function createGupshupClient(options: GupshupOptions): GupshupClient {
  const { apiKey, appId, appName, source } = options;
  const { baseUrl, timeoutMs } = options;
  const http = createHttp({ service: 'gupshup', baseUrl, timeoutMs, headers: { apikey: apiKey } });
  const appPath = `/wa/app/${encodeURIComponent(appId)}`;

  return {
    async sendTemplate(send) {
      try {
        return answerOf(
          await http.request({
            method: 'POST',
            path: '/wa/api/v1/template/msg',
            form: sendForm(send, source, appName),
            signal: send.signal,
            onStart: send.onStart,
          }),
        );
      } catch (error) {
        return answerOfError(error);
      }
    },

    async sendText({ destination, text }) {
      try {
        const form = sessionForm({ destination, text }, source, appName);
        return answerOf(await http.request({ method: 'POST', path: '/wa/api/v1/msg', form }));
      } catch (error) {
        return answerOfError(error);
      }
    },

    async listTemplates() {
      const { json } = await http.request({ method: 'GET', path: `${appPath}/template` });
      const { templates, problems } = parseTemplates(json);
      problems.forEach((problem) => options.onBadTemplate?.(problem));
      return templates;
    },

    async submitTemplate(draft) {
      try {
        const form = submitForm(draft);
        return answerOfSubmit(await http.request({ method: 'POST', path: `${appPath}/template`, form }));
      } catch (error) {
        return submitAnswerOfError(error);
      }
    },

    async deleteTemplate(name) {
      const path = `${appPath}/template/${encodeURIComponent(name)}`;
      const { status, text, json } = await http.request({ method: 'DELETE', path });
      if (statusSchema.safeParse(json).data?.status === 'error') throw new RefusedError(`DELETE ${path}`, status, text);
    },

    async uploadMedia({ content, name, mime }) {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(content)], { type: mime }), name);
      form.set('file_type', mime);
      const path = `/wa/${encodeURIComponent(appId)}/wa/media/`;
      const { status, text, json } = await http.request({
        ...{ method: 'POST', path, multipart: form },
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      const answer = mediaSchema.safeParse(json);
      if (!answer.success) throw new RefusedError(`POST ${path}`, status, text);
      return answer.data.mediaId;
    },

    async walletBalance() {
      try {
        const { json } = await http.request({ method: 'GET', path: '/sm/api/v2/wallet/balance' });
        return balanceSchema.safeParse(json).data?.balance;
      } catch (error) {
        if (error instanceof RefusedError && (error.status === 404 || error.status === 410)) return undefined;
        throw error;
      }
    },

    subscriptions: createSubscriptions(http, appPath),
    close: () => http.close(),
  };
}

/** Gupshup usually answers within a second; after this the outcome is unknown. */
const TIMEOUT_MS = 15_000;

/** The client of one sender: its app, its key. */
export function createGupshupOf(sender: SenderSettings, log: Logger): GupshupClient {
  const { baseUrl, apiKey, app: appName, appId, source } = sender;
  return createGupshupClient({
    ...{ baseUrl, apiKey, appName, appId, source },
    timeoutMs: TIMEOUT_MS,
    onBadTemplate: (problem) => log.warn({ sender: appName, problem }, 'Skipped an unreadable template from Gupshup'),
  });
}
