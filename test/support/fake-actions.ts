import { Refusal, StepFailure } from '../../src/errors.ts';
import {
  type AnyAction,
  type AnyGuard,
  type AnyTrigger,
  defineAction,
  defineGuard,
  defineTrigger,
  type JsonSchema,
} from '../../src/runner/contract.ts';

/** A world that is a map of names to values, and everything that was done to it in order. */
export type FakeWorld = {
  values: Map<string, string>;
  done: string[];
  failures: Map<string, number>;
  engineAway: number;
};

export function fakeWorld(values: Record<string, string> = {}): FakeWorld {
  return { values: new Map(Object.entries(values)), done: [], failures: new Map(), engineAway: 0 };
}

const outputs: JsonSchema = {
  type: 'object',
  properties: { value: { type: 'string', description: 'What it is now.' } },
};

function params(properties: Record<string, JsonSchema>, required: string[]): JsonSchema {
  return { type: 'object', additionalProperties: false, properties, required };
}

const name: JsonSchema = { type: 'string', description: 'What is set.' };

/** Actions and guards that work on a FakeWorld, each with one trait of real ones. */
export function fakeRunners(world: FakeWorld): Record<string, AnyAction | AnyGuard | AnyTrigger> {
  return {
    'fake.set': set(world, 'convergent'),
    'fake.opaque': set(world, 'opaque'),
    'fake.probed': {
      ...set(world, 'probed'),
      probe: async ({ name, value }: SetReceipt) => {
        world.done.push(`probe ${name}`);
        if (world.values.get(name) === 'hidden') return 'unknown';
        return world.values.get(name) === value ? 'done' : 'not-done';
      },
    },
    'fake.told': { ...set(world, 'probed'), undo: { impossible: 'it was done' } },
    'fake.final': { ...set(world, 'opaque'), undo: { impossible: 'it was sent' } },
    'fake.stubborn': {
      ...set(world, 'convergent'),
      undo: async () => Promise.reject(new StepFailure('it is stuck', { class: 'conflict' })),
    },
    'fake.fail': fail(world),
    'fake.pause': pause(world),
    'fake.soak': {
      ...pause(world),
      plan: async ({ ms }) => [{ verb: 'wait', target: 'all', because: [], certainty: 'certain', takes: ms }],
    },
    'fake.look': look(world),
    'fake.list': list(world),
    'fake.watch': watch(world),
    'fake.guard': guard,
  };
}

type SetParams = { name: string; values: string[] };
type SetReceipt = { name: string; former: string | null; value: string };

/** Sets a name to one value after the other, with a receipt before each. */
function set(world: FakeWorld, effect: 'convergent' | 'opaque' | 'probed'): AnyAction {
  return defineAction<SetParams, SetReceipt, { value: string }>({
    summary: 'Sets a value.',
    params: params({ name, values: { type: 'array', description: 'In order.', items: { type: 'string' } } }, [
      'name',
      'values',
    ]),
    examples: [],
    effect,
    outputs,
    timeout: '1m',
    async plan({ name, values }) {
      const now = world.values.get(name);
      const verb = now === values.at(-1) ? 'keep' : now === undefined ? 'create' : 'recreate';
      return [{ verb, target: name, because: ['the value differs'], certainty: 'certain', binds: { now: now ?? '' } }];
    },
    async run({ name, values }, context) {
      if (world.values.get(name) === values.at(-1)) return { value: world.values.get(name) ?? '' };
      for (const value of values) {
        await context.record({ name, former: world.values.get(name) ?? null, value });
        world.done.push(`set ${name}=${value}`);
        world.values.set(name, value);
      }
      return { value: values.at(-1) ?? '' };
    },
    async undo({ name, former }) {
      if (world.engineAway > 0) {
        world.engineAway -= 1;
        throw new Refusal('unavailable', 'the engine does not answer');
      }
      world.done.push(`undo ${name}=${former ?? 'nothing'}`);
      if (former === null) world.values.delete(name);
      else world.values.set(name, former);
      return { say: `${name} is back` };
    },
    async settle({ name }) {
      world.done.push(`settle ${name}`);
      return undefined;
    },
  });
}

type FailParams = { times?: number; class?: 'transient' | 'unhealthy' };

/** Fails so many times, then succeeds; for ever when no number is given. */
function fail(world: FakeWorld): AnyAction {
  return defineAction<FailParams, null, { value: string }>({
    summary: 'Fails.',
    params: params(
      {
        times: { type: 'integer', description: 'How often.' },
        class: { type: 'string', description: 'Of the failure.' },
      },
      [],
    ),
    examples: [],
    effect: 'convergent',
    outputs,
    timeout: '1m',
    plan: async () => [],
    async run({ times = Number.POSITIVE_INFINITY, class: kind = 'unhealthy' }) {
      const failed = world.failures.get('fail') ?? 0;
      if (failed >= times) return { value: `after ${failed}` };
      world.failures.set('fail', failed + 1);
      throw new StepFailure('web is unhealthy', { class: kind, lines: ['cannot reach db'] });
    },
    undo: { unneeded: 'It changes nothing.' },
  });
}

/** Waits so many milliseconds, or until it is told to stop. */
function pause(world: FakeWorld): AnyAction {
  return defineAction<{ ms: number }, null, { value: string }>({
    summary: 'Waits.',
    params: params({ ms: { type: 'integer', description: 'Milliseconds.' } }, ['ms']),
    examples: [],
    effect: 'pure',
    outputs,
    timeout: '1m',
    plan: async () => [],
    async run({ ms }, context) {
      world.done.push('pause');
      await context.clock.sleep(ms, context.signal);
      return { value: 'over' };
    },
    undo: { unneeded: 'It changes nothing.' },
  });
}

/** Succeeds while a name has the value that is asked for. */
function look(world: FakeWorld): AnyAction {
  return defineAction<{ name: string; is: string }, null, { value: string }>({
    summary: 'Looks.',
    params: params({ name, is: { type: 'string', description: 'What it should be.' } }, ['name', 'is']),
    examples: [],
    effect: 'pure',
    outputs,
    timeout: '1m',
    plan: async () => [],
    async run({ name, is }, context) {
      world.done.push(context.before ? `verify ${name}` : `look at ${name}`);
      if (context.before || world.values.get(name) === is) return { value: is };
      throw new StepFailure(`${name} is not ${is}`, { class: 'unhealthy' });
    },
    undo: { unneeded: 'It changes nothing.' },
  });
}

/** Gives the list that it is told, and is foreseen to. */
function list(world: FakeWorld): AnyAction {
  type Outputs = { items: string[] };
  return defineAction<Outputs & { foreseen: boolean }, null, Outputs>({
    summary: 'Lists.',
    params: params(
      {
        items: { type: 'array', description: 'The list.', items: { type: 'string' } },
        foreseen: { type: 'boolean', description: 'Whether it is known before.', default: true },
      },
      ['items'],
    ),
    examples: [],
    effect: 'pure',
    outputs: {
      type: 'object',
      additionalProperties: false,
      properties: { items: { type: 'array', description: 'The list.', items: { type: 'string' } } },
    },
    timeout: '1m',
    plan: async () => [],
    foresee: async ({ items, foreseen }) => (foreseen ? { items } : undefined),
    async run({ items }) {
      world.done.push(`list ${items.join(' ')}`);
      return { items };
    },
    undo: { unneeded: 'It changes nothing.' },
  });
}

/** Looks at a value every ten milliseconds (that of `slow` every ten seconds): `bad` is bad, none is no data. */
function watch(world: FakeWorld): AnyTrigger {
  const judged = (value: string | undefined) =>
    value === undefined ? {} : { bad: value === 'bad', values: { value } };
  return defineTrigger<{ name: string; needs: number }>({
    summary: 'Watches a value.',
    params: params({ name, needs: { type: 'integer', description: 'Milliseconds.', default: 0 } }, ['name']),
    examples: [],
    sample: {
      type: 'object',
      additionalProperties: false,
      properties: { value: { type: 'string', description: 'What it is.' } },
    },
    say: ({ name }) => `${name} is bad`,
    needs: ({ needs }) => needs,
    baseline: async ({ name }) => ({ bad: world.values.get(name) === 'bad', say: `${name} was bad` }),
    async *watch({ name }, { look, signal }) {
      while (!signal.aborted) {
        const value = world.values.get(name);
        yield { at: look.clock.now(), say: `${name} is ${value ?? 'unknown'}`, ...judged(value) };
        await look.clock.sleep(name === 'slow' ? 10_000 : 10, signal).catch(() => undefined);
      }
    },
  });
}

const guard = defineGuard<{ verdict: 'go' | 'no-go' | 'warn' }>({
  summary: 'Says what it is told to.',
  params: params({ verdict: { type: 'string', description: 'The verdict.' } }, ['verdict']),
  examples: [],
  judge: async ({ verdict }) => ({ verdict, say: `the guard says ${verdict}.` }),
});
