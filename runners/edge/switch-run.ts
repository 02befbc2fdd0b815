import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { edgeChanger } from '../clients/edge/open.ts';
import type { EdgeAbilities, EdgeContainer, EdgePlace, EdgeServer, EdgeWish } from '../clients/edge/types.ts';
import { desiredStack } from '../stack/desired.ts';
import { edgePlaceOf } from '../stack/edge-place.ts';
import { counted } from '../stack/words.ts';
import { CHECK_WITHIN, letGo, type Released, sayReleased } from './let-go.ts';
import { type EdgeReceipt, knownAs } from './receipt.ts';
import { abilities, changes, lookAtEdge } from './sight.ts';
import { splitWeights } from './weights.ts';

export type SwitchParams = { service: string; from: string[]; percent: number; within: number };
export type SwitchOutputs = Released & { to: string[]; say: string };

export async function planSwitch(params: SwitchParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const { service, from, percent } = params;
  const place = edgePlaceOf(service, await desiredStack(look), look);
  const { edge, servers, containers } = await lookAtEdge(place, look, earlier);
  refusePart(params, edge.can, place);
  const to = others(from, containers);
  if (!changes(service, earlier)) {
    if (to.length === 0) throw new Refusal('no-go', noOthers(service), { hint: 'Let replicas.start make them first.' });
    if (servers && wishes(params, to, servers, edge.can).length === 0) return [];
  }
  const rest = percent === 100 ? 'the old ones get none' : `the old ones keep ${100 - percent} %`;
  return [
    {
      verb: 'route',
      target: service,
      because: [`the new containers get ${percent === 100 ? 'all requests' : `${percent} % of the requests`}, ${rest}`],
      ...abilities(edge, earlier),
      certainty: 'certain',
      downtime: { kind: 'none', because: 'the old ones go on until the new ones serve' },
      ...(percent === 100 && { kept: 'what runs now, still running' }),
    },
  ];
}

export async function runSwitch(params: SwitchParams, context: RunContext<EdgeReceipt>): Promise<SwitchOutputs> {
  const { service, from, percent, within } = params;
  const place = edgePlaceOf(service, await desiredStack(context.look), context.look);
  const edge = await edgeChanger(place, context);
  refusePart(params, edge.can, place);
  const [servers, containers] = [await edge.servers(), await edge.containers()];
  const to = others(from, containers);
  if (to.length === 0) throw new StepFailure(noOthers(service), { class: 'conflict' });
  const wished = wishes(params, to, servers, edge.can);
  const leaving = percent === 100 ? serving(from, servers) : [];
  const was = knownAs([...to, ...from], servers, containers);
  if (wished.length > 0) await context.record({ place, was, within, retire: percent === 100 ? from : [] });
  await edge.put(
    wished.filter(({ state }) => state === 'ready'),
    CHECK_WITHIN,
  );
  const released = await letGo(leaving, edge, context, { within, known: true });
  await edge.persist();
  const share = percent === 100 ? 'all requests' : `${percent} % of the requests`;
  return {
    to,
    ...released,
    say: `${counted(to.length, 'container')} of ${service} ${to.length === 1 ? 'gets' : 'get'} ${share}${percent === 100 ? sayReleased(released) : ''}`,
  };
}

/** What has to be told to the edge; nothing where it is so already. Pure. */
export function wishes(
  { from, percent }: Pick<SwitchParams, 'from' | 'percent'>,
  to: readonly string[],
  servers: readonly EdgeServer[],
  can: Pick<EdgeAbilities, 'weights'>,
): EdgeWish[] {
  const at = (id: string) => servers.find(({ container }) => container === id);
  const weights = splitWeights(percent, to.length, from.length);
  const ready = (container: string, weight: number): EdgeWish[] => {
    const known = at(container);
    if (known?.state === 'ready' && (!can.weights || known.weight === weight)) return [];
    return [{ container, state: 'ready', ...(can.weights && { weight }) }];
  };
  if (percent < 100)
    return [...to.flatMap((id) => ready(id, weights.to)), ...from.flatMap((id) => ready(id, weights.from))];
  const leaving = serving(from, servers).map((container): EdgeWish => ({ container, state: 'drain' }));
  return [...to.flatMap((id) => ready(id, 100)), ...leaving];
}

function serving(ids: readonly string[], servers: readonly EdgeServer[]): string[] {
  return ids.filter((id) => servers.some(({ container, state }) => container === id && state === 'ready'));
}

function others(from: readonly string[], containers: readonly EdgeContainer[]): string[] {
  return containers.filter(({ id, running }) => running && !from.includes(id)).map(({ id }) => id);
}

function noOthers(service: string): string {
  return `${service} has no other running containers that requests could be given to.`;
}

function refusePart({ percent, service }: SwitchParams, can: EdgeAbilities, { driver }: EdgePlace): void {
  if (percent === 100 || can.weights) return;
  throw new Refusal(
    'no-go',
    `${driver} in front of ${service} cannot give ${percent} % of the requests to some containers.`,
    {
      hint: 'Switch over at once (percent: 100), or put haproxy in front of the service.',
    },
  );
}
