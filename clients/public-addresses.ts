/** Which IP addresses are public: links from outside may lead only there. */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** `code` of the error when a connection would go to a non-public address. */
export const NOT_PUBLIC = 'ENOTPUBLIC';

/** IANA's special-purpose registry of IPv4, multicast, and the reserved range above it. */
const IPV4: readonly (readonly [net: string, bits: number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carriers' NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, metadata of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

/** Public IPv6 is 2000::/3 minus these. */
const IPV6: readonly (readonly [net: string, bits: number])[] = [
  // ::/96, mapped IPv4, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), discard-only.
  ['::', 3],
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
  ['4000::', 2],
  // Segment routing, fc00::/7, fe80::/10, fec0::/10, ff00::/8.
  ['8000::', 1],
];

/**
 * One list per family: a BlockList compares IPv4 addresses as ::ffff:0:0/96 with IPv6 nets, so ::/3 would block all of
 * them.
 */
const NOT_PUBLIC_4 = new BlockList();
for (const [net, bits] of IPV4) NOT_PUBLIC_4.addSubnet(net, bits, 'ipv4');
const NOT_PUBLIC_6 = new BlockList();
for (const [net, bits] of IPV6) NOT_PUBLIC_6.addSubnet(net, bits, 'ipv6');

/** Whether an IP address, in any spelling node reads, is public; false for anything else. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !NOT_PUBLIC_4.check(address, 'ipv4');
    case 6:
      // With a zone (`fe80::1%eth0`) it is link-local.
      return !address.includes('%') && !NOT_PUBLIC_6.check(address, 'ipv6');
    default:
      return false;
  }
}

/**
 * Whether the host of a `URL` may be public: a public address, or a name, which `publicOnly` checks when it connects.
 */
export function mayBePublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(host) === 0 ? !/(^|\.)(localhost|local|internal|home\.arpa)$/i.test(host) : isPublicAddress(host);
}

/**
 * A DNS lookup for connections, so that no name can lead inside: returns only public addresses, or fails with
 * NOT_PUBLIC.
 */
export const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 4);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (!first) return callback(Object.assign(new Error('not a public address'), { code: NOT_PUBLIC }), '', 4);
    return options.all ? callback(null, open) : callback(null, first.address, first.family);
  });
};
