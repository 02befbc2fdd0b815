import type { ContainerInspect, DockerReader, ImageInspect } from '../clients/docker-types.ts';
import type { DesiredService } from '../stack/model.ts';

/** The port that is asked: that of the edge, else the first that it exposes, by the file or by its image. */
export function portOf({ config, marks }: DesiredService, image: ImageInspect | undefined): number | undefined {
  if (marks.edge) return marks.edge.port;
  const [published] = config.ports ?? [];
  if (published) return published.target;
  const exposed = Array.isArray(config['expose']) ? config['expose'].map(String) : [];
  const all = [...exposed, ...Object.keys(image?.Config?.ExposedPorts ?? {})];
  const ports = all.filter((port) => !port.endsWith('/udp')).map((port) => Number.parseInt(port, 10));
  const found = exposed.length > 0 ? ports[0] : Math.min(...ports);
  return found !== undefined && Number.isFinite(found) ? found : undefined;
}

/** `IP:PORT` of a running container in a network that the engine's own machine reaches; undefined where it has none. */
export async function addressOf(
  inspect: ContainerInspect,
  port: number | undefined,
  docker: Pick<DockerReader, 'network'>,
): Promise<string | undefined> {
  if (port === undefined) return undefined;
  if (inspect.HostConfig.NetworkMode === 'host') return `127.0.0.1:${port}`;
  const joined = Object.entries(inspect.NetworkSettings.Networks ?? {}).filter(([, { IPAddress }]) => IPAddress);
  const reached: { address: string; internal: boolean }[] = [];
  for (const [name, { IPAddress, NetworkID }] of joined) {
    const network = await docker.network(NetworkID || name);
    if (network?.Driver === 'bridge') reached.push({ address: IPAddress, internal: network.Internal });
  }
  const best = reached.find(({ internal }) => !internal) ?? reached[0];
  return best && `${best.address}:${port}`;
}
