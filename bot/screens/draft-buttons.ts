/** A draft's buttons as people write them: a line a button, a link or phone behind its text. */
import type { DraftButton } from '../../domain/templates/draft';

/** `Open https://x.example/{{1}} spring`: text, link, and what stands for its variable. */
const LINK = /^(.*?)\s*[-–—:]?\s*(https?:\/\/\S+)(?:\s+(\S+))?$/;
const PHONE = /^(.*?)\s*[-–—:]?\s*(\+\d[\d\s().-]{6,})$/;
const CODE = /^(?:код|code)\s*[-–—:]\s*(\S+)$/iu;

export function readButtons(typed: string): DraftButton[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line): DraftButton => {
      const [, linkText, url, sample] = LINK.exec(line) ?? [];
      if (linkText !== undefined && url !== undefined) {
        return { type: 'URL', text: linkText, url, ...(sample !== undefined && { sample }) };
      }
      const [, phoneText, phone] = PHONE.exec(line) ?? [];
      if (phoneText !== undefined && phone !== undefined) {
        return { type: 'PHONE_NUMBER', text: phoneText, phone: `+${phone.replace(/\D/g, '')}` };
      }
      const [, code] = CODE.exec(line) ?? [];
      return code === undefined ? { type: 'QUICK_REPLY', text: line } : { type: 'COPY_CODE', sample: code };
    });
}

/** As `readButtons` reads it. */
export function buttonLine(button: DraftButton): string {
  switch (button.type) {
    case 'URL':
      return [button.text, button.url, button.sample].filter(Boolean).join(' ');
    case 'PHONE_NUMBER':
      return `${button.text} ${button.phone}`;
    case 'COPY_CODE':
      return `code: ${button.sample}`;
    case 'QUICK_REPLY':
      return button.text;
  }
}
