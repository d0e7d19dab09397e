/** The deep link that lets a person join the team (telegram.md#methods-and-limits). */

/** How long an invitation holds unless somebody says otherwise (hours). */
export const INVITATION_HOURS = 48;

/** Opens the bot's chat and sends it `/start <code>`. */
export function invitationLink(botUsername: string, code: string): string {
  return `https://t.me/${botUsername}?start=${code}`;
}
