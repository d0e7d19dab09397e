/** `--param 1=column:name --param 2=text:Hello`: where each of the template's parameters comes from. */
import type { ParameterSource } from '../domain/audience';
import { WrongUsage } from './errors';

const EXPECTED = 'expected POSITION=column:NAME or POSITION=text:WORDS, such as 1=column:name';

/** The sources in order of position. Throws WrongUsage that names a bad one, a double or a gap. */
export function parseParameters(values: readonly string[]): ParameterSource[] {
  const sources = new Map<number, { source: ParameterSource; given: string }>();
  for (const given of values) {
    const { position, source } = parseOne(given);
    const earlier = sources.get(position);
    if (earlier)
      throw new WrongUsage(`--param: position ${position} is given twice, as "${earlier.given}" and as "${given}"`);
    sources.set(position, { source, given });
  }
  const positions = [...sources.keys()].sort((a, b) => a - b);
  const gap = positions.findIndex((position, index) => position !== index + 1);
  if (gap >= 0) {
    throw new WrongUsage(
      `--param: position ${gap + 1} is missing, given are ${positions.join(', ')}; expected 1 to ${positions.at(-1)} without gaps`,
    );
  }
  return positions.map((position) => sources.get(position)!.source);
}

function parseOne(given: string): { position: number; source: ParameterSource } {
  const [, positionText = '', kind = '', value = ''] = /^\s*([^=]*?)\s*=\s*(column|text):(.*)$/s.exec(given) ?? [];
  if (kind === '') throw new WrongUsage(`--param "${given}": ${EXPECTED}`);
  if (!/^[1-9]\d?$/.test(positionText)) {
    throw new WrongUsage(
      `--param "${given}": "${positionText}" is no position, they are whole numbers from 1; ${EXPECTED}`,
    );
  }
  if (value.trim() === '') throw new WrongUsage(`--param "${given}": nothing stands after "${kind}:"; ${EXPECTED}`);
  const source: ParameterSource = kind === 'column' ? { kind, column: value.trim() } : { kind: 'text', value };
  return { position: Number(positionText), source };
}
