/** Who made a campaign or gave a command. An admin's Telegram id at most: it stands in Temporal's history. */
export type Actor = { kind: 'telegram'; id: number } | { kind: 'cli' } | { kind: 'system' };
