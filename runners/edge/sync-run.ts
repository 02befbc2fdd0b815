import { Refusal } from '../../src/errors.ts';
import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { edgeChanger } from '../clients/edge/open.ts';
import type { EdgePlace, EdgeServer } from '../clients/edge/types.ts';
import { desiredStack } from '../stack/desired.ts';
import { edgePlaces } from '../stack/edge-place.ts';
import type { DesiredStack, ObservedContainer } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { counted, listed } from '../stack/words.ts';
import { CHECK_WITHIN, letGo } from './let-go.ts';
import { type EdgeReceipt, knownAs } from './receipt.ts';
import { abilities, changes, lookAtEdge } from './sight.ts';

export type SyncParams = { services?: string[]; within: number };
export type SyncOutputs = { joined: string[]; released: string[]; say: string };

/** How one service's place differs from what it shall be; `stale`: it stands for containers that are not there. */
export type Unlike = { join: string[]; release: string[]; stale: number };

export async function planSync(params: SyncParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const desired = await desiredStack(look);
  const places = placesOf(params, desired, look);
  if (places.length === 0) return [];
  const { services } = await observedStack(look, desired.project);
  const listedChanges: Change[] = [];
  for (const place of places) {
    const { edge, servers } = await lookAtEdge(place, look, earlier);
    const later = changes(place.service, earlier) || servers === undefined;
    const unlike = decideSync(services[place.service] ?? [], servers ?? []);
    const because = later ? ['its containers change'] : sayUnlike(unlike);
    if (because.length === 0) continue;
    listedChanges.push({
      verb: 'route',
      target: place.service,
      because,
      ...abilities(edge, [...earlier, ...listedChanges]),
      // What earlier steps have switched in themselves is nothing to do any more by then.
      certainty: later ? 'likely' : 'certain',
    });
  }
  return listedChanges;
}

export async function runSync(params: SyncParams, context: RunContext<EdgeReceipt>): Promise<SyncOutputs> {
  const desired = await desiredStack(context.look);
  const joined: string[] = [];
  const released: string[] = [];
  const places = placesOf(params, desired, context.look);
  for (const place of places) {
    const done = await syncOne(place, desired, params.within, context);
    joined.push(...done.joined);
    released.push(...done.released);
  }
  return { joined, released, say: saySynced(places.length, { joined, released }) };
}

/** Whoever has no edge must not read that it serves. Pure. */
export function saySynced(edges: number, { joined, released }: Omit<SyncOutputs, 'say'>): string {
  if (edges === 0) return 'no service stands behind an edge';
  const said = [
    ...(joined.length > 0 ? [`${listed(joined)} let in`] : []),
    ...(released.length > 0 ? [`${listed(released)} taken out`] : []),
  ];
  return said.join('; ') || 'every edge serves what it should';
}

async function syncOne(
  place: EdgePlace,
  desired: DesiredStack,
  within: number,
  context: RunContext<EdgeReceipt>,
): Promise<{ joined: string[]; released: string[] }> {
  const edge = await edgeChanger(place, context);
  const { services } = await observedStack(context.look, desired.project);
  const present = services[place.service] ?? [];
  const servers = await edge.servers();
  const { join, release, stale } = decideSync(present, servers);
  if (!present.some(serves))
    context.log(`${place.service} has no healthy container: nothing is changed at ${place.driver}`);
  if (join.length + release.length + stale === 0) {
    await edge.persist();
    return { joined: [], released: [] };
  }
  const was = knownAs([...join, ...release], servers, await edge.containers());
  await context.record({ place, was, within, retire: [] });
  await edge.put(
    join.map((container) => ({ container, state: 'ready' })),
    CHECK_WITHIN,
  );
  await letGo(release, edge, context, { within });
  const cleared = stale > 0 ? await edge.clear() : [];
  await edge.persist();
  const named = (ids: readonly string[]) => was.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  return { joined: named(join), released: [...named(release), ...cleared] };
}

/** Where nothing is healthy, nothing changes: what serves badly is better than what serves nothing. Pure. */
export function decideSync(present: readonly ObservedContainer[], servers: readonly EdgeServer[]): Unlike {
  const wanted = new Set(present.filter(serves).map(({ id }) => id));
  if (wanted.size === 0) return { join: [], release: [], stale: 0 };
  const at = (id: string) => servers.find(({ container }) => container === id);
  const known = servers.filter(({ state }) => state !== 'out');
  return {
    join: [...wanted].filter((id) => at(id)?.state !== 'ready'),
    release: known.flatMap(({ container }) => (container !== undefined && !wanted.has(container) ? [container] : [])),
    stale: known.filter(({ container }) => container === undefined).length,
  };
}

function serves({ state, health }: ObservedContainer): boolean {
  return state === 'running' && (health === undefined || health === 'healthy');
}

function sayUnlike({ join, release, stale }: Unlike): string[] {
  return [
    ...(join.length > 0
      ? [`${counted(join.length, 'healthy container')} of it ${join.length === 1 ? 'gets' : 'get'} no requests yet`]
      : []),
    ...(release.length > 0 ? [`${counted(release.length, 'container')} at the edge should not serve`] : []),
    ...(stale > 0
      ? [`${counted(stale, 'place')} of the edge ${stale === 1 ? 'stands' : 'stand'} for containers that are gone`]
      : []),
  ];
}

function placesOf({ services }: SyncParams, desired: DesiredStack, look: Look): EdgePlace[] {
  const places = edgePlaces(desired, look, services);
  const missing = services?.find((name) => !places.some(({ service }) => service === name));
  if (missing === undefined) return places;
  throw new Refusal('no-go', `${missing} stands behind no edge.`, {
    hint: 'Say in its `x-playbook: { edge: … }` which proxy is in front of it, or leave `services` out.',
  });
}
