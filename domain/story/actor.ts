/**
 * Who created a campaign or gave a command. At most an admin's Telegram id, because it is stored in Temporal's history.
 */
export type Actor = { kind: 'telegram'; id: number } | { kind: 'cli' } | { kind: 'system' };

/** As Temporal's history and the log name them. */
export function actorName(actor: Actor): string {
  return actor.kind === 'telegram' ? `telegram:${actor.id}` : actor.kind;
}
