import type { Look } from '../../src/runner/contract.ts';
import { shortId } from './container.ts';
import { captureStack, type SnapshotContainer, type SnapshotServer, type StackSnapshot } from './snapshot.ts';
import { counted, listed } from './words.ts';

/** Is the stack what it was? One sentence per difference, none when all is back. */
export async function compareStack(before: StackSnapshot, look: Look): Promise<{ differences: string[]; say: string }> {
  return compareSnapshots(before, await captureStack(look));
}

export function compareSnapshots(before: StackSnapshot, now: StackSnapshot): { differences: string[]; say: string } {
  const differences = [
    ...before.containers.flatMap((was) => containerDifferences(was, counterpart(was, now))),
    ...now.containers
      .filter((container) => !before.containers.some((was) => was.name === container.name))
      .map(({ name }) => `${name} is there and was not`),
    ...before.networks.filter((name) => !now.networks.includes(name)).map((name) => `the network ${name} is gone`),
    ...now.networks
      .filter((name) => !before.networks.includes(name))
      .map((name) => `the network ${name} is there and was not`),
    ...before.volumes.filter((name) => !now.volumes.includes(name)).map((name) => `the volume ${name} is gone`),
    ...Object.entries(before.tags).flatMap(([name, id]) => tagDifference(name, id, now.tags[name] ?? null)),
    ...Object.entries(before.edges ?? {}).flatMap(([service, was]) =>
      was === null ? [] : edgeDifferences(service, was, now.edges?.[service]),
    ),
  ];
  const say =
    differences.length === 0
      ? asItWas(before, now)
      : `${now.project} is not as it was: ${counted(differences.length, 'difference')}`;
  return { differences, say };
}

/** By name, for an ID says nothing of a container that had to be made again. */
function counterpart(was: SnapshotContainer, now: StackSnapshot): SnapshotContainer | undefined {
  return now.containers.find(({ name }) => name === was.name);
}

/** One clause per way in which a container is not what it was. */
export function containerDifferences(was: SnapshotContainer, is: SnapshotContainer | undefined): string[] {
  if (!is) return [`${was.name} is gone`];
  const { name } = was;
  const rows: [boolean, string][] = [
    [was.image_id !== is.image_id, `${name} runs ${shortId(is.image_id)} instead of ${shortId(was.image_id)}`],
    [was.running !== is.running, was.running ? `${name} does not run` : `${name} runs and did not`],
    [was.health === 'healthy' && is.health === 'unhealthy', `${name} is unhealthy and was healthy`],
    [was.environment !== is.environment, `${name} has another environment`],
    [was.hash !== is.hash || was.configuration !== is.configuration, `${name} has another configuration`],
    [!same(was.networks, is.networks), `${name} has other networks or aliases`],
    [!same(was.mounts, is.mounts), `${name} has other mounts`],
    [was.restart !== is.restart, `${name} has the restart policy ${is.restart} instead of ${was.restart}`],
  ];
  return rows.filter(([differs]) => differs).map(([, sentence]) => sentence);
}

function tagDifference(name: string, was: string | null, is: string | null): string[] {
  if (was === is) return [];
  if (is === null) return [`${name} names no image any more (it was ${shortId(was ?? '')})`];
  return [`${name} is ${shortId(is)} ${was === null ? 'and named no image before' : `instead of ${shortId(was)}`}`];
}

function edgeDifferences(service: string, was: SnapshotServer[], is: SnapshotServer[] | null | undefined): string[] {
  const edge = `at the edge of ${service}`;
  if (!is) return [`${edge} nobody tells who gets requests: it does not answer`];
  const gone = was.filter(({ name }) => !is.some((server) => server.name === name));
  return [
    ...gone.map(({ name }) => `${edge} ${name} gets no requests and did`),
    ...is.flatMap(({ name, weight }) => {
      const former = was.find((server) => server.name === name);
      if (!former) return [`${edge} ${name} gets requests and did not`];
      return former.weight === weight ? [] : [`${edge} ${name} has the weight ${weight} instead of ${former.weight}`];
    }),
  ];
}

function asItWas(before: StackSnapshot, now: StackSnapshot): string {
  const left = now.volumes.filter((name) => !before.volumes.includes(name));
  const word =
    left.length > 0
      ? `; the ${left.length === 1 ? 'volume' : 'volumes'} ${listed(left)} ${left.length === 1 ? 'stays' : 'stay'}, with what is in there`
      : '';
  const { containers, project } = now;
  if (containers.length === 0) return `${project} is as it was: it has no containers${word}`;
  const healthy = containers.filter(({ health }) => health === 'healthy').length;
  const running = containers.filter((container) => container.running).length - healthy;
  const images = new Set(containers.map(({ image_id }) => image_id)).size;
  const parts = [
    counted(images, 'image'),
    counted(containers.length, 'configuration'),
    ...(healthy > 0 ? [`${healthy} healthy`] : []),
    ...(running > 0 ? [`${running} running`] : []),
  ];
  return `${project} is as it was: ${parts.join(', ')}${word}`;
}

/** Networks and mounts come from one place, in one order of keys but for the networks' names. */
function same(one: unknown, other: unknown): boolean {
  const ordered = (value: unknown) =>
    JSON.stringify(
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
        : value,
    );
  return ordered(one) === ordered(other);
}
