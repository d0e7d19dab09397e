/** What preflight says about the media link of a draft. */
import type { MediaChecker, MediaType } from '../clients/media';
import type { Refusal } from '../config/errors';

const MEGABYTE = 1024 * 1024;

/** A problem blocks the campaign; a warning only says that nobody could look. Nothing when the file fits. */
export async function mediaRefusal(
  link: string,
  type: MediaType,
  checker: MediaChecker,
): Promise<{ problem?: Refusal; warning?: Refusal }> {
  const verdict = await checker.check(link, type);
  const value = withoutQuery(link);
  switch (verdict.kind) {
    case 'fits':
      return {};
    case 'not_public':
      return { problem: { code: 'media_link_invalid', values: { value } } };
    case 'refused':
      return { problem: { code: 'media_refused', values: { value, status: verdict.status } } };
    case 'wrong_type':
      return {
        problem: { code: 'media_wrong_type', values: { value, expected: verdict.expected, got: verdict.got } },
      };
    case 'too_large': {
      const megabytes = Math.ceil((verdict.bytes / MEGABYTE) * 10) / 10;
      return { problem: { code: 'media_too_large', values: { megabytes, limit: verdict.limit / MEGABYTE } } };
    }
    case 'unknown':
      return { warning: { code: 'media_not_checked', values: { value, detail: verdict.detail } } };
  }
}

/** What stands behind `?` may be a signature. */
function withoutQuery(link: string): string {
  return link.replace(/\?.*$/s, '');
}
