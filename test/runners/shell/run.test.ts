import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellRun } from '../../../runners/shell/run.ts';
import { Problems } from '../../../src/errors.ts';
import { readyParams } from '../../../src/playbook/params.ts';
import type { RunContext } from '../../../src/runner/contract.ts';
import { type Bench, bench } from '../../support/action-context.ts';
import { isRunning } from '../../support/is-running.ts';
import { until } from '../../support/until.ts';

let base: string;
let folder: string;
let one: Bench;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'playbook-shell-'));
  folder = join(base, 'stack');
  await mkdir(folder);
  one = await bench(folder);
});
afterEach(() => rm(base, { recursive: true, force: true }));

const noTypes = { inputs: {}, facts: {}, steps: {} };

const run = (params: Record<string, unknown>) => one.run(shellRun, { ok_exit: [0], ...params });

describe('a command', () => {
  it('F84 must get text such as $(touch x) as one argument, and nothing may run it', async () => {
    const evil = '$(touch x) `touch y`; touch z\n"\\\' && rm -rf .';
    const outputs = await run({ argv: ['printf', '%s', evil] });
    expect(outputs['stdout_tail']).toBe(`${evil}\n`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('F84 must not be chosen by a value from outside; its arguments may be', () => {
    const scope = { inputs: { x: '/tmp/evil' }, tainted: ['x'], facts: {}, steps: {}, types: noTypes };
    const ready = (argv: string[]) => readyParams(shellRun.params, { argv }, scope);
    expect(() => ready(['{{inputs.x}}', 'a'])).toThrow(Problems);
    expect(ready(['echo', '{{inputs.x}}'])['argv']).toEqual(['echo', '/tmp/evil']);
  });

  it('F84 must get such text through the environment of a script unread', async () => {
    const evil = '$(touch x); touch y';
    const outputs = await run({ script: 'printf "%s" "$BRANCH"', env: { BRANCH: evil } });
    expect(outputs['stdout_tail']).toBe(`${evil}\n`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('must be recorded before it runs, without the values of its environment', async () => {
    await run({ script: 'echo "$TOKEN" | wc -c', env: { TOKEN: 'sesame' } });
    expect(one.receipts).toEqual([{ argv: ['/bin/sh', '-eu', '-c', 'echo "$TOKEN" | wc -c'], cwd: folder }]);
    expect(JSON.stringify(one.receipts)).not.toContain('sesame');
  });

  it('must not be quoted with what its environment marks as secret, nor with passwords in addresses', async () => {
    const script = 'echo "$DB_PASSWORD"; echo "$DB_PASSWORD" >&2; echo http://me:sesame@db/';
    const outputs = await run({ script, env: { DB_PASSWORD: 'open sesame' } });
    expect(JSON.stringify([outputs, one.logged])).not.toContain('sesame');
    expect(outputs).toMatchObject({ stdout_tail: '***\nhttp://me:***@db/\n', stderr_tail: '***\n' });
  });

  it('must be quoted in whole lines, so that no secret is cut in two and not known for one', async () => {
    const outputs = await run({ script: 'yes "the secret" | head -n 1000' });
    expect(outputs['stdout_tail']).toMatch(/^the secret\n/);
    const long = await run({ script: 'head -c 9000 /dev/zero | tr "\\0" a' });
    expect(long['stdout_tail']).toHaveLength(8192);
  });

  it('must not start when it cannot be recorded', async () => {
    const context: RunContext = Object.create(one.context, {
      record: { value: async () => Promise.reject(new Error('the disk is full')) },
    });
    await expect(shellRun.run({ script: 'touch ran', ok_exit: [0] }, context)).rejects.toThrow('the disk is full');
    expect(await readdir(folder)).toEqual([]);
  });

  it('must fail with its exit code and its last words', async () => {
    await expect(run({ script: 'echo working; echo "no space left" >&2; exit 3' })).rejects.toMatchObject({
      class: 'exit',
      message: 'the script ended with exit code 3: no space left',
      lines: expect.arrayContaining(['working', 'no space left']),
    });
  });

  it('must stop at the first line of a script that fails, and at a variable that is not set', async () => {
    await expect(run({ script: 'false\ntouch late' })).rejects.toThrow('exit code 1');
    await expect(run({ script: 'echo "$NO_SUCH_NAME"\ntouch late' })).rejects.toThrow('exit code');
    expect(await readdir(folder)).toEqual([]);
  });

  it('must be done with another exit code where that is allowed', async () => {
    expect(await run({ argv: ['sh', '-c', 'exit 3'], ok_exit: [0, 3] })).toMatchObject({ exit_code: 3 });
  });

  it('must say so when there is no such program', async () => {
    await expect(run({ argv: ['no-such-program'] })).rejects.toMatchObject({
      class: 'not-found',
      message: expect.stringContaining('no-such-program could not be started'),
    });
  });

  it('must get nothing on its standard input and log its lines without colours', async () => {
    await run({ script: 'cat; printf "\\033[31mred\\033[0m\\n"' });
    expect(one.logged).toEqual(['red']);
  });

  it('must get the values of secrets', async () => {
    const context: RunContext = Object.create(one.context, { secret: { value: async () => 'sesame' } });
    const params = { script: 'printf "%s" "$TOKEN" > out', env: { TOKEN: { secret: 'token' } }, ok_exit: [0] };
    await shellRun.run(params, context);
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('sesame');
  });

  it('must give the end of what it printed, however much that is', async () => {
    const outputs = await run({ script: 'seq 1 20000' });
    const tail = outputs['stdout_tail'] as string;
    expect(tail.length).toBeLessThanOrEqual(8192);
    expect(tail.endsWith('19999\n20000\n')).toBe(true);
  });

  it('must be stopped with all that it started when its time is over', async () => {
    const over = new AbortController();
    const context: RunContext = Object.create(one.context, { signal: { value: over.signal } });
    const params = { script: 'sleep 600 & echo $! > child; wait', ok_exit: [0] };
    const running = shellRun.run(params, context);
    const child = await until('the child runs', async () =>
      readFile(join(folder, 'child'), 'utf8').then(
        (text) => text.trim() || undefined,
        () => undefined,
      ),
    );
    over.abort(new Error('time is over'));
    await expect(running).rejects.toMatchObject({
      class: 'timeout',
      message: expect.stringContaining('the script was stopped'),
    });
    await until('the child is gone', () => !isRunning(Number(child)));
  });

  it('must be stopped with what ignores the first word, in groups and sessions of its own, its output held open', async () => {
    const over = new AbortController();
    const context: RunContext = Object.create(one.context, { signal: { value: over.signal } });
    const deaf = "trap '' TERM; echo $$ >>pids; while :; do sleep 600; done";
    const script = `for start in 'sh -c' 'setsid sh -c' 'setsid setsid sh -c'; do $start "$DEAF" & done\n$DEAF_TOO`;
    const params = {
      script: `${script}; trap '' TERM; while :; do sleep 600; done`,
      env: { DEAF: deaf, DEAF_TOO: ':' },
    };
    const running = shellRun.run({ ...params, ok_exit: [0] }, context);
    const pids = await until('all three run', async () => {
      const lines = await readFile(join(folder, 'pids'), 'utf8').catch(() => '');
      return lines.trim().split('\n').length === 3 && lines.trim().split('\n').map(Number);
    });
    over.abort(new Error('time is over'));
    await expect(running).rejects.toMatchObject({ class: 'timeout' });
    expect(pids.filter(isRunning)).toEqual([]);
  }, 20_000);

  it('must not be waited for when it leaves something running behind', async () => {
    const outputs = await run({ script: 'sleep 600 & echo $! > child; echo started' });
    expect(outputs['stdout_tail']).toBe('started\n');
    process.kill(Number(await readFile(join(folder, 'child'), 'utf8')));
  });
});

describe('the plan of a command', () => {
  it.each([
    [{ argv: ['./warm-up.sh', '--all'] }, './warm-up.sh --all'],
    [{ script: '\ntar -czf x data\nsha256sum x\n' }, 'script: tar -czf x data …'],
  ])('must show what is executed: %j', async (params, target) => {
    const planned = await one.plan(shellRun, { ok_exit: [0], ...params });
    expect(planned).toMatchObject([{ verb: 'execute', target, certainty: 'certain' }]);
    expect(await readdir(folder)).toEqual([]);
  });
});
