import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { edgeChanger } from '../clients/edge/open.ts';
import type { EdgeServer } from '../clients/edge/types.ts';
import { desiredStack } from '../stack/desired.ts';
import { edgePlaceOf } from '../stack/edge-place.ts';
import { listed, sayDuration } from '../stack/words.ts';
import { letGo, type Released, sayReleased } from './let-go.ts';
import { type EdgeReceipt, knownAs } from './receipt.ts';
import { abilities, isPlaceholder, lookAtEdge } from './sight.ts';

export type DrainParams = { service: string; containers: string[]; within: number };
export type DrainOutputs = Released & { say: string };

export async function planDrain(params: DrainParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const { service, containers, within } = params;
  const place = edgePlaceOf(service, await desiredStack(look), look);
  const { edge, servers } = await lookAtEdge(place, look, earlier);
  const coming = containers.filter(isPlaceholder).length;
  const gone = drainedBefore(service, earlier);
  const real = containers.filter((id) => !isPlaceholder(id) && !gone.has(id));
  const serving = servers ? inside(real, servers) : real;
  if (serving.length + coming === 0) return [];
  return [
    {
      verb: 'route',
      target: service,
      because: [`old containers get no more requests; those in progress have ${sayDuration(within)} to end`],
      ...abilities(edge, earlier),
      certainty: 'certain',
      ...(serving.length > 0 && { binds: { released: serving.join(' ') } }),
    },
  ];
}

/** What earlier steps of the plan will have let go already. */
function drainedBefore(service: string, earlier: readonly Change[]): Set<string> {
  const routed = earlier.filter(({ verb, target }) => verb === 'route' && target === service);
  return new Set(routed.flatMap(({ binds }) => binds?.['released']?.split(' ') ?? []));
}

export async function runDrain(params: DrainParams, context: RunContext<EdgeReceipt>): Promise<DrainOutputs> {
  const { service, containers, within } = params;
  const place = edgePlaceOf(service, await desiredStack(context.look), context.look);
  const edge = await edgeChanger(place, context);
  const [servers, present] = [await edge.servers(), await edge.containers()];
  const leaving = inside(containers, servers);
  if (leaving.length === 0) {
    await edge.persist();
    return { requests: 0, left: 0, waited_ms: 0, say: 'they get no requests already' };
  }
  const was = knownAs(leaving, servers, present);
  await context.record({ place, was, within, retire: [] });
  const released = await letGo(leaving, edge, context, { within });
  await edge.persist();
  const names = was.map(({ name }) => name);
  return {
    ...released,
    say: `${listed(names)} ${names.length === 1 ? 'gets' : 'get'} no more requests${sayReleased(released)}`,
  };
}

function inside(ids: readonly string[], servers: readonly EdgeServer[]): string[] {
  return ids.filter((id) => servers.some(({ container, state }) => container === id && state !== 'out'));
}
