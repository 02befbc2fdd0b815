import type { ComposeService } from '../../clients/compose-types.ts';
import type { Finder, Found } from './subject.ts';

/** Who can reach what. */

export const databaseOpenToWorld: Finder = ({ config }) =>
  open(config).flatMap((port) => (PRIVATE.has(port.target) ? [found(port)] : []));

export const portOpenToWorld: Finder = ({ config }) =>
  open(config).flatMap((port) => (PRIVATE.has(port.target) ? [] : [found(port)]));

/** Databases, caches, brokers, search engines, coordination, and the engine itself: nothing that strangers should speak with. */
const PRIVATE: ReadonlySet<number> = new Set([
  1433, 1521, 2019, 2181, 2375, 2376, 2379, 3306, 5432, 5672, 5984, 6379, 7687, 8086, 8500, 9042, 9200, 9300, 11211,
  15672, 27017,
]);

type Port = NonNullable<ComposeService['ports']>[number];

function open({ ports = [], network_mode }: ComposeService): Port[] {
  return network_mode === 'host' ? [] : ports.filter(({ host_ip = '' }) => ['', '0.0.0.0', '::'].includes(host_ip));
}

function found({ target, published = '' }: Port): Found {
  const at = ['ports', published];
  if (published === '') return { say: `publishes its port ${target} on every address`, at: ['ports', String(target)] };
  return { say: `publishes ${published} on every address`, at };
}
