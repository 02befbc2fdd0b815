import type { EdgeContainer, EdgePlace, EdgeServer, EdgeWish } from './types.ts';

/** One server of the upstream file; `address`: where its name led when nginx last read it. */
export type NginxServer = { name: string; id: string; address: string; weight: number };

/** What the file says; `loaded`: nginx has read it in this form. Lines of others are passed through. */
export type NginxFile = { servers: NginxServer[]; foreign: string[]; loaded: boolean };

type Addresses = (container: EdgeContainer) => string | undefined;

const loadedMark = '# nginx has read this';
const nobody = 'server 127.0.0.1:1 down; # nobody yet';
const heading =
  '# The servers that nginx asks. Written by playbook at each switch: changes to lines with "#" at their end are lost.';

/** Reads the file; a line that is not ours stays a line that is not ours. */
export function parseNginxFile(text: string): NginxFile {
  const servers: NginxServer[] = [];
  const foreign: string[] = [];
  for (const line of text.split('\n')) {
    const found = /^server (\S+):\d+ weight=(\d+); # ([0-9a-f]{64}) (\S+)$/.exec(line);
    if (found)
      servers.push({ name: found[1] ?? '', weight: Number(found[2]), id: found[3] ?? '', address: found[4] ?? '' });
    else if (line !== '' && ![heading, loadedMark, nobody].includes(line)) foreign.push(line);
  }
  const lines = text.split('\n');
  return { servers, foreign, loaded: lines.includes(loadedMark) || !lines.includes(heading) };
}

/**
 * Takes over names of containers that a person wrote for the first start. The service's own name is given up: nobody knows which
 * containers it meant when nginx looked.
 */
export function adopted(
  file: NginxFile,
  containers: readonly EdgeContainer[],
  address: Addresses,
  place: EdgePlace,
): NginxFile {
  const hosts = file.foreign.map((line) => /^\s*server\s+([^\s:;]+):(\d+)\b/.exec(line));
  const own = hosts.map((found) => {
    if (found?.[2] !== String(place.port)) return [];
    return containers.filter(({ name }) => name === found[1]);
  });
  const isOwn = (index: number): boolean => hosts[index]?.[1] === place.service || (own[index]?.length ?? 0) > 0;
  const taken = own.flat().filter(({ id }) => !file.servers.some((each) => each.id === id));
  const servers = [...new Set(taken)].map(({ id, name, ...rest }): NginxServer => {
    return { name, id, weight: 100, address: address({ id, name, ...rest }) ?? '-' };
  });
  return { ...file, servers: [...file.servers, ...servers], foreign: file.foreign.filter((_, index) => !isOwn(index)) };
}

/** Names stay right when addresses change at a start; the address beside it tells that nginx must look again. */
export function renderNginxFile({ servers, foreign, loaded }: NginxFile, port: number): string {
  const lines = servers.map(
    ({ name, weight, id, address }) => `server ${name}:${port} weight=${weight}; # ${id} ${address}`,
  );
  const asked = lines.length + foreign.length === 0 ? [nobody] : lines;
  return `${[heading, ...foreign, ...asked, ...(loaded ? [loadedMark] : [])].join('\n')}\n`;
}

/** Whether it asks the service by the name that all its containers share. */
export function asksByAlias(text: string, { service }: EdgePlace): boolean {
  return new RegExp(`^\\s*server\\s+${service}[:;\\s]`, 'm').test(text);
}

/** What nginx asks. A container whose address changed since nginx read its name is not asked: nginx still has the old one. */
export function serversOf(
  file: NginxFile,
  containers: readonly EdgeContainer[],
  address: Addresses,
  port: number,
): EdgeServer[] {
  return file.servers.map(({ name, id, address: read, weight }) => {
    const container = containers.find((each) => each.id === id);
    const now = container && address(container);
    return {
      name,
      ...(container && { container: id }),
      ...(now && { address: `${now}:${port}` }),
      state: file.loaded && now === read ? 'ready' : 'out',
      check: 'none',
      weight,
      sessions: 0,
    };
  });
}

/** The file as it shall be. Containers that are gone or have no address are left out: nginx would not start with their names. */
export function withWishes(
  file: NginxFile,
  wishes: readonly EdgeWish[],
  containers: readonly EdgeContainer[],
  address: Addresses,
): NginxFile {
  const servers = containers.flatMap((container): NginxServer[] => {
    const wish = wishes.find((each) => each.container === container.id);
    const was = file.servers.find(({ id }) => id === container.id);
    const now = address(container);
    const weight = wish?.weight ?? was?.weight ?? 100;
    const asked = (wish ? wish.state === 'ready' : was !== undefined) && weight > 0;
    return asked && now !== undefined ? [{ name: container.name, id: container.id, address: now, weight }] : [];
  });
  return { servers, foreign: file.foreign, loaded: file.loaded };
}

/** The line that proves that nginx includes the file where it should. */
export function includedIn(dump: string, place: EdgePlace): boolean {
  return dump.includes(heading) && dump.includes(`upstream ${place.backend} `);
}
