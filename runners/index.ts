import type { FamilyEntry } from '../src/runner/registry.ts';

/** Every runner family: what it offers can be named without loading it. A test holds the lists to the families. */
export const FAMILIES: Readonly<Record<string, FamilyEntry>> = {
  check: {
    load: async () => (await import('./check/index.ts')).check,
    offers: [
      'check.config',
      'check.disk',
      'check.edge',
      'check.engine',
      'check.healthchecks',
      'check.images',
      'check.ports',
      'check.practices',
      'check.release',
      'check.resources',
      'check.way_back',
    ],
  },
  compose: {
    load: async () => (await import('./compose/index.ts')).compose,
    offers: ['compose.build', 'compose.down', 'compose.pull', 'compose.run', 'compose.up'],
    facts: ['engine', 'git', 'host', 'stack'],
  },
  docker: {
    load: async () => (await import('./docker/index.ts')).docker,
    offers: ['docker.images', 'docker.volumes'],
  },
  edge: {
    load: async () => (await import('./edge/index.ts')).edge,
    offers: ['edge.drain', 'edge.join', 'edge.switch', 'edge.sync'],
  },
  git: { load: async () => (await import('./git/index.ts')).git, offers: ['git.checkout'] },
  health: { load: async () => (await import('./health/index.ts')).health, offers: ['health.wait'] },
  http: { load: async () => (await import('./http/index.ts')).http, offers: ['http.check'] },
  prune: {
    load: async () => (await import('./prune/index.ts')).prune,
    offers: ['prune.build_cache', 'prune.containers', 'prune.images', 'prune.networks', 'prune.volumes'],
  },
  release: {
    load: async () => (await import('./release/index.ts')).release,
    offers: ['release.compare', 'release.containers', 'release.images', 'release.record'],
    facts: ['release'],
  },
  replicas: {
    load: async () => (await import('./replicas/index.ts')).replicas,
    offers: ['replicas.start', 'replicas.stop', 'replicas.strategy'],
  },
  shell: { load: async () => (await import('./shell/index.ts')).shell, offers: ['shell.run'] },
  wait: { load: async () => (await import('./wait/index.ts')).wait, offers: ['wait.for', 'wait.soak'] },
  watch: {
    load: async () => (await import('./watch/index.ts')).watch,
    offers: ['watch.events', 'watch.health', 'watch.http', 'watch.logs', 'watch.restarts', 'watch.tcp', 'watch.usage'],
  },
};
