import { StepFailure } from '../../../src/errors.ts';
import {
  type AnyAction,
  type AnyGuard,
  type Change,
  defineAction,
  defineGuard,
  type EffectClass,
  type JsonSchema,
  type RunContext,
} from '../../../src/runner/contract.ts';
import { change, type World } from './model.ts';

const text: JsonSchema = { type: 'string', description: 'A text.' };
const texts: JsonSchema = { type: 'array', description: 'Texts, in order.', items: text };
const object = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

/** One action for every trait that steps of real playbooks have, on names and values alone. */
export function synthetic(world: World): Record<string, AnyAction | AnyGuard> {
  return {
    'make.set': set(world, 'convergent'),
    'make.probed': {
      ...set(world, 'probed'),
      probe: async ({ name, value }: Receipt) => (world.model.values[name] === value ? 'done' : 'not-done'),
    },
    'make.flaky': flaky(world),
    'make.send': send(world),
    'make.unsend': unsend(world),
    'make.sent': sent(world),
    'make.look': look(world),
    'make.list': list(),
    'make.fail': fail(),
    'make.tell': tell(world),
    'make.guard': defineGuard<Record<string, never>>({
      summary: 'Says go.',
      params: object({}),
      examples: [],
      judge: async () => ({ verdict: 'go', say: 'fine' }),
    }),
  };
}

type Set = { name: string; values: string[] };
type Receipt = { name: string; former: string | null; value: string };
const common = { summary: 'For tests.', examples: [], timeout: '1m' } as const;

/** Sets a name to one value after the other, with a receipt before each. */
function set(world: World, effect: EffectClass): AnyAction {
  return defineAction<Set, Receipt, { value: string }>({
    ...common,
    params: object({ name: text, values: texts }),
    effect,
    outputs: object({ value: text }),
    plan: async ({ name, values }) => plannedSet(world, name, values),
    async run({ name, values }, context) {
      const { values: now } = world.model;
      if (now[name] !== values.at(-1)) for (const value of values) await put(world, { name, value }, context);
      return { value: values.at(-1) ?? '' };
    },
    async undo({ name, former }) {
      await change(world, `${name} is ${former} again`, ({ values }) => {
        if (former === null) delete values[name];
        else values[name] = former;
      });
      return undefined;
    },
    settle: async () => undefined,
  });
}

function plannedSet({ model }: World, name: string, values: readonly string[]): Change[] {
  const verb = model.values[name] === values.at(-1) ? 'keep' : 'create';
  return [{ verb, target: name, because: [], certainty: 'certain', binds: { now: model.values[name] ?? '' } }];
}

async function put(
  world: World,
  { name, value }: { name: string; value: string },
  context: RunContext<Receipt>,
): Promise<void> {
  await context.record({ name, former: world.model.values[name] ?? null, value });
  await change(world, `${name} is ${value}`, ({ values }) => {
    values[name] = value;
  });
}

/** Fails so often after its first change, for a passing reason. */
function flaky(world: World): AnyAction {
  const base = set(world, 'convergent');
  return {
    ...base,
    async run(params: Set, context: RunContext<Receipt>) {
      const left = world.model.troubles[params.name] ?? 0;
      if (left === 0) return base.run(params as never, context as never);
      await put(world, { name: params.name, value: `try ${left}` }, context);
      await change(world, `${params.name} fails once less`, ({ troubles }) => {
        troubles[params.name] = left - 1;
      });
      throw new StepFailure('not yet', { class: 'transient' });
    },
  };
}

/** Sends something: nobody can tell afterwards whether it has, and nothing takes it back. */
function send(world: World): AnyAction {
  return defineAction<{ what: string }, { what: string }, { what: string }>({
    ...common,
    params: object({ what: text }),
    effect: 'opaque',
    outputs: object({ what: text }),
    plan: async ({ what }) => [{ verb: 'execute', target: what, because: [], certainty: 'certain' }],
    async run({ what }, context) {
      await context.record({ what });
      await change(world, `${what} is sent`, (model) => model.sent.push(what));
      return { what };
    },
    undo: { impossible: 'it was sent' },
  });
}

function unsend(world: World): AnyAction {
  return defineAction<{ what: string }, null, Record<string, never>>({
    ...common,
    params: object({ what: text }),
    effect: 'convergent',
    outputs: object({}),
    plan: async () => [],
    async run({ what }) {
      await change(world, `${what} is called back`, (model) => {
        model.sent = model.sent.filter((each) => each !== what);
      });
      return {};
    },
    undo: { unneeded: 'it takes back' },
  });
}

function sent(world: World): AnyAction {
  return pure({ what: text }, { sent: { type: 'boolean', description: 'Whether it was.' } }, async ({ what }) => ({
    sent: world.model.sent.includes(String(what)),
  }));
}

function look(world: World): AnyAction {
  return pure({ name: text }, { value: text }, async ({ name }, { clock, signal }) => {
    await clock.sleep(5, signal);
    return { value: world.model.values[String(name)] ?? 'none' };
  });
}

function list(): AnyAction {
  const give = async ({ items }: { items: string[] }) => ({ items });
  return { ...pure({ items: texts }, { items: texts }, give as never), foresee: give as never };
}

function fail(): AnyAction {
  return pure({}, {}, async () => {
    throw new StepFailure('it is broken', { class: 'unhealthy' });
  });
}

/** Tells of the end: twice is as good as once. */
function tell(world: World): AnyAction {
  return pure({ what: text }, {}, async ({ what }) => {
    await change(world, `${String(what)} is told`, (model) => {
      model.troubles['told'] = 1;
    });
    return {};
  });
}

type Given = Record<string, unknown>;

function pure(
  params: Record<string, JsonSchema>,
  outputs: Record<string, JsonSchema>,
  run: (params: Given, context: Pick<RunContext, 'clock' | 'signal'>) => Promise<Record<string, string | boolean>>,
): AnyAction {
  return defineAction<Given, null, Record<string, string | boolean>>({
    ...common,
    params: object(params),
    effect: 'pure',
    outputs: object(outputs),
    plan: async () => [],
    run,
    undo: { unneeded: 'it only looks' },
  });
}
