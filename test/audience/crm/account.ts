/** A sandbox's amoCRM, and clients of it as the settings of a process make them. */
import { connectAmocrm } from '../../../audience/crm/connection';
import { createCrmLogin, type CrmLogin } from '../../../campaigns/crm-login';
import type { AmocrmClient } from '../../../clients/amocrm/client';
import { readSettings, type Settings } from '../../../config/settings';
import { SANDBOX_INTEGRATION } from '../../../sandbox/amocrm/oauth';
import { SANDBOX_CREDENTIALS } from '../../../sandbox/credentials';
import type { Sandbox, SandboxSettings } from '../../../sandbox/main';
import type { Store } from '../../../store/connect';
import { call, startSandbox, temporaryHome, type Loose } from '../../sandbox/sandbox-support';

export const REDIRECT_URI = 'http://127.0.0.1/oauth/amocrm';

export interface CrmSandbox {
  sandbox: Sandbox;
  /** What it is called in the store. */
  account: string;
  control(path: string, method: string, body?: unknown): Promise<Loose>;
  /** Requests since the last `DELETE requests`, by status. */
  byStatus(): Promise<Record<string, number>>;
  /** As of an installation with OAuth, or with the long-lived token. */
  environment(access: 'oauth' | 'token'): Record<string, string>;
  settings(access: 'oauth' | 'token'): Settings<'amocrm'>;
  client(store: Store, access?: 'oauth' | 'token'): AmocrmClient;
  login(store: Store): CrmLogin;
  /** An administrator follows the link and agrees; what amoCRM sends their browser back with. */
  agree(url: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export async function startCrm(options: Partial<SandboxSettings> = {}): Promise<CrmSandbox> {
  const sandbox = await startSandbox(options);
  const closers: (() => Promise<void>)[] = [];
  const account = `${sandbox.url}/amocrm`;
  const control = async (path: string, method: string, body?: unknown): Promise<Loose> =>
    (await call(`${sandbox.url}/sandbox/amocrm/${path}`, method, body)).body;
  const environment = (access: 'oauth' | 'token'): Record<string, string> => ({
    AMOCRM_BASE_URL: account,
    BOBCOFER_HOME: temporaryHome(),
    ...(access === 'token'
      ? { AMOCRM_TOKEN: SANDBOX_CREDENTIALS.AMOCRM_TOKEN }
      : {
          AMOCRM_CLIENT_ID: SANDBOX_INTEGRATION.clientId,
          AMOCRM_CLIENT_SECRET: SANDBOX_INTEGRATION.clientSecret,
          AMOCRM_REDIRECT_URI: REDIRECT_URI,
        }),
  });
  const settings = (access: 'oauth' | 'token') => readSettings(['amocrm'], environment(access));
  await control('settings', 'PUT', { redirectUri: REDIRECT_URI });
  return {
    sandbox,
    account,
    control,
    byStatus: async () => (await control('requests', 'GET')).byStatus,
    environment,
    settings,
    client: (store, access = 'oauth') => {
      const client = connectAmocrm(settings(access), store);
      closers.push(() => client.close());
      return client;
    },
    login: (store) => {
      const login = createCrmLogin(settings('oauth'), store);
      closers.push(() => login.close());
      return login;
    },
    agree: async (url) => {
      const response = await fetch(url, { redirect: 'manual' });
      return Object.fromEntries(new URL(response.headers.get('location')!).searchParams);
    },
    close: async () => {
      await Promise.all(closers.map((close) => close()));
      await sandbox.close();
    },
  };
}

/** Authorises the account as an administrator would. */
export async function connect(crm: CrmSandbox, store: Store): Promise<void> {
  const login = crm.login(store);
  const link = await login.link();
  if (!link.ok) throw new Error(link.refusal.code);
  const finished = await login.finish(await crm.agree(link.value.url));
  if (!finished.ok) throw new Error(finished.refusal.code);
}
