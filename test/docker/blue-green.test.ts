import { expect, test } from 'vitest';
import { sync } from '../../runners/edge/sync.ts';
import { answering, nameLoad, serving, withEdgeStack } from '../support/edge-stack.ts';
import { putBack } from '../support/engine-state.ts';
import { runningOf, sequence } from '../support/replicas.ts';
import type { PlaybookRun } from '../support/run-playbook.ts';
import type { TestStack } from '../support/stack.ts';

function switchOver(stack: TestStack, inputs: readonly string[], args = ['run', '--yes']): Promise<PlaybookRun> {
  const all = ['stable_for=0s', 'soak=0s', 'drain=5s', ...inputs].flatMap((input) => ['-i', input]);
  const [command = '', ...options] = args;
  return stack.playbook([command, 'blue-green.yml', ...options, ...all]);
}

test('blue-green must prove green by its own addresses, switch by weights, retire blue, and leave a plain up nothing to do', async () => {
  await withEdgeStack(
    'bluegreen',
    async (stack) => {
      await (await sequence(stack)).run(sync, { within: 5000 });
      const blue = (await stack.ids('web')).toSorted();
      await nameLoad(stack, '2');
      const inputs = ['weights=10,100', 'smoke_path=/', `smoke_url=${stack.url}/`];
      for (const weights of ['100,50', '50'])
        expect((await switchOver(stack, [`weights=${weights}`], ['plan'])).code, weights).toBe(3);
      const planned = await switchOver(stack, inputs, ['plan', '--json']);
      const { changes } = planned.json() as { changes: { step: string; verb: string }[] };
      const verbs = ['recreate', 'route', 'stop'];
      const listed = changes.filter(({ verb }) => verbs.includes(verb)).map(({ step, verb }) => [step, verb]);
      expect(listed, planned.stdout).toEqual([
        ['start[1]', 'recreate'],
        ['shift[1.1]', 'route'],
        ['shift[2.1]', 'route'],
        ['stop[1]', 'stop'],
        ['edge', 'route'],
      ]);

      const ended = await switchOver(stack, inputs);
      expect(ended.code, ended.stdout).toBe(0);
      const green = await runningOf(stack, 'web');
      expect(green).toHaveLength(2);
      expect(green.filter((id) => blue.includes(id))).toEqual([]);
      expect((await stack.ids('web')).toSorted()).toEqual(green);
      expect(await serving(stack)).toEqual(green);
      expect(await answering(stack)).toBe('2');
      await stack.compose(['up', '-d']);
      expect(await runningOf(stack, 'web')).toEqual(green);
    },
    { replicas: 2 },
  );
});

test('F39 green that does not prove itself must be gone at the end, and blue must never have stopped', async () => {
  await withEdgeStack('bluestays', async (stack) => {
    await (await sequence(stack)).run(sync, { within: 5000 });
    const before = await stack.state();
    const blue = await serving(stack);
    await stack.image('web:1', 'broken');
    const { tags } = await stack.state();
    const ended = await switchOver(stack, ['smoke_path=/']);
    expect(ended.code, ended.stdout).toBe(4);
    const after = await stack.state();
    expect(putBack(after)).toEqual({ ...putBack(before), tags });
    expect(after.containers).toEqual(before.containers);
    expect(await serving(stack)).toEqual(blue);
    expect(await answering(stack)).toBe('1');
  });
});
