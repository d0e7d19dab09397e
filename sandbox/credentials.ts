/**
 * Who the sandbox knows: the keys, tokens and ids it accepts, as `npm start` hands them to the roles. None is a secret.
 */

export const SANDBOX_CREDENTIALS = {
  /** The bot, as @BotFather would have given it. */
  TELEGRAM_BOT_TOKEN: '7000000001:sandbox-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
  /** The admin who sits at the chat page. */
  ADMIN_IDS: '5001',
  GUPSHUP_API_KEY: 'sandbox-gupshup-api-key',
  GUPSHUP_APP_NAME: 'BobcoferDemo',
  GUPSHUP_APP_ID: '5f2b1c9e-7a34-4d7e-9c1a-0b6d8e4f2a11',
  GUPSHUP_SOURCE: '79990000000',
  AMOCRM_TOKEN: 'sandbox-amocrm-token',
} as const;

/** The Gupshup apps it plays: that of the credentials above, and others of the same business. */
export const SANDBOX_APPS = [
  {
    apiKey: SANDBOX_CREDENTIALS.GUPSHUP_API_KEY,
    appName: SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME,
    appId: SANDBOX_CREDENTIALS.GUPSHUP_APP_ID,
    source: SANDBOX_CREDENTIALS.GUPSHUP_SOURCE,
  },
  {
    apiKey: 'sandbox-gupshup-api-key-2',
    appName: 'BobcoferSecond',
    appId: '7c41d0ab-52e6-4b1f-8e0d-4a9f3c2b6d22',
    source: '79990000002',
  },
  {
    apiKey: 'sandbox-gupshup-api-key-3',
    appName: 'BobcoferThird',
    appId: '9e63f2cd-74a8-4d3b-a02f-6cb15e4d8f33',
    source: '79990000003',
  },
] as const;
