import { addressFor, type Reached } from './containers.ts';
import type { EdgeContainer, EdgePlace, EdgeServer } from './types.ts';

/** One server of the backend as HAProxy tells of it in `show stat` and `show servers state`. */
export type Slot = {
  name: string;
  /** Without the port; undefined while it has none. */
  ip?: string;
  port: number;
  /** The name it is resolved by. */
  fqdn?: string;
  /** Its names are resolved by a `resolvers` section. */
  resolved: boolean;
  state: EdgeServer['state'];
  check: EdgeServer['check'];
  weight: number;
  sessions: number;
};

/** The servers of one backend, in the order of the configuration; undefined where there is no such backend. Pure. */
export function slotsOf(backend: string, stat: string, state: string): Slot[] | undefined {
  const rows = csv(stat).filter(({ pxname }) => pxname === backend);
  if (!rows.some(({ svname }) => svname === 'BACKEND')) return undefined;
  const states = new Map(stateRows(state, backend).map((row) => [row['srv_name'] ?? '', row]));
  return rows
    .filter(({ svname }) => svname !== 'BACKEND' && svname !== 'FRONTEND')
    .flatMap((row) => {
      const server = states.get(row['svname'] ?? '');
      return server ? [slot(row, server)] : [];
    });
}

/** Names of the backends, and whether this one keeps clients with a server. Pure. */
export function backendsOf(stat: string): { name: string; cookie: boolean }[] {
  return csv(stat)
    .filter(({ svname }) => svname === 'BACKEND')
    .map(({ pxname, cookie }) => ({ name: pxname ?? '', cookie: Boolean(cookie) }));
}

/** Which containers the slots stand for: by the ID they are resolved by, else by their address now. Pure. */
export function serversOf(slots: readonly Slot[], reached: Reached): EdgeServer[] {
  return slots.map((one) => {
    const container = containerIn(one, reached.containers);
    const { name, state, check, weight, sessions, ip, port } = one;
    const address = ip === undefined ? undefined : `${ip}:${port}`;
    return {
      name,
      state,
      check,
      weight,
      sessions,
      ...(container && { container: container.id }),
      ...(address && { address }),
    };
  });
}

/** Whether the slot asks the container where it is now. */
export function points(one: Slot, container: EdgeContainer, port: number): boolean {
  return one.port === port && Object.values(container.addresses).includes(one.ip ?? '');
}

/** The name by which Docker's DNS knows a container for as long as it exists, whatever it is called. */
export function dnsName(id: string): string {
  return id.slice(0, 12);
}

/** Where a container can be put: what stands for nothing first, then for one that does not run, then for one that does. Pure. */
export function freeSlots(slots: readonly Slot[], containers: readonly EdgeContainer[]): Slot[] {
  const rank = (one: Slot): number => {
    const container = containerIn(one, containers);
    return container === undefined ? 0 : container.running ? 2 : 1;
  };
  return slots
    .filter((one) => one.state === 'out' || (one.state === 'drain' && containerIn(one, containers) === undefined))
    .toSorted((a, b) => rank(a) - rank(b));
}

/** Where the container is to be asked; undefined where the edge does not reach it. */
export function wantedAddress(container: EdgeContainer, reached: Reached, { port }: EdgePlace) {
  const ip = container.running ? addressFor(container, reached) : undefined;
  return ip === undefined ? undefined : { ip, port };
}

function containerIn(one: Slot, containers: readonly EdgeContainer[]): EdgeContainer | undefined {
  if (/^[0-9a-f]{12}$/.test(one.fqdn ?? '')) return containers.find(({ id }) => dnsName(id) === one.fqdn);
  return containers.find(({ addresses }) => one.ip !== undefined && Object.values(addresses).includes(one.ip));
}

function slot(row: Row, state: Row): Slot {
  const admin = Number(state['srv_admin_state']);
  const ip = state['srv_addr'] ?? '-';
  const fqdn = state['srv_fqdn'] ?? '-';
  return {
    name: row['svname'] ?? '',
    ...(ip !== '-' && { ip }),
    ...(fqdn !== '-' && { fqdn }),
    port: Number(state['srv_port']),
    resolved: (admin & (bits.unresolved | bits.named)) !== 0,
    state: admin & bits.maint ? 'out' : admin & bits.drain ? 'drain' : 'ready',
    check: Number(state['srv_check_state']) & bits.checked ? checkOf(row, admin) : 'none',
    weight: Number(state['srv_uweight']),
    sessions: Number(row['scur'] || 0) + Number(row['qcur'] || 0),
  };
}

/**
 * HAProxy's own bits. Of the administrative state: forced or inherited maintenance, the same of drain, no answer of the DNS, a
 * name given at run time. Of the check's state: it is configured.
 */
const bits = { maint: 0x03, drain: 0x18, unresolved: 0x20, named: 0x40, checked: 0x02 };

/** The status alone tells: the result of the last check may still be that of whatever the slot stood for before. */
function checkOf(row: Row, admin: number): Slot['check'] {
  const status = row['status'] ?? '';
  if (admin & bits.maint) return 'pending';
  if (admin & bits.unresolved || status.startsWith('DOWN')) return 'fails';
  return row['check_status'] === 'INI' ? 'pending' : 'passes';
}

type Row = Record<string, string | undefined>;

function csv(text: string): Row[] {
  const [head = '', ...lines] = text.split('\n');
  const names = head.replace(/^# /, '').split(',');
  return lines.filter((line) => line !== '').map((line) => rowOf(names, fields(line)));
}

/** Fields may be quoted: a check's answer is a field. */
function fields(line: string): string[] {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

function stateRows(text: string, backend: string): Row[] {
  const lines = text.split('\n');
  const names = (lines.find((line) => line.startsWith('# ')) ?? '').slice(2).split(' ');
  return lines
    .filter((line) => /^\d+ /.test(line))
    .map((line) => rowOf(names, line.split(' ')))
    .filter((row) => row['be_name'] === backend);
}

function rowOf(names: readonly string[], values: readonly string[]): Row {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}
