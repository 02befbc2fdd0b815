import { expect, test } from 'vitest';
import { type Cut, cutsAt, killAndTakeUp } from '../support/crash-cut.ts';
import { type EngineState, putBack, sameStack } from '../support/engine-state.ts';
import { mustLeaveNothing, thingsOf } from '../support/nothing-left.ts';
import { runningReleases } from '../support/rollback.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const compose = `
services:
  web:
    image: '$PROJECT/web:1'
    environment: { NAME: '\${NAME:-old}' }
    depends_on: { api: { condition: service_healthy } }
    stop_grace_period: 1s
  api: { image: '$PROJECT/web:1', environment: { NAME: '\${NAME:-old}' }, stop_grace_period: 1s, volumes: [data:/data] }
volumes: { data: {} }
`;

const QUICK = ['--yes', '--json', '-i', 'stable_for=0s'];
const DEPLOY = ['run', 'deploy-stack.yml', ...QUICK, '-i', 'soak=0s'];
const MINUTES = 60_000;

async function withTwo(name: string, body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withStack(name, { 'compose.yml': compose }, async (stack) => {
    await stack.image('web:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    await body(stack);
  });
}

const nameIt = (stack: TestStack, name: string): Promise<void> => stack.write('.env', `NAME=${name}\n`);

const names = ({ containers }: EngineState) =>
  Object.values(containers).map(({ env, status }) => [status, env.find((each) => each.startsWith('NAME='))]);

test(
  'a deploy, and an undo of one, that are killed must be taken back, or carried to the end, wherever they were',
  () =>
    withTwo('cutdeploy', async (stack) => {
      await nameIt(stack, 'back');
      const [before, things] = [putBack(await stack.state()), await thingsOf(stack)];
      const undoes: Cut[] = [1, 3, 5].map((at) => ({ at, reaches: at !== 3, after: 'undo.started' }));
      for (const cut of [...cutsAt(1, 4, 7), ...undoes]) {
        // Nobody listens there: a run whose undo is to be cut fails by itself.
        const fails = cut.after ? ['-i', 'smoke_url=http://127.0.0.1:1/'] : [];
        // Whatever is said: what has begun to go back goes back.
        const onCrash = cut.after && cut.at === 3 ? 'resume' : 'undo';
        const { code, told } = await killAndTakeUp(stack, { args: [...DEPLOY, ...fails], cut, onCrash });
        expect({ code, engine: putBack(await stack.state()) }, told).toEqual({ code: 4, engine: before });
        await mustLeaveNothing(stack, things);
      }
      for (const cut of cutsAt(2, 5, 8)) {
        const name = `forward${cut.at}`;
        await nameIt(stack, name);
        const { code, told } = await killAndTakeUp(stack, { args: DEPLOY, cut, onCrash: 'resume' });
        expect({ code, names: names(await stack.state()) }, told).toEqual({
          code: 0,
          names: [
            ['running', `NAME=${name}`],
            ['running', `NAME=${name}`],
          ],
        });
      }
    }),
  20 * MINUTES,
);

test(
  'a rollback that is killed must be carried to its end, wherever it was',
  () =>
    withTwo('cutback', async (stack) => {
      const releases: Record<string, unknown> = {};
      for (const release of ['r1', 'r2']) {
        await nameIt(stack, release);
        expect(await stack.playbook(DEPLOY)).toMatchObject({ code: 0 });
        releases[release] = withoutNumbers(await stack.state());
      }
      for (const [index, cut] of cutsAt(1, 3, 5, 8).entries()) {
        const release = index % 2 === 0 ? 'r1' : 'r2';
        const { code, told } = await killAndTakeUp(stack, {
          args: ['rollback', release, ...QUICK],
          cut,
          onCrash: 'resume',
        });
        expect({ code, running: await runningReleases(stack) }, told).toEqual({ code: 0, running: [release] });
        expect(withoutNumbers(await stack.state())).toEqual(releases[release]);
      }
    }),
  20 * MINUTES,
);

/** A rollback gives containers other numbers, and with them other names and aliases. */
function withoutNumbers(state: EngineState): unknown {
  const { containers, ...rest } = sameStack(state);
  const each = Object.values(containers).map(({ number: _number, networks, ...one }) => ({
    ...one,
    networks: Object.keys(networks),
  }));
  return { ...rest, containers: each.toSorted((a, b) => a.service.localeCompare(b.service)) };
}
