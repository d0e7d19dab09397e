/**
 * Addresses that no link from outside may lead to, by kind; the first and last of each net, and their public
 * neighbours.
 */
import { isPublicAddress, mayBePublic, publicOnly } from '../../clients/public-addresses';

test.each([
  ['this network', '0.0.0.0', '0.255.255.255'],
  ['private, 10/8', '10.0.0.0', '10.255.255.255'],
  ['a carrier’s NAT', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.1', '127.255.255.255'],
  ['link-local and metadata', '169.254.0.0', '169.254.169.254', '169.254.255.255'],
  ['private, 172.16/12', '172.16.0.0', '172.31.255.255'],
  ['protocol assignments', '192.0.0.0', '192.0.0.170', '192.0.0.255'],
  ['documentation', '192.0.2.1', '198.51.100.255', '203.0.113.7'],
  ['AS112 and AMT', '192.31.196.1', '192.52.193.1', '192.175.48.255'],
  ['6to4 relays', '192.88.99.0', '192.88.99.255'],
  ['private, 192.168/16', '192.168.0.0', '192.168.255.255'],
  ['benchmarks', '198.18.0.0', '198.19.255.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved and broadcast', '240.0.0.0', '255.255.255.254', '255.255.255.255'],
  ['unspecified and loopback, IPv6', '::', '::1', '0:0:0:0:0:0:0:1'],
  ['::/96, the old IPv4-compatible', '::127.0.0.1', '::808:808', '::ffff:ffff'],
  ['mapped IPv4, private or not', '::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:8.8.8.8', '::ffff:0:10.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b::808:808', '64:ff9b::ffff:ffff'],
  ['local NAT64', '64:ff9b:1::', '64:ff9b:1::a9fe:a9fe', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard-only', '100::', '100::ffff:ffff:ffff:ffff', '100:0:0:1::'],
  ['Teredo', '2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['benchmarks and ORCHID', '2001:2::1', '2001:10::1', '2001:2f:ffff::', '2001:1ff:ffff:ffff::'],
  ['documentation, IPv6', '2001:db8::1', '2001:db8:ffff:ffff::', '3fff::', '3fff:fff:ffff::'],
  ['6to4', '2002::', '2002:7f00:1::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['AS112, IPv6', '2620:4f:8000::1'],
  ['segment routing and unassigned', '4000::', '5f00::1', '8000::', 'bfff::', 'e000::'],
  ['unique local', 'fc00::', 'fd12:3456::1', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link-local, with a zone too', 'fe80::1', 'febf:ffff::', 'fe80::1%eth0', '2606:4700::1%1'],
  ['site-local', 'fec0::1', 'feff::1'],
  ['multicast, IPv6', 'ff00::', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['no address', '', 'example.org', '1.2.3', '1.2.3.4.5', '12345::'],
])('the address %s is not public', (_kind, ...addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test('what lies beside those nets is public', () => {
  const open = ['1.0.0.0', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.3.0', '192.88.98.1', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '198.51.99.1', '203.0.114.0', '223.255.255.255', '2000::', '2001:200::1', '2001:db7::1', '2001:db9::1', '2001:4860:4860::8888', '2003::1', '2606:4700::1111', '2620:4f:7fff::1', '2a02:6b8::a', '3ffe::1', '3fff:1000::']; // prettier-ignore
  expect(open.filter((address) => !isPublicAddress(address))).toEqual([]);
});

test.each([
  // The URL's own reading of decimal, octal, hexadecimal and short spellings.
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://192.168.1/',
  'https://[::ffff:192.168.0.1]/',
  'https://[64:ff9b::c0a8:1]/',
  'https://127.0.0.1./',
  'https://１２７.0.0.1/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://media.localhost/',
  'https://printer.local/',
  'https://metadata.google.internal/',
  'https://router.home.arpa/',
])('the link %s leads inside the network', (link) => expect(mayBePublic(new URL(link).hostname)).toBe(false));

test.each(['https://example.org/', 'https://local.example.org/', 'https://notlocalhost/', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])('the address %s may be public', (link) => expect(mayBePublic(new URL(link).hostname)).toBe(true)); // prettier-ignore

test('a name that leads to this machine is refused when it connects, asked for one address or all', async () => {
  for (const all of [true, false]) {
    const code = await new Promise((resolve) =>
      publicOnly('localhost', { all }, (error) => resolve((error as NodeJS.ErrnoException | null)?.code)),
    );
    expect(code).toBe('ENOTPUBLIC');
  }
});
