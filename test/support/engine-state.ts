import { docker, dockerLines } from './docker.ts';

/** What the engine has of one project, in a form that two moments can be compared by `toEqual`. */
export type EngineState = {
  /** By name, so that a difference reads well; IDs are inside. */
  containers: Record<string, ContainerState>;
  /** Image names of the project and the ID each points to. */
  tags: Record<string, string>;
  /** Keep tags of releases; apart, for a failed run may leave those of `found`. */
  keepTags: Record<string, string>;
  networks: Record<string, string>;
  volumes: string[];
};

export type ContainerState = {
  id: string;
  service: string;
  image: string;
  status: string;
  started: string;
  hash: string;
  number: string;
  env: string[];
  mounts: string[];
  /** Network name and the aliases that people gave it (the container's own short ID is left out). */
  networks: Record<string, string[]>;
  ports: string[];
  restart: string;
};

/** The engine's own word, through the docker CLI and none of our code. `env` names another engine by DOCKER_HOST. */
export async function engineState(project: string, env: Record<string, string> = {}): Promise<EngineState> {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  const ids = await dockerLines(['ps', '-aq', '--no-trunc', ...filter], { env });
  const inspects: Inspect[] = ids.length === 0 ? [] : JSON.parse(await docker(['inspect', ...ids], { env }));
  const names = await imageNames(project, env);
  const isKept = (name: string): boolean => name.startsWith(`playbook/`);
  return {
    containers: sorted(inspects.map((each) => [each.Name.slice(1), containerState(each)])),
    tags: sorted(names.filter(([name]) => !isKept(name))),
    keepTags: sorted(names.filter(([name]) => isKept(name))),
    networks: sorted(
      (await dockerLines(['network', 'ls', '--no-trunc', '--format', '{{.Name}} {{.ID}}', ...filter], { env })).map(
        pair,
      ),
    ),
    volumes: await volumes(filter, inspects, env),
  };
}

/** The container of a service that has only one. */
export function only(state: Pick<EngineState, 'containers'>, service: string): ContainerState {
  const [found, ...others] = Object.values(state.containers).filter((each) => each.service === service);
  if (!found || others.length > 0)
    throw new Error(`${service} has ${others.length + (found ? 1 : 0)} containers, not one`);
  return found;
}

/** Services whose containers are other ones now. */
export function replaced(before: EngineState, after: EngineState): string[] {
  const ids = (state: EngineState): Record<string, string> =>
    Object.fromEntries(Object.values(state.containers).map((each) => [each.id, each.service]));
  const [old, now] = [ids(before), ids(after)];
  const changed = Object.entries({ ...old, ...now }).filter(([id]) => !(id in old && id in now));
  return [...new Set(changed.map(([, service]) => service))].toSorted();
}

/** The state without what a stop and a start change, for "put back": the same containers, not the same uptime. */
export function putBack(state: EngineState): Omit<EngineState, 'keepTags'> {
  const { keepTags: _kept, containers, ...rest } = state;
  const without = Object.entries(containers).map(([name, each]) => [name, { ...each, started: '' }] as const);
  return { ...rest, containers: sorted(without) };
}

/** What of a state must come back even where a container had to be made anew: everything but its ID and uptime. */
export function sameStack(state: EngineState): Omit<EngineState, 'keepTags'> {
  const back = putBack(state);
  const without = Object.entries(back.containers).map(([name, each]) => [name, { ...each, id: '' }] as const);
  return { ...back, containers: sorted(without) };
}

type Inspect = {
  Id: string;
  Name: string;
  Image: string;
  State: { Status: string; StartedAt: string };
  Config: { Env: string[] | null; Labels: Record<string, string> };
  HostConfig: { RestartPolicy: { Name: string; MaximumRetryCount: number }; PortBindings: unknown };
  Mounts: { Type: string; Name?: string; Source: string; Destination: string; RW: boolean }[];
  NetworkSettings: { Networks: Record<string, { Aliases: string[] | null }> };
};

function containerState(inspect: Inspect): ContainerState {
  const label = (name: string): string => inspect.Config.Labels[`com.docker.compose.${name}`] ?? '';
  const policy = inspect.HostConfig.RestartPolicy;
  return {
    id: inspect.Id,
    service: label('service'),
    image: inspect.Image,
    status: inspect.State.Status,
    started: inspect.State.StartedAt,
    hash: label('config-hash'),
    number: label('container-number'),
    env: (inspect.Config.Env ?? []).toSorted(),
    mounts: inspect.Mounts.map((mount) => `${mount.Name ?? mount.Source}:${mount.Destination}:${mount.RW}`).toSorted(),
    networks: sorted(
      Object.entries(inspect.NetworkSettings.Networks).map(([name, network]) => [
        name,
        (network.Aliases ?? []).filter((alias) => !inspect.Id.startsWith(alias)).toSorted(),
      ]),
    ),
    ports: Object.entries(inspect.HostConfig.PortBindings ?? {}).map((each) => JSON.stringify(each)),
    restart: `${policy.Name}:${policy.MaximumRetryCount}`,
  };
}

async function imageNames(project: string, env: Record<string, string>): Promise<[string, string][]> {
  const lines = await dockerLines(['images', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'], { env });
  return lines.map(pair).filter(([name]) => name.includes(project) && !name.includes('<none>'));
}

async function volumes(filter: string[], inspects: Inspect[], env: Record<string, string>): Promise<string[]> {
  const labelled = await dockerLines(['volume', 'ls', '-q', ...filter], { env });
  const mounted = inspects.flatMap((each) => each.Mounts).flatMap((mount) => (mount.Name ? [mount.Name] : []));
  return [...new Set([...labelled, ...mounted])].toSorted();
}

function pair(line: string): [string, string] {
  const [name = '', value = ''] = line.split(' ');
  return [name, value];
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
