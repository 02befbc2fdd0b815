import { expect, test } from 'vitest';
import { type Cut, cutsAt, killAndTakeUp } from '../support/crash-cut.ts';
import { serving, withEdgeStack } from '../support/edge-stack.ts';
import { firstSync } from '../support/edge-updates.ts';
import { type EngineState, putBack } from '../support/engine-state.ts';
import { mustLeaveNothing, thingsOf } from '../support/nothing-left.ts';
import type { TestStack } from '../support/stack.ts';

type Strategy = { name: string; playbook: string; back: Cut[]; on: Cut[] };

const undoing = 'undo.started';

/** Once nothing goes back any more: there even `--on-crash undo` means the end of the update. */
const settled: Cut = { at: 1, reaches: false, after: 'pivot.passed' };

const strategies: Strategy[] = [
  {
    name: 'cutroll',
    playbook: 'rolling-update',
    back: [...cutsAt(2, 5, 7), { at: 2, reaches: true, after: undoing }, { at: 3, reaches: false, after: undoing }],
    on: [...cutsAt(3, 6, 8), settled],
  },
  { name: 'cutblue', playbook: 'blue-green', back: cutsAt(1, 4), on: [...cutsAt(2, 5), settled] },
];

const MINUTES = 60_000;

test.each(strategies)(
  'a run of $playbook that is killed must be taken back, or carried to its end, wherever it was',
  async ({ name, playbook, back, on }) => {
    const args = ['run', `${playbook}.yml`, '--yes', '--json', '-i', 'stable_for=0s', '-i', 'soak=0s'];
    const body = async (stack: TestStack): Promise<void> => {
      await firstSync(stack);
      await greet(stack, 'back');
      const [before, things] = [await whole(stack), await thingsOf(stack)];
      for (const cut of back) {
        // Nobody listens there: a run whose undo is to be cut fails by itself.
        const fails = cut.after === undoing ? ['-i', 'smoke_url=http://127.0.0.1:1/'] : [];
        const { code, told } = await killAndTakeUp(stack, { args: [...args, ...fails], cut, onCrash: 'undo' });
        expect({ code, ...(await whole(stack)) }, told).toEqual({ code: 4, ...before });
        await mustLeaveNothing(stack, things);
      }
      for (const [index, cut] of on.entries()) {
        await greet(stack, `forward${index}`);
        const onCrash = cut === settled ? 'undo' : 'resume';
        const { code, told } = await killAndTakeUp(stack, { args, cut, onCrash });
        expect(code, told).toBe(0);
        await mustBeUpdated(stack, `forward${index}`);
      }
    };
    await withEdgeStack(name, body, { replicas: 2 });
  },
  20 * MINUTES,
);

/** The next update shall change `web`. */
async function greet(stack: TestStack, greeting: string): Promise<void> {
  await stack.write('.env', `IMAGES=$PROJECT\nPORT=$PORT\nREPLICAS=2\nGREETING=${greeting}\n`);
}

const whole = async (stack: TestStack) => ({ engine: putBack(await stack.state()), edge: await serving(stack) });

/** As if nothing had happened on the way: both replicas are new and served, and a plain `up` has nothing to do. */
async function mustBeUpdated(stack: TestStack, greeting: string): Promise<void> {
  const state = await stack.state();
  const web = Object.values(state.containers).filter(({ service }) => service === 'web');
  const wanted = ['running', true];
  expect(web.map(({ status, env }) => [status, env.includes(`GREETING=${greeting}`)])).toEqual([wanted, wanted]);
  expect(await serving(stack)).toEqual(web.map(({ id }) => id).toSorted());
  await stack.compose(['up', '-d']);
  const ids = ({ containers }: EngineState) => Object.values(containers).map(({ id }) => id);
  expect(ids(await stack.state())).toEqual(ids(state));
}
