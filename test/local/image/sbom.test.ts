/** The image's bill of materials, and which licences its packages may have. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packagesOfImage } from '../../../local/image/packages';
import { sbomOf, type Component } from '../../../local/image/sbom';

const ROOT = resolve(__dirname, '../../..');
const paths = packagesOfImage(ROOT);
const { components, metadata, serialNumber } = sbomOf(ROOT, paths);

/** They let anybody use and pass on the whole, with their notices. MPL: its own files stay open, and are not changed here. */
const ALLOWED = [
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'Unlicense',
    'CC0-1.0',
  ],
  ...['Python-2.0', 'MPL-2.0', 'OFL-1.1'],
];

const licenceOf = ({ licenses: [one] }: Component): string => (one && 'license' in one ? one.license.id : (one?.expression ?? '')); // prettier-ignore

/** Whether one of the ways in which it may be used is allowed: `A OR B` either, `A AND B` both. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '');
  return plain.split(' OR ').some((way) => way.split(' AND ').every((id) => ALLOWED.includes(id.trim())));
}

test('every package of the image has a licence that may be used', () => {
  const others = components.filter((one) => !isAllowed(licenceOf(one)));
  expect(others.map((one) => `${one.purl}: ${licenceOf(one)}`)).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND GPL-3.0', false],
  ['AGPL-3.0-only', false],
  ['NOASSERTION', false],
])('%s: %s', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

test('it lists exactly what the image loads, each with version, address and checksum', () => {
  const installed = paths.map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    return `pkg:npm/${name!.replace('@', '%40')}@${version}`;
  });
  expect(components.map(({ purl }) => purl).toSorted()).toEqual([...new Set(installed)].toSorted());
  expect(components.filter(({ hashes }) => !/^[0-9a-f]{128}$/.test(hashes?.[0]?.content ?? ''))).toEqual([]);
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['mongodb', 'telegraf', 'core-bridge']));
  expect(components.filter(({ name }) => ['jest', 'typescript', 'webpack', 'tsx'].includes(name))).toEqual([]);
  expect(metadata.component).toMatchObject({
    type: 'application',
    name: 'bobcofer',
    licenses: [{ license: { id: 'MIT' } }],
  });
  expect(serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(sbomOf(ROOT, paths).serialNumber).toBe(serialNumber);
});

test('Dependabot watches everything that is pinned', () => {
  const file = readFileSync(join(ROOT, '.github/dependabot.yml'), 'utf8');
  for (const ecosystem of ['npm', 'docker', 'docker-compose'])
    expect(file).toContain(`package-ecosystem: ${ecosystem}`);
  expect(existsSync(join(ROOT, 'Dockerfile'))).toBe(true);
});
