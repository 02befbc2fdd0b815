import { StepFailure } from '../../src/errors.ts';
import {
  type AnyAction,
  type AnyGuard,
  type AnyTrigger,
  type Context,
  defineAction,
  defineGuard,
  defineTrigger,
  type JsonSchema,
  type RunContext,
} from '../../src/runner/contract.ts';
import { clientOf } from './client.ts';

/** Of one change: what was, what it was to be, and the name of what is kept beside it for the way back. */
export type SimReceipt = { name: string; former: string | null; value: string; token: string };

const text: JsonSchema = { type: 'string', description: 'A word.' };
const texts: JsonSchema = { type: 'array', description: 'Words.', items: text };
const number: JsonSchema = { type: 'integer', description: 'A number.' };
export const valueSchema: JsonSchema = { type: 'object', properties: { value: text } };
export const itemsSchema: JsonSchema = { type: 'object', properties: { items: texts } };

function params(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', additionalProperties: false, properties };
}

const common = { summary: 'Does it.', examples: [], timeout: '1m', outputs: valueSchema };

/** Takes the value back, then clears away what was kept: two requests, so it can be cut between them. Convergent. */
async function undo({ name, former, token }: SimReceipt, { look }: Context) {
  const client = clientOf(look);
  await client.change({
    name,
    token,
    cause: 'undo',
    text: `${name}=${former ?? 'nothing'}`,
    apply: (thing) => {
      if (former === null) delete thing.value;
      else thing.value = former;
    },
  });
  await clear({ name, token, look }, 'undo');
  return { say: `${name} is back` };
}

async function settle({ name, token }: SimReceipt, { look }: Context) {
  await clear({ name, token, look }, 'settle');
  return undefined;
}

type Kept = Pick<SimReceipt, 'name' | 'token'> & Pick<Context, 'look'>;

function clear({ name, token, look }: Kept, cause: 'undo' | 'settle'): Promise<void> {
  const apply = (thing: { kept: Set<string> }) => void thing.kept.delete(token);
  return clientOf(look).change({ name, token, cause, text: `clear ${name}:${token}`, apply });
}

type SetParams = { names: string[]; values: string[] };

/** Sets each thing to one value after the other, with a receipt before each: a step that changes several containers. */
const set = defineAction<SetParams, SimReceipt, { value: string }>({
  ...common,
  params: params({ names: texts, values: texts }),
  effect: 'convergent',
  async plan({ names, values }, look) {
    const planned = names.map(async (name) => {
      const now = await clientOf(look).read(name);
      const verb = now === values.at(-1) ? ('keep' as const) : ('recreate' as const);
      return { verb, target: name, because: [], certainty: 'certain' as const, binds: { now: now ?? '' } };
    });
    return Promise.all(planned);
  },
  async run({ names, values }, context) {
    for (const name of names) {
      if ((await clientOf(context.look).read(name)) === values.at(-1)) continue;
      for (const value of values) await setOne({ name, value, context });
    }
    return { value: values.at(-1) ?? '' };
  },
  undo,
  settle,
});

type One = { name: string; value: string; context: RunContext<SimReceipt> };

async function setOne({ name, value, context }: One): Promise<void> {
  const client = clientOf(context.look);
  const former = (await client.read(name)) ?? null;
  const token = client.world.token();
  await context.record({ name, former, value, token });
  const apply = (thing: { value?: string; kept: Set<string> }) => {
    thing.value = value;
    thing.kept.add(token);
  };
  await client.change({ name, token, cause: 'step', text: `${name}=${value}`, apply });
}

/** Adds one: done twice, it is wrong. */
function add(effect: 'probed' | 'opaque'): AnyAction {
  return defineAction<{ name: string }, SimReceipt, { value: string }>({
    ...common,
    params: params({ name: text }),
    effect,
    async plan({ name }, look) {
      const now = (await clientOf(look).read(name)) ?? '';
      return [{ verb: 'execute', target: name, because: [], certainty: 'certain', binds: { now } }];
    },
    async run({ name }, context) {
      const client = clientOf(context.look);
      const former = (await client.read(name)) ?? null;
      const [value, token] = [String(Number(former ?? '0') + 1), client.world.token()];
      await context.record({ name, former, value, token });
      const apply = (thing: { value?: string; kept: Set<string> }) => {
        thing.value = String(Number(thing.value ?? '0') + 1);
        thing.kept.add(token);
      };
      await client.change({ name, token, cause: 'step', text: `${name}+1`, apply, once: true });
      return { value };
    },
    undo,
    settle,
    ...(effect === 'probed' && {
      async probe({ name, former }, look) {
        return ((await clientOf(look).read(name)) ?? null) === former ? 'not-done' : 'done';
      },
    }),
  });
}

/** Cannot be taken back and leaves no trace. */
const send = defineAction<{ name: string }, SimReceipt, { value: string }>({
  ...common,
  params: params({ name: text }),
  effect: 'opaque',
  plan: async ({ name }) => [{ verb: 'execute', target: name, because: [], certainty: 'certain' }],
  async run({ name }, context) {
    const client = clientOf(context.look);
    const token = client.world.token();
    await context.record({ name, former: null, value: 'sent', token });
    const apply = () => void client.world.told.push(name);
    await client.change({ name, token, cause: 'step', text: `send ${name}`, apply, once: true });
    return { value: 'sent' };
  },
  undo: { impossible: 'it was sent' },
});

/** What an author gives as undo: puts a value, whatever is there, and clears away what was kept. */
const put = defineAction<{ name: string; value: string }, null, { value: string }>({
  ...common,
  params: params({ name: text, value: text }),
  effect: 'convergent',
  plan: async () => [],
  async run({ name, value }, { look }) {
    const apply = (thing: { value?: string; kept: Set<string> }) => {
      if (value === '') delete thing.value;
      else thing.value = value;
      thing.kept.clear();
    };
    await clientOf(look).change({ name, cause: 'own undo', text: `${name}=${value || 'nothing'}`, apply });
    return { value };
  },
  undo: { unneeded: 'It is one.' },
});

type Failing = { id: string; times: number; class: 'transient' | 'unhealthy' | 'exit' };
const pure = { ...common, effect: 'pure' as const, plan: async () => [], undo: { unneeded: 'It changes nothing.' } };

/** Fails so many times, then succeeds. */
const shaky = defineAction<Failing, null, { value: string }>({
  ...pure,
  params: params({ id: text, times: number, class: text }),
  async run({ id, times, class: kind }, { look, run, log, measure, evidence }) {
    const { world, read } = clientOf(look);
    await read(id);
    const failed = world.failed.get(`${run} ${id}`) ?? 0;
    log(`${id} was asked`);
    measure('asked', failed);
    if (failed >= times) return { value: 'well' };
    world.failed.set(`${run} ${id}`, failed + 1);
    await evidence(`${id}.log`, 'it is not well');
    throw new StepFailure('it is not well', { class: kind });
  },
});

const pause = defineAction<{ ms: number }, null, { value: string }>({
  ...pure,
  params: params({ ms: number }),
  async run({ ms }, { clock, signal }) {
    await clock.sleep(ms, signal);
    return { value: 'over' };
  },
});

const check = defineAction<{ name: string }, null, { value: string }>({
  ...pure,
  params: params({ name: text }),
  async run({ name }, { look }) {
    return { value: (await clientOf(look).read(name)) ?? '' };
  },
});

const list = defineAction<{ items: string[] }, null, { items: string[] }>({
  ...pure,
  outputs: itemsSchema,
  params: params({ items: texts }),
  foresee: async ({ items }) => ({ items }),
  run: async ({ items }) => ({ items }),
});

const guard = defineGuard<{ verdict: 'go' | 'no-go' }>({
  summary: 'Says what it is told to.',
  params: params({ verdict: text }),
  examples: [],
  judge: async ({ verdict }) => ({ verdict, say: `it says ${verdict}` }),
});

const watch = defineTrigger<{ every: number }>({
  summary: 'Watches the health.',
  params: params({ every: number }),
  examples: [],
  sample: { type: 'object', additionalProperties: false, properties: {} },
  say: () => 'bad health',
  needs: () => 0,
  baseline: async (_, look) => ({ bad: clientOf(look).world.health === 'bad', say: 'it was bad' }),
  async *watch({ every }, { look, signal }) {
    while (!signal.aborted) {
      const { health } = clientOf(look).world;
      yield {
        at: look.clock.now(),
        say: `health ${health}`,
        ...(health === 'unknown' ? {} : { bad: health === 'bad' }),
      };
      await look.clock.sleep(every, signal).catch(() => undefined);
    }
  },
});

/** An action of every effect class, and what stands beside steps. */
export const runners: Readonly<Record<string, AnyAction | AnyGuard | AnyTrigger>> = {
  'sim.set': set,
  'sim.probed': add('probed'),
  'sim.opaque': add('opaque'),
  'sim.send': send,
  'sim.put': put,
  'sim.shaky': shaky,
  'sim.pause': pause,
  'sim.check': check,
  'sim.list': list,
  'sim.guard': guard,
  'sim.watch': watch,
};
