/** The address of a proxy as an operator writes it: `socks5://user:password@host:1080`. */

/** Undefined when it is none: another scheme, no host or port, a path, or user and password that cannot be decoded. */
export function readProxy(written: string): string | undefined {
  if (!/^(https?|socks5h?):\/\/[^/?#]+:\d+\/?$/i.test(written) || !URL.canParse(written)) return undefined;
  const { protocol, username, password, host, port } = new URL(written);
  try {
    decodeURIComponent(username + password);
  } catch {
    return undefined;
  }
  const access = username || password ? `${username}:${password}@` : '';
  const defaults: Record<string, string> = { 'http:': ':80', 'https:': ':443' };
  // The proxy looks up Telegram's name either way, so `socks5h` says nothing more.
  const scheme = protocol === 'socks5h:' ? 'socks5:' : protocol;
  return host === '' ? undefined : `${scheme}//${access}${host}${port === '' ? defaults[protocol] : ''}`;
}
