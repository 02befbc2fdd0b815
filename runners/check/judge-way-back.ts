import type { Judgement, Look, Release } from '../../src/runner/contract.ts';
import type { ComposeModel } from '../clients/compose-types.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { desiredStack } from '../stack/desired.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { sourceVariables } from '../stack/source-variables.ts';
import { decideWayBack, type WayBackFacts } from './decide-way-back.ts';
import { engineTotals, freeHere } from './host-room.ts';
import { whyNotLocal } from './local-engine.ts';

/** Looks at what runs, at the newest release, and at the room to put it back. */
export async function judge(look: Look): Promise<Judgement> {
  const desired = await desiredStack(look);
  const [docker, observed] = await Promise.all([dockerReader(look), observedStack(look, desired.project)]);
  const running = [...Object.values(observed.services).flat(), ...observed.orphans].filter(runs);
  const [containers, release, disk] = await Promise.all([
    Promise.all(running.map((container) => containerFacts(container, docker))),
    releaseFacts(look, docker),
    freeDisk(look, docker),
  ]);
  const unset = unsetVariables(desired.model, await sourceVariables(desired.model, look));
  return decideWayBack({ containers, unset, ...(release && { release }), ...(disk !== undefined && { disk }) });
}

function runs({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused';
}

async function containerFacts(
  container: ObservedContainer,
  docker: DockerReader,
): Promise<WayBackFacts['containers'][number]> {
  const image = await docker.image(container.image_id);
  const volumes = (container.inspect.Mounts ?? []).flatMap((mount) =>
    mount.Type === 'volume' && mount.Name ? [mount.Name] : [],
  );
  const there = await Promise.all(volumes.map((name) => docker.volume(name)));
  return {
    name: container.name,
    image: container.inspect.Config.Image,
    image_here: image !== undefined,
    missing_volumes: volumes.filter((_name, index) => there[index] === undefined),
  };
}

/** Of the newest release: whether the images that it kept are there, by ID and never by name. */
async function releaseFacts(look: Look, docker: DockerReader): Promise<WayBackFacts['release']> {
  const [release] = await look.releases.list();
  if (!release) return undefined;
  const services = Object.entries(release.services);
  const images = await Promise.all(services.map(([, service]) => docker.image(service.image_id)));
  const missing = services.filter((_service, index) => images[index] === undefined).map(([name]) => name);
  return { id: release.id, age_ms: ageOf(release, look), images: services.length, missing };
}

/** In whole minutes: a guard's words should not change with every look. */
function ageOf(release: Release, look: Look): number {
  return Math.max(0, Math.round((look.clock.now() - release.created_at) / 60_000)) * 60_000;
}

async function freeDisk(look: Look, docker: DockerReader): Promise<number | undefined> {
  if ((await whyNotLocal(look)) !== undefined) return undefined;
  return (await freeHere(engineTotals(await docker.info()))).disk;
}

/** A container whose secret comes from a variable is made without it when the variable is not set. Pure. */
export function unsetVariables(model: ComposeModel, env: Readonly<Record<string, string>>): WayBackFacts['unset'] {
  const sources = [
    ...Object.entries(model.secrets ?? {}).map(([name, source]) => ({ used_by: `secret ${name}`, source })),
    ...Object.entries(model.configs ?? {}).map(([name, source]) => ({ used_by: `config ${name}`, source })),
  ];
  return sources.flatMap(({ used_by, source }) =>
    source.environment !== undefined && env[source.environment] === undefined
      ? [{ variable: source.environment, used_by }]
      : [],
  );
}
