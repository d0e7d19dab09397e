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
