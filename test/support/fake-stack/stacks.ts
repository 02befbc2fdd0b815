import { emptyModel, type Model, type Wanted } from './model.ts';
import { releaseOf } from './releases.ts';

const FILE: Record<string, Wanted> = {
  db: { image: 'shop/db', config: 'c1', replicas: 1, way: 'up' },
  api: { image: 'shop/api', config: 'c1', replicas: 1, way: 'stop-first' },
  web: { image: 'shop/web', config: 'c1', replicas: 2, way: 'edge' },
  worker: { image: 'shop/worker', config: 'c1', replicas: 1, way: 'up', build: true },
};

const names = Object.values(FILE).map(({ image }) => image);
const meaning = (version: string) => Object.fromEntries(names.map((name) => [name, `${name}@${version}`]));

/** A stack that runs version 1 and shall get version 2; its release r1 is what runs. The first pull is refused once. */
export function updatable(): Model {
  const model = runningAt('1');
  model.goal = meaning('2');
  model.troubles = { pull: 1 };
  return withRelease(model, 'r1');
}

/** The same, started by hand: no release yet. */
export function startedByHand(): Model {
  const model = runningAt('1');
  return { ...model, goal: meaning('2') };
}

/** Nothing runs yet. */
export function nothing(): Model {
  return emptyModel({ file: FILE, goal: meaning('1'), volumes: ['shop_data'] });
}

/** Runs version 2, and shall get back to release r1 of version 1, whose images a tag keeps. */
export function updated(): Model {
  const before = withRelease(runningAt('1'), 'r1');
  const model = withRelease(runningAt('2'), 'r2');
  const images = [...before.images, ...model.images];
  return {
    ...model,
    goal: meaning('1'),
    images,
    tags: { ...before.tags, ...model.tags },
    releases: [...model.releases, ...before.releases],
  };
}

/** The same, but what is put back was found running and has no Compose file. */
export function updatedByHand(): Model {
  const model = updated();
  for (const release of model.releases.filter(({ id }) => id === 'r1')) release.files = {};
  return model;
}

/** An engine with things on it that nothing needs. */
export function littered(): Model {
  const model = updatable();
  const stranger = { service: 'gone', image: 'gone', config: '', state: 'exited', restart: 'no' } as const;
  return {
    ...model,
    images: [...model.images, 'dangling-1', 'dangling-2'],
    containers: [...model.containers, { ...stranger, id: 'gone-1' }, { ...stranger, id: 'gone-2' }],
    networks: [...model.networks, 'gone_default', 'gone_back'],
    volumes: [...model.volumes, 'old_data'],
    cache: 3,
  };
}

function runningAt(version: string): Model {
  const tags = meaning(version);
  const containers = Object.entries(FILE).flatMap(([service, { image, config, replicas }]) =>
    Array.from({ length: replicas }, (_, index) => ({
      id: `${service}-old${index}`,
      service,
      image: tags[image] ?? '',
      config,
      state: 'running' as const,
      restart: 'always' as const,
    })),
  );
  const web = containers.filter(({ service }) => service === 'web');
  return emptyModel({
    file: FILE,
    images: Object.values(tags),
    tags,
    containers,
    edge: Object.fromEntries(web.map(({ id }) => [id, { state: 'ready', weight: 100 }])),
    networks: ['shop_default'],
    volumes: ['shop_data'],
  });
}

function withRelease(model: Model, id: string): Model {
  const release = { ...releaseOf(model, id), files: { config: 'compose.json' } };
  const kept = Object.values(release.services).map(({ keep_tag, image_id }) => [keep_tag, image_id]);
  return { ...model, releases: [release], tags: { ...model.tags, ...Object.fromEntries(kept) } };
}
