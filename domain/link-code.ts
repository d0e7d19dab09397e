/**
 * The code of a tracked link: says whose link it is, holds no number, and cannot be made up without the key. It is
 * worked out from the delivery's place, so that nothing is written before a send or looked up for a click.
 *
 * One block of AES-128: a different code for each place; of made-up codes hardly one in a million says anything at all,
 * which must then also name a campaign with a link.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Whose link it is, and which one. */
export interface LinkPlace {
  /** Up to 12 of A–Z a–z 0–9 - _. */
  campaignId: string;
  /** The delivery's number. */
  n: number;
  /** The variant that it goes out with; 0 is the campaign's own template. */
  variant: number;
  /** The template's parameter that is the link, from 1. */
  position: number;
}

export interface LinkCodes {
  /** 22 characters for the end of a URL; undefined for a place that does not fit. */
  codeOf(place: LinkPlace): string | undefined;
  /** Undefined for anything that is no code of this key. */
  read(code: string): LinkPlace | undefined;
}

/** Stands where each person's code will, in previews: as long as one, and no code. */
export const SAMPLE_CODE = 'a-code-for-each-person';

const ID = /^[\w-]{1,12}$/;
const CODE = /^[\w-]{22}$/;
const MOST = { n: 2 ** 24, variant: 4, position: 2 ** 8 };
const [ID_AT, N_AT, CHECK_AT, LENGTH] = [2, 11, 14, 16] as const;

/** `key`: 16 bytes. */
export function createLinkCodes(key: Buffer): LinkCodes {
  /** One block, so no chaining and no padding. */
  const cipher = (block: Buffer): Buffer =>
    createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
  const decipher = (block: Buffer): Buffer =>
    createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);

  return {
    codeOf({ campaignId, n, variant, position }) {
      if (!ID.test(campaignId) || n >= MOST.n || variant >= MOST.variant || position >= MOST.position) return undefined;
      const block = Buffer.alloc(LENGTH);
      block[0] = (campaignId.length << 4) | variant;
      block[1] = position;
      block.write(campaignId.padEnd(12, 'A'), ID_AT, 'base64url');
      block.writeUIntBE(n, N_AT, 3);
      return cipher(block).toString('base64url');
    },
    read(code) {
      if (!CODE.test(code)) return undefined;
      const given = Buffer.from(code, 'base64url');
      // The last character has bits to spare: one place has one code.
      if (given.toString('base64url') !== code) return undefined;
      const block = decipher(given);
      const [length, variant] = [block[0]! >> 4, block[0]! & 0x0f];
      const position = block[1]!;
      const padded = block.toString('base64url', ID_AT, N_AT);
      const isOurs =
        block.readUInt16BE(CHECK_AT) === 0 && variant < MOST.variant && length >= 1 && length <= 12 && position > 0;
      if (!isOurs || padded.slice(length) !== 'A'.repeat(12 - length)) return undefined;
      return { campaignId: padded.slice(0, length), n: block.readUIntBE(N_AT, 3), variant, position };
    },
  };
}
