/** WEBHOOK_SECRET: the secret in use and, after a comma, the one that it takes the place of, which is still let in. */

/** Stands in a path, unescaped. */
const SECRET = /^[\w.~-]{24,200}$/;

export interface WebhookSecrets {
  /** The one that Gupshup is given. */
  current: string;
  /** All that open. */
  all: string[];
}

/** Undefined when it is not one secret, or two. */
export function webhookSecrets(value: string): WebhookSecrets | undefined {
  const all = value.split(',').map((secret) => secret.trim());
  const [current] = all;
  return current !== undefined && all.length <= 2 && all.every((secret) => SECRET.test(secret))
    ? { current, all }
    : undefined;
}
