import { defineFacts, type JsonSchema } from '../../src/runner/contract.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const whole = (description: string): JsonSchema => ({ type: 'integer', description });
const flag = (description: string): JsonSchema => ({ type: 'boolean', description });

function record(properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

const service = record({
  name: text('Name of the service.'),
  image: text('Name of its image.'),
  job: flag('Whether it runs once and ends.'),
  replicas: whole('How many containers the files want.'),
  running: whole('How many run.'),
  state: {
    enum: ['absent', 'created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'],
    type: 'string',
    description: 'State of its first container, a running one if there is any.',
  },
  health: {
    enum: ['none', 'starting', 'healthy', 'unhealthy'],
    type: 'string',
    description: 'The worst of its running containers; `none` without a healthcheck.',
  },
  restarts: whole('How often the engine has restarted its containers.'),
});

/** What runs now: `stack.services.all(s, s.health != "unhealthy")`. */
export const stackFacts = defineFacts({
  summary: 'The stack: its services, and what runs of them.',
  schema: record({
    name: text('Name of the Compose project.'),
    running: flag('Whether any container of it runs.'),
    services: { type: 'array', description: 'Services of the active profiles, dependencies first.', items: service },
    orphans: {
      type: 'array',
      description: 'Containers whose service the files do not have.',
      items: { type: 'string' },
    },
  }),
  read: async (look) => (await import('../stack/facts.ts')).readStackFacts(look),
});

export const engineFacts = defineFacts({
  summary: 'The Docker Engine the stack runs on, and Compose.',
  schema: record({
    id: text('The ID of the engine.'),
    name: text('Its host name.'),
    version: text('Its version, such as `26.1.5`.'),
    api: text('Version of its API.'),
    os: text('Its operating system.'),
    compose: text('Version of Compose.'),
    local: flag('Whether it is on this machine.'),
  }),
  read: async (look) => (await import('../stack/facts.ts')).readEngineFacts(look),
});

export const hostFacts = defineFacts({
  summary: 'This machine: memory, processors, and the disk that Docker stores on.',
  schema: record(
    {
      name: text('Its host name.'),
      cpus: whole('Number of processors.'),
      load: { type: 'number', description: 'Load average over one minute.' },
      memory_total: whole('Bytes.'),
      memory_free: whole('Bytes that programs can still get.'),
      disk_path: text('Where Docker stores; left out where the engine is remote.'),
      disk_free: whole('Free bytes there.'),
      disk_total: whole('Bytes there.'),
      inodes_free: whole('Free inodes there.'),
    },
    ['disk_path', 'disk_free', 'disk_total', 'inodes_free'],
  ),
  read: async (look) => (await import('../stack/facts.ts')).readHostFacts(look),
});

export const gitFacts = defineFacts({
  summary: 'The git checkout that the stack stands in.',
  schema: record(
    {
      commit: text('The full commit; left out where there is no checkout.'),
      branch: text('The branch; left out where none is checked out.'),
      dirty: flag('Whether tracked files differ from the commit.'),
    },
    ['commit', 'branch'],
  ),
  read: async (look) => (await import('../stack/facts.ts')).readGitFacts(look),
});
