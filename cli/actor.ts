/** Who did something, as the console tool shows it. */
import type { Actor } from '../domain/story/actor';

export function actorText(actor: Actor): string {
  return actor.kind === 'telegram' ? `telegram ${actor.id}` : actor.kind;
}
