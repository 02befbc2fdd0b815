import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { putBack } from '../support/engine-state.ts';
import { startPlaybook } from '../support/run-playbook.ts';
import { canMount, fillDisk, mountSmallDisk, remount } from '../support/small-disk.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const compose = `
services:
  web:
    image: $PROJECT/web:\${TAG:-1}
    environment: { NAME: web }
    stop_grace_period: 1s
`;

/** A stack that runs since a while, with a history on a disk of 24 MB. */
async function onSmallDisk(body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withStack('disk', { 'compose.yml': compose, 'slow.yml': playbook }, async (stack) => {
    await stack.image('web:1', '1');
    await stack.image('web:2', '2');
    await stack.compose(['up', '-d', '--wait']);
    mkdirSync(stack.stateDir);
    const unmount = mountSmallDisk(stack.stateDir, '24m');
    try {
      await body(stack);
    } finally {
      unmount();
    }
  });
}

const playbook = `playbook: v1
name: slow
steps:
  - { id: up, uses: compose.up }
  - { id: soak, uses: wait.soak, with: { for: 2s }, pivot: true }
`;

const deploy = ['run', 'slow.yml', '--yes'];

test.skipIf(!canMount)(
  'where the history cannot be written a run must end in exit 9 before anything, and one that is cut by it must wait for room',
  () =>
    onSmallDisk(async (stack) => {
      const env = { ...stack.env, TAG: '2' };
      const [before, whole] = [await stack.state(), putBack(await stack.state())];

      for (const free of [4_000_000, 0]) {
        const makeRoom = fillDisk(stack.stateDir, free);
        const refused = await stack.playbook(deploy, { env });
        expect([refused.code, refused.stderr]).toEqual([9, expect.stringMatching(/disk is (nearly )?full/)]);
        expect((await stack.playbook(['history'])).code).toBe(0);
        makeRoom();
      }
      remount(stack.stateDir, 'ro');
      const refused = await stack.playbook(deploy, { env });
      expect([refused.code, refused.stderr]).toEqual([9, expect.stringContaining('read-only')]);
      expect((await stack.playbook(['history'])).code).toBe(0);
      remount(stack.stateDir, 'rw');
      expect(await stack.state()).toEqual(before);

      const options = { cwd: stack.folder, stateDir: stack.stateDir, env };
      const cut = startPlaybook([...deploy, '--json'], options);
      await until('the soak begins', () => /"step.started"[^\n]*"soak"/.test(cut.output().stdout));
      const makeRoom = fillDisk(stack.stateDir, 0);
      const { code, stderr } = await cut.ended;
      expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/disk is full.*is not finished/s) });
      const left = await stack.state();
      const id = await newest(stack, 'interrupted');
      for (const command of ['undo', 'resume'])
        expect(await stack.playbook([command, id, '--yes'])).toMatchObject({ code: 9 });
      expect(await stack.state()).toEqual(left);

      makeRoom();
      expect(await stack.playbook(['undo', id, '--yes'])).toMatchObject({ code: 0 });
      expect(putBack(await stack.state())).toEqual(whole);
      await newest(stack, 'rolled-back');
    }),
);

/** The id of the newest run, which must be in this state. */
async function newest(stack: TestStack, status: string): Promise<string> {
  const [run] = (await stack.playbook(['history', '--json'])).json() as { id: string; status: string }[];
  expect(run?.status).toBe(status);
  return run?.id ?? '';
}
