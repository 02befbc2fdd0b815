import type { Model } from './model.ts';

/** Everything but what has no meaning: the same containers by their IDs. Release `found` outlives an undo on purpose. */
export function exactly(model: Model): unknown {
  const { file: _, goal: _goal, files: _files, troubles: _troubles, serial: _serial, sent: _sent, ...rest } = model;
  return structuredClone({
    ...rest,
    images: model.images.filter((image) => isNeeded(model, image)).toSorted(),
    tags: sorted(model.tags),
    values: sorted(model.values),
    edge: sorted(model.edge),
    containers: model.containers.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    networks: model.networks.toSorted(),
    volumes: model.volumes.toSorted(),
    releases: releases(model),
  });
}

/** The same, with every container told by what it is instead of by its ID; what was sent counts too. */
export function inShape(model: Model): unknown {
  const described = model.containers.map(({ id, ...rest }) => ({ ...rest, edge: model.edge[id] ?? 'out' }));
  const strangers = Object.keys(model.edge).filter((id) => !model.containers.some((each) => each.id === id));
  return {
    ...(exactly(model) as object),
    containers: described.map((each) => JSON.stringify(each)).toSorted(),
    edge: strangers,
    sent: model.sent.toSorted(),
  };
}

/** What nothing names or runs is the cache of a build: one that was killed leaves it, and an undo too (DESIGN §8). */
function isNeeded({ tags, containers }: Model, image: string): boolean {
  return Object.values(tags).includes(image) || containers.some((each) => each.image === image);
}

function releases(model: Model): unknown[] {
  return model.releases
    .filter(({ id }) => id !== 'found')
    .map(({ id, services, restored }) => ({ id, services, restored: restored !== undefined }));
}

function sorted<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
