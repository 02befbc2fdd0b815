import { Refusal } from '../../src/errors.ts';
import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { edgeChanger } from '../clients/edge/open.ts';
import type { EdgeAbilities, EdgePlace, EdgeServer } from '../clients/edge/types.ts';
import { desiredStack } from '../stack/desired.ts';
import { edgePlaceOf } from '../stack/edge-place.ts';
import { listed, sayDuration } from '../stack/words.ts';
import { CHECK_WITHIN } from './let-go.ts';
import { type EdgeReceipt, knownAs } from './receipt.ts';
import { abilities, isPlaceholder, lookAtEdge } from './sight.ts';

export type JoinParams = { service: string; containers: string[]; weight: number };
export type JoinOutputs = { joined: string[]; say: string };

export async function planJoin(params: JoinParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const place = edgePlaceOf(params.service, await desiredStack(look), look);
  const { edge, servers } = await lookAtEdge(place, look, earlier);
  refuseWeight(params, edge.can, place);
  const real = params.containers.filter((id) => !isPlaceholder(id));
  const coming = params.containers.length - real.length;
  const missing = servers ? outside(real, servers, params.weight) : real;
  if (missing.length + coming === 0) return [];
  const gets = params.weight === 100 ? 'requests' : `requests with a weight of ${params.weight}`;
  return [
    {
      verb: 'route',
      target: params.service,
      because: [`new containers get ${gets} once the check of ${place.driver} passes`],
      ...abilities(edge, earlier),
      certainty: 'certain',
      downtime: { kind: 'none', because: 'the others go on serving' },
    },
  ];
}

export async function runJoin(params: JoinParams, context: RunContext<EdgeReceipt>): Promise<JoinOutputs> {
  const place = edgePlaceOf(params.service, await desiredStack(context.look), context.look);
  const edge = await edgeChanger(place, context);
  refuseWeight(params, edge.can, place);
  const [servers, containers] = [await edge.servers(), await edge.containers()];
  const coming = outside(params.containers, servers, params.weight);
  if (coming.length === 0) {
    await edge.persist();
    return { joined: [], say: 'they serve already' };
  }
  const was = knownAs(coming, servers, containers);
  await context.record({ place, was, within: CHECK_WITHIN, retire: [] });
  const started = context.clock.now();
  const { weight } = params;
  await edge.put(
    coming.map((container) => ({ container, state: 'ready', ...(edge.can.weights && { weight }) })),
    CHECK_WITHIN,
  );
  await edge.persist();
  const joined = was.map(({ name }) => name);
  const took = sayDuration(context.clock.now() - started);
  return { joined, say: `${listed(joined)} ${joined.length === 1 ? 'gets' : 'get'} requests, after ${took}` };
}

/** Those that do not serve yet, or not with that weight. */
function outside(ids: readonly string[], servers: readonly EdgeServer[], weight: number): string[] {
  return ids.filter((id) => {
    const server = servers.find(({ container }) => container === id);
    return !(server?.state === 'ready' && server.check !== 'fails' && (server.weight === weight || weight === 100));
  });
}

function refuseWeight({ weight, service }: JoinParams, can: EdgeAbilities, { driver }: EdgePlace): void {
  if (weight === 100 || can.weights) return;
  throw new Refusal('no-go', `${driver} in front of ${service} knows no weights.`, {
    hint: 'Leave `weight` out, or put haproxy in front of the service.',
  });
}
