import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Listener, parseProcNet } from './proc-net.ts';

const tables = [
  { file: '/proc/net/tcp', protocol: 'tcp' },
  { file: '/proc/net/tcp6', protocol: 'tcp' },
  { file: '/proc/net/udp', protocol: 'udp' },
  { file: '/proc/net/udp6', protocol: 'udp' },
] as const;

/** Every socket of this machine that holds a port; no socket is opened to find out. */
export async function readListeners(): Promise<Listener[]> {
  const texts = await Promise.all(
    // Without IPv6 there is no such table.
    tables.map(async ({ file, protocol }) => ({ text: await readFile(file, 'utf8').catch(() => ''), protocol })),
  );
  return texts.flatMap(({ text, protocol }) => parseProcNet(text, protocol));
}

/** Who holds the sockets, by inode: `nginx (pid 812)`. Processes of other users stay unknown without root. */
export async function processesOf(inodes: readonly string[]): Promise<Record<string, string>> {
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const found: Record<string, string> = {};
  if (wanted.size === 0) return found;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process may end, or belong to somebody else, while it is looked at.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    for (const link of links.filter((one) => wanted.has(one)))
      found[link.slice('socket:['.length, -1)] ??= `${await nameOf(pid)} (pid ${pid})`;
  }
  return found;
}

/** The program's name; what the kernel calls a process may be a thread's name (Node says `MainThread`). */
async function nameOf(pid: string): Promise<string> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  return program ? basename(program) : (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim();
}
