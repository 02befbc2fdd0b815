import { buildImages } from '../test/support/images.ts';
import { type TestStack, withStack } from '../test/support/stack.ts';
import { stackFiles } from '../test/support/stack-files.ts';
import { inTurns, ms, ratio, report } from './measure.ts';

const waitsOff = ['-i', 'stable_for=0s', '-i', 'soak=0s'];

/** Deploying the sample stack, from nothing and with nothing to do, against `docker compose up -d --wait`. */
export async function benchDeploy(): Promise<void> {
  await buildImages();
  await withStack('bench', await sampleStack(), async (stack) => {
    for (const image of ['api:1', 'db:1']) await stack.image(image, '1');
    await stack.compose(['build']);
    const cold = await inTurns(5, {
      compose: () => afterDown(stack, () => stack.compose(['up', '-d', '--wait'])),
      ours: () => afterDown(stack, () => run(stack)),
    });
    const noop = await inTurns(7, {
      compose: () => taken(() => stack.compose(['up', '-d', '--wait'])),
      ours: () => taken(() => run(stack)),
    });
    console.log('\nDeploy of the sample stack (5 services, waits at 0)');
    compare('cold', cold, 1.15);
    compare('no-op', noop, 1);
  });
}

/** The shop, its worker with a healthcheck: `compose up --wait` fails where one is switched off. */
async function sampleStack(): Promise<Record<string, string>> {
  const files = await stackFiles('shop');
  const compose = files['compose.yml'] ?? '';
  const worker = 'environment: { ROLE: worker }\n    healthcheck: { disable: true }';
  if (!compose.includes(worker)) throw new Error('the worker of the shop is not what this benchmark takes it for');
  return { ...files, 'compose.yml': compose.replace(worker, 'environment: { ROLE: plain }') };
}

function compare(
  what: string,
  { compose, ours }: Awaited<ReturnType<typeof inTurns<'compose' | 'ours'>>>,
  limit: number,
): void {
  const times = ratio(ours, compose);
  report(`${what}: playbook run deploy-stack.yml`, `${ms(ours)}, ${times.toFixed(2)}× of ${ms(compose)}`, {
    text: `under ${limit.toFixed(2)}× of compose up -d --wait`,
    met: times < limit,
  });
}

async function run(stack: TestStack): Promise<void> {
  const ended = await stack.playbook(['run', 'deploy-stack.yml', '--yes', ...waitsOff]);
  if (ended.code !== 0) throw new Error(`playbook run ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
}

async function afterDown(stack: TestStack, act: () => Promise<unknown>): Promise<number> {
  await stack.compose(['down', '-v', '-t', '1']);
  return taken(act);
}

async function taken(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}
