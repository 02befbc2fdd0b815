import { StepFailure } from '../../../src/errors.ts';
import type { Baseline, Context, Look, Sample, Watching } from '../../../src/runner/contract.ts';
import type { Fakes, MakeFakes } from './fakes.ts';
import { containerOf, type Model, running, type World } from './model.ts';

const GUARDS = [
  'config',
  'disk',
  'edge',
  'engine',
  'healthchecks',
  'images',
  'ports',
  'release',
  'resources',
  'way_back',
];
const TRIGGERS = ['health', 'http', 'logs', 'restarts', 'usage'];

/** What only looks: health, addresses, guards and triggers; all of it finds what is so in the model. */
export const looks: MakeFakes = (world) => ({
  'health.wait': {
    plan: async () => [],
    run: async (params: { containers?: string[]; stable_for: number }, context: Context) =>
      wait(world, params, context),
  },
  'http.check': {
    async run({ url, samples }: { url: string; samples: number }) {
      const id = new URL(url).hostname.replace('.invalid', '');
      const there = id === 'shop' || containerOf(world.model, id)?.state === 'running';
      return { ...ANSWERS, ok: there ? samples : 0, samples, failed: there ? 0 : samples };
    },
  },
  ...guards(),
  ...triggers(),
});

const ANSWERS = { status: 200, latency_ms: { median: 1, max: 1 }, body_excerpt: '', say: 'asked' };

async function wait(
  { model }: World,
  { containers, stable_for }: { containers?: string[]; stable_for: number },
  { clock, signal }: Context,
) {
  await clock.sleep(stable_for, signal);
  const down = containers ? containers.filter((id) => containerOf(model, id)?.state !== 'running') : tooFew(model);
  if (down.length > 0) throw new StepFailure(`${down.join(', ')} does not run`, { class: 'unhealthy' });
  return { services: {}, waited_ms: stable_for, healthy: 1, say: 'healthy' };
}

function tooFew(model: Model): string[] {
  return Object.entries(model.file).flatMap(([service, { replicas }]) =>
    running(model, service).length < replicas ? [service] : [],
  );
}

function guards(): Fakes {
  const judge = async () => ({ verdict: 'go' as const, say: 'fine' });
  return Object.fromEntries(GUARDS.map((name) => [`check.${name}`, { judge }]));
}

function triggers(): Fakes {
  const trigger = {
    needs: () => 0,
    objection: async () => undefined,
    baseline: async (): Promise<Baseline> => ({ bad: false, say: 'fine' }),
    async *watch(_: unknown, { look, signal }: Watching): AsyncIterable<Sample> {
      while (!signal.aborted) {
        yield { at: look.clock.now(), bad: false, say: 'fine', values: { memory: 1.5, cpu: 1.5 } };
        await look.clock.sleep(1_000, signal).catch(() => undefined);
      }
    },
  };
  return Object.fromEntries(TRIGGERS.map((name) => [`watch.${name}`, trigger]));
}

/** Facts of the fake stack, in the form that the real providers promise. */
export function factsOf({ model }: World, look: Pick<Look, 'release'>) {
  const services = Object.entries(model.file).map(([name, { image, replicas }]) => {
    const state = running(model, name).length > 0 ? 'running' : 'absent';
    return {
      name,
      image,
      job: false,
      replicas,
      running: running(model, name).length,
      state,
      health: 'healthy',
      restarts: 0,
    };
  });
  const { release } = look;
  return {
    stack: { name: 'shop', running: running.length > 0, services, orphans: [] },
    release: release
      ? { id: release.id, config: release.files['config'] !== undefined, services: Object.keys(release.services) }
      : { config: false, services: [] },
  };
}
