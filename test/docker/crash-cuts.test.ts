import { expect, test } from 'vitest';
import { type Cut, cutOff, sayCut, takeUp } from '../support/crash-cut.ts';
import { answering, serving, withEdgeStack } from '../support/edge-stack.ts';
import { firstSync } from '../support/edge-updates.ts';
import { type EngineState, putBack } from '../support/engine-state.ts';
import { mustLeaveNothing, thingsOf } from '../support/nothing-left.ts';
import type { TestStack } from '../support/stack.ts';

const QUICK = ['-i', 'stable_for=0s', '-i', 'soak=0s'];

/** Every cut: at a change that reaches the engine and at one that does not, from the first to the last ones of an update. */
const cuts = (...at: number[]): Cut[] => at.map((each, index) => ({ at: each, reaches: index % 2 === 0 }));

/** Two replicas behind HAProxy, as plain Compose has started them. */
async function withWeb(name: string, body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withEdgeStack(
    name,
    async (stack) => {
      await firstSync(stack);
      await body(stack);
    },
    { replicas: 2 },
  );
}

/** The next update shall change `web`. */
async function greet(stack: TestStack, greeting: string): Promise<void> {
  await stack.write('.env', `IMAGES=$PROJECT\nPORT=$PORT\nREPLICAS=2\nGREETING=${greeting}\n`);
}

const whole = async (stack: TestStack) => ({ engine: putBack(await stack.state()), edge: await serving(stack) });

/** As if nothing had happened on the way: both replicas are new, healthy and served, and nothing else is there. */
async function mustBeUpdated(stack: TestStack, greeting: string): Promise<void> {
  const state = await stack.state();
  const web = Object.values(state.containers).filter(({ service }) => service === 'web');
  expect(web.map(({ status, env }) => [status, env.includes(`GREETING=${greeting}`)])).toEqual([
    ['running', true],
    ['running', true],
  ]);
  expect(await serving(stack)).toEqual(web.map(({ id }) => id).toSorted());
  expect(await answering(stack)).toBeDefined();
  await stack.compose(['up', '-d']);
  const ids = ({ containers }: EngineState) => Object.values(containers).map(({ id }) => id);
  expect(ids(await stack.state())).toEqual(ids(state));
}

type Killed = { args: readonly string[]; cuts: Cut[] };

async function eachTakenBack(stack: TestStack, { args, cuts: all }: Killed): Promise<void> {
  const [before, things] = [await whole(stack), await thingsOf(stack)];
  for (const cut of all) {
    const cutting = await cutOff(stack, args, cut);
    const undone = await takeUp(stack, cutting?.run ?? '', 'undo');
    expect(
      { code: undone.code, ...(await whole(stack)) },
      sayCut(cut, cutting) + undone.stdout + undone.stderr,
    ).toEqual({
      code: 4,
      ...before,
    });
    await mustLeaveNothing(stack, things);
  }
}

async function eachCarriedOn(stack: TestStack, { args, cuts: all }: Killed): Promise<void> {
  for (const [index, cut] of all.entries()) {
    await greet(stack, `forward${index}`);
    const cutting = await cutOff(stack, args, cut);
    const resumed = await takeUp(stack, cutting?.run ?? '', 'resume');
    expect(resumed.code, sayCut(cut, cutting) + resumed.stdout + resumed.stderr).toBe(0);
    await mustBeUpdated(stack, `forward${index}`);
  }
}

test('a rolling update that is killed must be taken back, or carried to its end, wherever it was', () =>
  withWeb('cutroll', async (stack) => {
    const args = ['run', 'rolling-update.yml', '--yes', '--json', ...QUICK];
    await greet(stack, 'back');
    await eachTakenBack(stack, { args, cuts: cuts(2, 5, 8, 11) });
    await expect(eachCarriedOn(stack, { args, cuts: cuts(3, 6, 9, 12) })).resolves.toBeUndefined();
  }));

test('a blue-green switch that is killed must be taken back, or carried to its end, wherever it was', () =>
  withWeb('cutblue', async (stack) => {
    const args = ['run', 'blue-green.yml', '--yes', '--json', ...QUICK];
    await greet(stack, 'back');
    await eachTakenBack(stack, { args, cuts: cuts(1, 3, 5) });
    await expect(eachCarriedOn(stack, { args, cuts: cuts(2, 4, 6) })).resolves.toBeUndefined();
  }));
