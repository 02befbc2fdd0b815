import type { ComposeService } from '../clients/compose-types.ts';

/** Who depends on whom, by service name. */
export type Graph = Readonly<Record<string, readonly string[]>>;

/** All services that one needs, by every way Compose has: conditions, shared namespaces, volumes and links. */
export function dependenciesOf(config: ComposeService): string[] {
  const shared = [config.network_mode, config['ipc'], config['pid']].flatMap((mode) => sharedService(mode) ?? []);
  const volumes = lendersOf(config).flatMap(({ service }) => service ?? []);
  const links = texts(config['links']).map((link) => link.split(':')[0] ?? link);
  return [...new Set([...Object.keys(config.depends_on ?? {}), ...shared, ...volumes, ...links])];
}

/** The service whose namespace is used: `service:vpn` gives `vpn`. */
export function sharedService(mode: unknown): string | undefined {
  return typeof mode === 'string' && mode.startsWith('service:') ? mode.slice('service:'.length) : undefined;
}

/**
 * Whose volumes one takes over (`volumes_from`); without a service it is a container that the files say nothing of. Compose
 * drops the mode behind it: a lent mount stays as its lender has it.
 */
export function lendersOf(config: ComposeService): { service?: string }[] {
  return texts(config['volumes_from']).map((entry) => {
    const [name = '', ...rest] = entry.split(':');
    return name === 'container' && rest.length > 0 ? {} : { service: name };
  });
}

/** Every name after all it depends on; equal ones by name, so that the same stack gives the same order. */
export function topological(graph: Graph): { order: string[]; cycle?: string[] } {
  const order: string[] = [];
  const done = new Set<string>();
  let cycle: string[] | undefined;
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) cycle ??= [...path.slice(path.indexOf(name)), name];
    if (done.has(name) || path.includes(name)) return;
    for (const needed of [...(graph[name] ?? [])].sort()) if (needed in graph) visit(needed, [...path, name]);
    done.add(name);
    order.push(name);
  };
  for (const name of Object.keys(graph).sort()) visit(name, []);
  return cycle ? { order, cycle } : { order };
}

/** The names themselves and all they need, however far away. */
export function closure(graph: Graph, names: Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name) || !(name in graph)) return;
    reached.add(name);
    for (const needed of graph[name] ?? []) visit(needed);
  };
  for (const name of names) visit(name);
  return reached;
}

/** Splits names into groups of which none needs another, through any chain of services; each in the order given. */
export function connectedGroups(
  names: readonly string[],
  graph: Graph,
  more: readonly [string, string][] = [],
): string[][] {
  const group = new Map(names.map((name) => [name, name]));
  const root = (name: string): string => {
    const parent = group.get(name) ?? name;
    return parent === name ? name : root(parent);
  };
  const join = (one: string, other: string) => group.set(root(one), root(other));
  for (const name of names) {
    for (const needed of closure(graph, [name])) if (group.has(needed)) join(name, needed);
  }
  for (const [one, other] of more) if (group.has(one) && group.has(other)) join(one, other);
  const groups = Map.groupBy(names, root);
  return [...groups.values()];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
