export type Protocol = 'tcp' | 'udp' | 'sctp';

/** A socket that holds a port of this machine. */
export type Listener = { ip: string; port: number; protocol: Protocol; inode: string };

/** Sockets that listen (TCP) or are bound (UDP), from the text of `/proc/net/tcp`, `tcp6`, `udp` or `udp6`. Pure. */
export function parseProcNet(text: string, protocol: Protocol): Listener[] {
  const holds = protocol === 'tcp' ? '0A' : '07';
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === holds)
    .flatMap((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      const inode = fields[9];
      if (inode === undefined) return [];
      return [{ ip: ipOf(address), port: Number.parseInt(port, 16), protocol, inode }];
    });
}

/** The kernel writes addresses as words of four bytes, the lowest byte first. */
function ipOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const text = bytes.join('').toLowerCase();
  if (text.startsWith(`${'0'.repeat(20)}ffff`)) {
    return bytes
      .slice(12)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  }
  return canonicalIp((text.match(/.{4}/g) ?? []).join(':'));
}

/** One way of writing an IPv6 address (`::1`); an IPv4 address and what is none stay as they are. */
export function canonicalIp(ip: string): string {
  const bare = ip.replace(/^\[|\]$/g, '');
  if (!bare.includes(':') || !URL.canParse(`http://[${bare}]/`)) return bare;
  return new URL(`http://[${bare}]/`).hostname.replace(/^\[|\]$/g, '');
}
