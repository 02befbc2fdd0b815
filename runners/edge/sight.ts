import { Refusal } from '../../src/errors.ts';
import type { Change, Look } from '../../src/runner/contract.ts';
import { edgeReader } from '../clients/edge/open.ts';
import type { EdgeContainer, EdgePlace, EdgeReader, EdgeServer } from '../clients/edge/types.ts';

/** What a plan sees of one service's place at its edge; undefined where the edge is only made or started by an earlier step. */
export type Sight = { edge: EdgeReader; servers?: EdgeServer[]; containers: EdgeContainer[] };

/** Reads it; a Refusal('no-go') where the edge is out of reach and no earlier step changes that. */
export async function lookAtEdge(place: EdgePlace, look: Look, earlier: readonly Change[]): Promise<Sight> {
  const edge = await edgeReader(place, look);
  const containers = await edge.containers();
  const servers = await edge.servers().catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.reason !== 'unavailable') throw error;
    if (place.edge !== undefined && changes(place.edge, earlier)) return undefined;
    const hint = error.hint ?? 'Start the proxy first.';
    throw new Refusal('no-go', `${place.service}: ${error.message}`, { hint, cause: error });
  });
  return { edge, containers, ...(servers && { servers }) };
}

/** Whether an earlier step of the plan makes, starts or stops containers of the service. */
export function changes(service: string, earlier: readonly Change[]): boolean {
  return earlier.some(
    ({ target, verb }) => target === service && verb !== 'keep' && verb !== 'route' && verb !== 'wait',
  );
}

/** A container that does not exist yet, as a plan names it: `<new web 1>`. */
export function isPlaceholder(id: string): boolean {
  return id.startsWith('<');
}

/** What the driver can, with the first change of a plan that it makes at this service. */
export function abilities({ place, can }: EdgeReader, earlier: readonly Change[]): Pick<Change, 'how'> {
  if (earlier.some(({ verb, target }) => verb === 'route' && target === place.service)) return {};
  return {
    how: `${place.driver} ${drains[can.drain]} and ${can.weights ? 'knows weights' : 'knows no weights'}; ${can.resets}`,
  };
}

const drains = {
  exact: 'waits for requests in progress by its own counter',
  counted: 'counts requests in progress, though not exactly',
  waits: 'waits until its old workers have ended',
};
