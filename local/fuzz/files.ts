/**
 * Damages files of people: whatever the bytes, they must be read or refused with a sentence, and every row must have a
 * line number.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { openPeopleFile } from '../../audience/file';
import { explain, refusalOf } from '../../config/errors';
import { UGLY_FILES } from '../../test/support/ugly-files';
import type { FuzzTarget } from './target';

/** The ugly files of the tests, and what people have met elsewhere. */
const SEEDS = Object.values(UGLY_FILES).filter((bytes) => bytes.length < 200_000);

/** Pieces that mean something to one of the readers. */
const PIECES = [
  '"', '""', ';', ',', '\t', '\n', '\r', '\0', '\u001a', '\ufeff', '="', '=A1', '#N/A', '[', ']', '{', '}', 'NaN', '\\', 'sep=;\n',
  '<row hidden="1">', '</row>', '<c t="s"><v>', '<c t="e"><v>#REF!</v></c>', '<v/>', '<f>', '</c>', '<rPh>', 's="99"', 't="d"',
  '<![CDATA[', '<!--', '&#0;', '&lol;', 'numFmtId="164"', 'formatCode="[h]:mm"', '1e309', '-1', '99999999999999999999', '+7 900 123-45-67',
].map((text) => Buffer.from(text)); // prettier-ignore

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 40 }),
  put: fc.oneof(
    fc.constantFrom(...PIECES),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  ),
  times: fc.constantFrom(1, 1, 1, 2, 50, 2000),
});
const input = fc.record({
  seed: fc.constantFrom(...SEEDS),
  /** For a zip: change the content of its parts, so that it reaches the reader. */
  inside: fc.boolean(),
  changes: fc.array(change, { minLength: 1, maxLength: 6 }),
});

export const files: FuzzTarget = {
  mostMs: 5000,
  mostMegabytes: 900,
  run: async (seed) => {
    const [made] = fc.sample(input, { seed, numRuns: 1 });
    const bytes = damaged(made!);
    const opened = await openPeopleFile(bytes, { country: 'RU' });
    const read = opened.ok
      ? await opened.value.read(({ people, numbers }) => {
          if (people.some(({ origin }) => !(Number(origin) >= 1))) throw new Error('a row without a line');
          if (numbers.flat().some(({ e164 }) => !/^\+[1-9]\d{6,14}$/.test(e164))) throw new Error('no E.164');
        })
      : opened;
    if (read.ok) return;
    // Text from the file itself may look like a sentence with a missing value.
    const values = Object.fromEntries(Object.keys(read.refusal.values).map((name) => [name, 7]));
    for (const language of ['ru', 'en'] as const) {
      if (/\{\{|undefined/.test(explain(refusalOf({ code: read.refusal.code, values }), language)))
        throw new Error(`no sentence: ${read.refusal.code}`);
    }
  },
};

type Made = typeof input extends fc.Arbitrary<infer Input> ? Input : never;

function damaged({ seed, inside, changes }: Made): Buffer {
  const isZip = seed.subarray(0, 4).toString('hex') === '504b0304';
  return isZip && inside ? rezipped(seed, (content) => changed(content, changes)) : changed(seed, changes);
}

function changed(bytes: Buffer, changes: Made['changes']): Buffer {
  return changes.reduce((made, { at, cut, put, times }) => {
    const place = Math.floor(at * made.length);
    return Buffer.concat([made.subarray(0, place), ...Array<Buffer>(times).fill(put), made.subarray(place + cut)]);
  }, bytes);
}

/** The archive with one of its parts changed, sizes and checksum right. */
function rezipped(zip: Buffer, change: (content: Buffer) => Buffer): Buffer {
  const entries: { name: Buffer; content: Buffer }[] = [];
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const [packed, nameLength, extra] = [zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26), zip.readUInt16LE(at + 28)];
    const start = at + 30 + nameLength + extra;
    const data = zip.subarray(start, start + packed);
    try {
      const content = zip.readUInt16LE(at + 8) === 8 ? inflateRawSync(data) : data;
      entries.push({ name: zip.subarray(at + 30, at + 30 + nameLength), content });
    } catch {
      return change(zip);
    }
    at = start + packed;
    if (at + 4 > zip.length) break;
  }
  const which = entries.length > 0 ? zip.length % entries.length : -1;
  const chosen = entries.findIndex(({ name }) => /sheet1|sharedStrings/.test(name.toString()));
  return archive(entries.map((entry, index) => (index === (zip.length % 2 ? which : chosen) ? { ...entry, content: change(entry.content) } : entry)));
} // prettier-ignore

function archive(entries: readonly { name: Buffer; content: Buffer }[]): Buffer {
  const [local, central]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('504b01021400', 'hex'), fields, rest, name);
    local.push(Buffer.from('504b0304', 'hex'), fields, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
