import { edgeReader } from '../../runners/clients/edge/open.ts';
import type { EdgePlace, EdgeServer } from '../../runners/clients/edge/types.ts';
import { captureStack } from '../../runners/stack/snapshot.ts';
import { bench } from './action-context.ts';
import { docker } from './docker.ts';
import { removeProject, type TestStack, withStack } from './stack.ts';
import { stackFiles } from './stack-files.ts';

type EdgeStackOptions = { files?: Record<string, string>; replicas?: number; edge?: EdgePlace['driver'] };

/** The stack behind an edge, running; `web` is the app that load is put on, in version 1. */
export async function withEdgeStack(
  name: string,
  body: (stack: TestStack) => Promise<void>,
  { files = {}, replicas = 1, edge = 'haproxy' }: EdgeStackOptions = {},
): Promise<void> {
  await withStack(name, { ...(await stackFiles(edge)), ...files }, async (stack) => {
    await nameLoad(stack, '1');
    await stack.write('.env', `IMAGES=$PROJECT\nPORT=$PORT\nREPLICAS=${replicas}\n`);
    try {
      await stack.compose(['up', '-d', '--wait']);
      await body(stack);
    } finally {
      // The proxy holds files of the stack's folder, which goes before the containers do.
      await removeProject(stack.project);
    }
  });
}

/** `PROJECT/web:1` is the load app of that version from now on. */
export async function nameLoad(stack: TestStack, version: string): Promise<void> {
  await docker(['tag', `playbook-fixture/load:${version}`, `${stack.project}/web:1`]);
}

export function placeOf(stack: TestStack, more: Partial<EdgePlace> = {}): EdgePlace {
  return {
    driver: 'haproxy',
    project: stack.project,
    service: 'web',
    edge: 'edge',
    port: 8080,
    backend: 'web',
    control: `${stack.folder}/edge/run/admin.sock`,
    file: `${stack.folder}/edge/run/servers`,
    ...more,
  };
}

/** What the edge has in rotation, or still has requests of. */
export async function atEdge(stack: TestStack, more: Partial<EdgePlace> = {}): Promise<EdgeServer[]> {
  const { look } = await bench(stack.folder, { project: stack.project, env: stack.env });
  const servers = await (await edgeReader(placeOf(stack, more), look)).servers();
  return servers.filter(({ state }) => state !== 'out');
}

/** Full IDs of the containers that get requests. */
export async function serving(stack: TestStack, more: Partial<EdgePlace> = {}): Promise<string[]> {
  const servers = await atEdge(stack, more);
  return servers.flatMap(({ state, container }) => (state === 'ready' && container ? [container] : [])).toSorted();
}

/** What the stack is, its edge included. */
export async function snapshotOf(stack: TestStack) {
  return captureStack((await bench(stack.folder, { project: stack.project })).look);
}

/** Which version answers; undefined where none does. */
export async function answering({ url }: TestStack): Promise<string | undefined> {
  const response = await fetch(`${url}/`, { headers: { connection: 'close' } }).catch(() => undefined);
  return response?.status === 200 ? (await response.text()).trim() : undefined;
}
