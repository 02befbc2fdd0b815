import { describe, expect, test } from 'vitest';
import { composeRun } from '../../runners/compose/run.ts';
import { bench } from '../support/action-context.ts';
import { dockerLines } from '../support/docker.ts';
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
      expect(run.receipts).toEqual([{ service: 'api', container: `${stack.project}-api-run-test` }]);
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
