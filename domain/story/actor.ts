/**
 * Who created a campaign or gave a command. At most an admin's Telegram id, because it is stored in Temporal's history.
 */
export type Actor = { kind: 'telegram'; id: number } | { kind: 'cli' } | { kind: 'system' };
