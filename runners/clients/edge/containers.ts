import type { ContainerSummary, DockerReader } from '../docker-types.ts';
import type { EdgeContainer, EdgePlace } from './types.ts';

/** The containers of the service, and the networks in which the edge reaches them (undefined: it runs elsewhere, all count). */
export type Reached = { containers: EdgeContainer[]; networks: readonly string[] | undefined };

/** Looks who is there and in which networks; nothing is kept, for addresses change whenever a container starts. */
export async function reachedFrom(place: EdgePlace, docker: Pick<DockerReader, 'containers'>): Promise<Reached> {
  const [containers, edges] = await Promise.all([
    docker.containers({ project: place.project, service: place.service }),
    place.edge === undefined ? undefined : docker.containers({ project: place.project, service: place.edge }),
  ]);
  const edge = edges?.find(({ State }) => State === 'running') ?? edges?.[0];
  const networks = edge ? Object.keys(edge.NetworkSettings.Networks) : undefined;
  return {
    containers: containers.filter(({ Labels }) => Labels['com.docker.compose.oneoff'] !== 'True').map(edgeContainer),
    networks: networks?.includes('host') ? undefined : networks,
  };
}

/** Where the edge asks the container, without the port; undefined where they share no network, or it does not run. */
export function addressFor(container: EdgeContainer, { networks }: Reached): string | undefined {
  const [first] = Object.entries(container.addresses).filter(([name]) => networks?.includes(name) ?? true);
  return first?.[1];
}

function edgeContainer({ Id, Names, State, NetworkSettings }: ContainerSummary): EdgeContainer {
  const joined = Object.entries(NetworkSettings.Networks).filter(([, { IPAddress }]) => IPAddress);
  return {
    id: Id,
    name: (Names[0] ?? Id.slice(0, 12)).replace(/^\//, ''),
    running: State === 'running',
    addresses: Object.fromEntries(joined.map(([name, { IPAddress }]) => [name, IPAddress])),
  };
}
