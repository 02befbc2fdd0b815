import type { EdgeContainer, EdgePlace, EdgeServer } from '../clients/edge/types.ts';

/** What the containers that a step touches were at the edge before it; enough to put that back without the Compose files. */
export type EdgeReceipt = {
  place: EdgePlace;
  was: Known[];
  /** How long requests in progress may take to end, in milliseconds. */
  within: number;
  /** IDs that the step lets go but keeps known at the edge: they are taken out once there is no way back. */
  retire: string[];
};

/** One container as the edge had it; `out`: it had it not. */
export type Known = { id: string; name: string; state: EdgeServer['state']; weight: number };

/** What these containers are at the edge now. Pure. */
export function knownAs(
  ids: readonly string[],
  servers: readonly EdgeServer[],
  containers: readonly EdgeContainer[],
): Known[] {
  return ids.map((id) => {
    const server = servers.find(({ container }) => container === id);
    const name = containers.find((container) => container.id === id)?.name ?? id.slice(0, 12);
    return { id, name, state: server?.state ?? 'out', weight: server?.weight ?? 100 };
  });
}
