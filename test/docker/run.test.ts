import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunReceipt } from '../../runners/compose/one-off.ts';
import { composeRun } from '../../runners/compose/run.ts';
import { type Bench, bench } from '../support/action-context.ts';
import { docker, dockerLines } from '../support/docker.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const files = {
  'compose.yml': `
services:
  api:
    image: playbook-fixture/app:1
    environment: { GREETING: hello }
    labels: { playbook.test: run }
    depends_on: [db]
  db: { image: 'playbook-fixture/app:1' }
`,
};

const left = (stack: TestStack) =>
  dockerLines(['ps', '-aq', '--filter', `label=com.docker.compose.project=${stack.project}`]);

describe('compose.run', () => {
  test('the command must see the service as it is, its output must come back, and nothing must be left', async () => {
    await withStack('run', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project });
      const params = {
        service: 'api',
        argv: ['sh', '-c', 'echo "$GREETING, $NAME; $1"; exit 0', 'sh', '$(touch x)'],
        env: { NAME: 'you "and" me' },
      };
      expect(await run.plan(composeRun, params)).toMatchObject([{ verb: 'execute', certainty: 'certain' }]);
      const outputs = await run.run(composeRun, params);
      expect(outputs).toMatchObject({ exit_code: 0 });
      expect(outputs['output']).toMatch(/(^|\n)hello, you "and" me; \$\(touch x\)$/);
      const container = expect.stringMatching(`^${stack.project}-api-run-test-[0-9a-f]{6}$`);
      expect(run.receipts).toEqual([
        { service: 'api', container },
        { service: 'api', container, exit_code: 0 },
      ]);
      expect(await left(stack)).toEqual([]);
    });
  });

  test('another exit code must fail with the last line, and nothing must be left', async () => {
    await withStack('code', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project });
      const params = { service: 'api', argv: ['sh', '-c', 'echo no such table >&2; exit 3'] };
      await expect(run.run(composeRun, params)).rejects.toMatchObject({
        class: 'exit',
        message: 'The command in api ended with exit code 3: no such table',
      });
      expect(await left(stack)).toEqual([]);
    });
  });

  test('variables for the command must arrive whatever they are called or hold, and not steer the programs that start it', async () => {
    await withStack('steered', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project });
      const env = {
        DOCKER_HOST: 'tcp://127.0.0.1:1',
        COMPOSE_FILE: 'none.yml',
        PATH: '/bin:/kept',
        GREETING: '$A ${B} $$C\n-d',
      };
      const params = { service: 'api', argv: ['sh', '-c', 'echo "$DOCKER_HOST,$COMPOSE_FILE,$PATH,$GREETING"'], env };
      const { output } = await run.run(composeRun, params);
      expect(output).toMatch(/(^|\n)tcp:\/\/127.0.0.1:1,none.yml,\/bin:\/kept,\$A \$\{B\} \$\$C\n-d$/);
      // Values stay out of the files of the run.
      expect(await readFile(join(run.context.folder, 'compose-to-run.json'), 'utf8')).not.toContain('/kept');
    });
  });

  test('a command that is cancelled must not go on in its container', async () => {
    await withStack('cancel', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project });
      const cancel = new AbortController();
      const context = {
        ...run.context,
        signal: cancel.signal,
        log: (line: string) => void (line === 'begun' && cancel.abort(new Error('enough'))),
      };
      const params = { service: 'api', argv: ['sh', '-c', 'echo begun; exec sleep 600'] };
      await expect(composeRun.run(params, context)).rejects.toThrow('enough');
      expect(await left(stack)).toEqual([]);
    });
  });

  test('a service that is not in the files must be a no-go that names those which are', async () => {
    await withStack('unknown', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project });
      await expect(run.plan(composeRun, { service: 'apo' })).rejects.toMatchObject({
        reason: 'no-go',
        hint: 'Services: db, api.',
      });
    });
  });
});

describe('compose.run that was cut', () => {
  const probe = (run: Bench) => composeRun.probe?.(run.receipts.at(-1) as RunReceipt, run.look);
  /** Our process is gone in the middle: nothing of it is told, and nothing cleared away. */
  const cutWhile = (stack: TestStack, script: string) =>
    docker(
      ['compose', 'run', '--detach', '--no-deps', '--name', `${stack.project}-api-run-test`, 'api', 'sh', '-c', script],
      { cwd: stack.folder, env: { COMPOSE_PROJECT_NAME: stack.project } },
    );
  const receiptOf = (stack: TestStack): RunReceipt => ({ service: 'api', container: `${stack.project}-api-run-test` });

  test('must be known to have happened by its exit code, be waited for, and leave nothing once settled', async () => {
    await withStack('cut', files, async (stack) => {
      await cutWhile(stack, 'sleep 1; exit 0');
      const run = await bench(stack.folder, { project: stack.project, receipts: [receiptOf(stack)] });
      expect(await probe(run)).toBe('done');
      expect(await left(stack)).toHaveLength(1);
      await run.settle(composeRun);
      expect(await left(stack)).toEqual([]);
      // Once more, as after another cut.
      await run.settle(composeRun);
    });
  });

  test('must be a question for a person where it failed, or where its container is gone', async () => {
    await withStack('cutoff', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project, receipts: [receiptOf(stack)] });
      await expect(probe(run)).rejects.toThrow(/is not there: it was not begun, or somebody removed it/);
      await cutWhile(stack, 'exit 3');
      await expect(probe(run)).rejects.toThrow(/ended with exit code 3/);
      await run.settle(composeRun);
    });
  });

  test('must not have happened where its container was made and never started', async () => {
    await withStack('cutcreate', files, async (stack) => {
      const run = await bench(stack.folder, { project: stack.project, receipts: [receiptOf(stack)] });
      await docker(['create', '--name', `${stack.project}-api-run-test`, 'playbook-fixture/app:1', 'true']);
      expect(await probe(run)).toBe('not-done');
      await run.settle(composeRun);
    });
  });
});
