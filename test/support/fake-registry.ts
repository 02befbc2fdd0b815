import {
  type AnyAction,
  defineAction,
  defineFacts,
  defineGuard,
  defineTrigger,
  type Facts,
  type Runner,
} from '../../src/runner/contract.ts';
import { createRegistry, type Registry } from '../../src/runner/registry.ts';
import type { JsonSchema } from '../../src/runner/schema.ts';

/** A registry of runners that do nothing, with parameters of every form: for tests of the language. */
export function fakeRegistry(): Registry {
  return createRegistry({
    fake: {
      offers: Object.keys(RUNNERS),
      facts: Object.keys(FACTS),
      load: () => Promise.resolve({ name: 'fake', summary: 'Does nothing.', offers: RUNNERS, facts: FACTS }),
    },
  });
}

const none: JsonSchema = { type: 'object', additionalProperties: false, properties: {} };

function action(options: { params?: JsonSchema; outputs?: JsonSchema; effect?: AnyAction['effect'] }): AnyAction {
  return defineAction({
    summary: 'Does nothing.',
    params: options.params ?? none,
    examples: [],
    effect: options.effect ?? 'pure',
    outputs: options.outputs ?? none,
    timeout: '1m',
    plan: () => Promise.resolve([]),
    run: () => Promise.resolve({}),
    undo: { unneeded: 'it does nothing' },
  });
}

function guard(params: JsonSchema = none): Runner {
  const judge = () => Promise.resolve({ verdict: 'go' as const, say: 'Fine.' });
  return defineGuard({ summary: 'Says go.', params, examples: [], judge });
}

/** Needs as long as the parameter of this name says. */
function trigger(params: JsonSchema, sample: JsonSchema, needed: string): Runner {
  return defineTrigger<Record<string, number>>({
    summary: 'Sees nothing.',
    params,
    examples: [],
    sample,
    say: () => 'never',
    needs: (given) => given[needed] ?? 0,
    async *watch() {
      // It has nothing to tell.
    },
  });
}

const object = (properties: Record<string, JsonSchema>, more: Partial<JsonSchema> = {}): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});

const url: JsonSchema = { type: 'string', format: 'url', 'x-untainted': true, description: 'The address to ask.' };

const span: JsonSchema = { type: 'string', format: 'duration' };
const texts: JsonSchema = { type: 'array', items: { type: 'string' } };
const ofService = (more: Record<string, JsonSchema>): JsonSchema =>
  object({ service: { type: 'string' }, ...more }, { required: ['service'] });

/** What the shipped playbooks use besides: replicas, the edge and triggers. */
const STRATEGIES: Record<string, Runner> = {
  'replicas.strategy': action({
    params: object({
      services: texts,
      batch: { type: 'array', items: { anyOf: [{ type: 'integer' }, { type: 'string' }] } },
      delay: span,
      order: { enum: ['auto', 'start-first', 'stop-first'] },
    }),
    outputs: object({
      services: {
        type: 'array',
        items: object({
          name: { type: 'string' },
          order: { type: 'string', enum: ['start-first', 'stop-first'] },
          edge: { type: 'boolean' },
          batch: texts,
          delay: { type: 'string' },
          replicas: texts,
        }),
      },
      before: texts,
    }),
  }),
  'replicas.start': action({
    effect: 'convergent',
    params: ofService({ replace: texts, order: { enum: ['start-first', 'stop-first'] } }),
    outputs: object({ containers: texts, addresses: texts }),
  }),
  'replicas.stop': action({ effect: 'convergent', params: ofService({ containers: texts }) }),
  'edge.join': action({ effect: 'convergent', params: ofService({ containers: texts }) }),
  'edge.drain': action({ effect: 'convergent', params: ofService({ containers: texts, within: span }) }),
  'edge.sync': action({ effect: 'convergent' }),
  'watch.health': trigger(
    object({ for: { ...span, default: '10s' } }),
    object({ unhealthy: { type: 'integer' }, services: texts }),
    'for',
  ),
  'watch.restarts': trigger(object({ more_than: { type: 'integer' } }), object({ restarts: { type: 'integer' } }), ''),
  'watch.logs': trigger(
    object(
      {
        pattern: { type: 'string', format: 'regex' },
        more_than: { type: 'integer' },
        within: { ...span, default: '1m' },
      },
      { required: ['pattern'] },
    ),
    object({ lines: { type: 'integer' } }),
    'within',
  ),
  'watch.http': trigger(
    object({ url, every: { ...span, default: '5s' }, failing_for: { ...span, default: '2m' } }, { required: ['url'] }),
    object({ ok: { type: 'boolean' } }),
    'failing_for',
  ),
  'watch.usage': trigger(
    object({ every: { ...span, default: '5s' } }),
    object({ memory: { type: 'number' }, cpu: { type: 'number' } }),
    'every',
  ),
};

const RUNNERS: Record<string, Runner> = {
  ...STRATEGIES,
  'check.edge': guard(),
  'check.config': guard(),
  'check.engine': guard(),
  'check.ports': guard(),
  'check.images': guard(),
  'check.healthchecks': guard(),
  'check.way_back': guard(),
  'check.resources': guard(
    object({ memory: { type: 'string', format: 'size' }, disk: { type: 'string', format: 'size' } }),
  ),
  'compose.pull': action({ effect: 'convergent' }),
  'compose.build': action({ effect: 'convergent' }),
  'compose.up': action({
    effect: 'convergent',
    params: object({ services: texts }),
    outputs: object({ ok: { type: 'boolean' }, created: { type: 'integer' } }),
  }),
  'health.wait': action({
    params: object({
      containers: { type: 'array', items: { type: 'string' } },
      stable_for: { type: 'string', format: 'duration', default: '10s' },
      services: { type: 'array', items: { type: 'string', format: 'service' } },
      ratio: { type: 'number', minimum: 0, maximum: 1 },
    }),
  }),
  'http.check': action({
    params: object(
      {
        url,
        samples: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
        method: { type: 'string', enum: ['GET', 'HEAD', 'POST'] },
        headers: { type: 'object', additionalProperties: { type: 'string', 'x-secret': true } },
        status: { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }] },
        equals: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        json: {},
      },
      { required: ['url'] },
    ),
    outputs: object({ ok: { type: 'integer' }, failed: { type: 'integer' }, body: {} }),
  }),
  'wait.soak': action({ params: object({ for: { type: 'string', format: 'duration' } }, { required: ['for'] }) }),
  'release.record': action({ effect: 'convergent', params: object({ keep: { type: 'integer', default: 5 } }) }),
  'shell.run': action({
    effect: 'opaque',
    params: object(
      {
        argv: {
          type: 'array',
          minItems: 1,
          items: { type: 'string' },
          prefixItems: [{ type: 'string', 'x-untainted': true }],
        },
        script: { type: 'string', 'x-template': false },
        env: { type: 'object', additionalProperties: { type: 'string', 'x-secret': true } },
      },
      { oneOf: [{ required: ['argv'] }, { required: ['script'] }] },
    ),
    outputs: object({ exit_code: { type: 'integer' } }),
  }),
  'notify.webhook': action({ params: object({ url: { ...url, 'x-secret': true } }, { required: ['url'] }) }),
};

const FACTS: Record<string, Facts> = {
  stack: defineFacts({
    summary: 'The stack.',
    schema: object({
      project: { type: 'string' },
      services: {
        type: 'array',
        items: object({
          name: { type: 'string' },
          health: { type: 'string', enum: ['starting', 'healthy', 'unhealthy', 'none'] },
        }),
      },
    }),
    read: () => Promise.resolve({ project: 'shop', services: [] }),
  }),
};
