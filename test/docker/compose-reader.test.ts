import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, readCompose } from '../../local/rehearse/compose';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-compose-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string, env: Record<string, string> = {}): ReturnType<typeof readCompose> {
  const path = join(folder, 'compose.yml');
  writeFileSync(path, text);
  return readCompose(path, env);
}

const one = (value: string, env?: Record<string, string>): unknown =>
  read(`services: { one: { image: '${value}' } }`, env).services['one']?.image;

it.each([
  ['$$name and $$(command) and $$((1 + 1))', '$name and $(command) and $((1 + 1))'],
  ['$${NAME}', '${NAME}'],
  ['a ${NAME} b', 'a given b'],
  ['${NAME:-default}', 'given'],
  ['${EMPTY:-default}', 'default'],
  ['${ABSENT:-mongodb://mongodb:27017/x?replicaSet=rs0}', 'mongodb://mongodb:27017/x?replicaSet=rs0'],
  ['${ABSENT}', ''],
])('an interpolated compose value %s is %s', (value, expected) => {
  expect(one(value, { NAME: 'given', EMPTY: '' })).toBe(expected);
});

it.each(['$NAME', '${NAME?needed}', '${NAME:+other}', 'ends with $'])('%s is refused: it is not read here', (value) => {
  expect(() => one(value)).toThrow(/expected \$\$, \$\{NAME\} or \$\{NAME:-default\}, got .* in: /);
});

it('merges anchors, and hands through what has no value and is set', () => {
  const { services } = read(
    'x-a: &a { A: 1, B: }\nx-b: &b { C: }\nservices: { one: { environment: { <<: [*a, *b], A: 2 } } }',
  );
  expect(environmentOf(services['one'] ?? {}, { B: 'b', D: 'd' })).toEqual({ A: '2', B: 'b' });
});
