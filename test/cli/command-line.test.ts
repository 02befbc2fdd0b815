import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { packageVersion } from '../../src/package-root.ts';
import { runPlaybook } from '../support/run-playbook.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const playbook = (...args: string[]) => runPlaybook(args, { cwd });

describe('help', () => {
  test.each([[[]], [['--help']], [['help']]])('must list every command and every exit code: %j', async (args) => {
    const { code, stdout } = await playbook(...args);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'));
    for (const exit of EXIT_CODES) expect(stdout).toMatch(new RegExp(`^  ${exit.code} `, 'm'));
  });

  test.each(COMMANDS.map(({ name }) => name))('of %s must have examples and its exit codes', async (name) => {
    const { code, stdout } = await playbook(name, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: playbook ${name}`);
    expect(stdout).toMatch(/^Examples:\n {2}\$ /m);
    expect(stdout).toMatch(/^Exit codes:\n {2}0 /m);
  });

  test('must name the version of the package', async () => {
    expect(await playbook('--version')).toMatchObject({ code: 0, stdout: `${packageVersion()}\n`, stderr: '' });
  });
});

describe('wrong usage must exit 2 with a sentence and the nearest name', () => {
  const cases: [args: string[], says: string][] = [
    [['rnu'], "Unknown command 'rnu'. Did you mean run?"],
    [['run', '--fiel', 'x'], "Unknown option '--fiel'. Did you mean --file?"],
    [['run', '-i', 'smoke'], 'Write name=value.'],
    [['run', '--yes', 'deploy-stak.yml'], 'Did you mean deploy-stack?'],
    [['run', '--yes'], 'Say which playbook.'],
    [['plan', 'deploy-stack', 'more'], 'Too many arguments'],
    [['check'], "Missing required argument 'playbook'"],
    [['undo'], "Missing required argument 'run'"],
    [['actions', 'compose.upp'], 'Did you mean compose.up?'],
    [['history', '--limit', 'all'], '--limit all: a number from 1 on is needed.'],
    [['run', '--yes', '--plan', 'none.json'], 'none.json cannot be read'],
  ];
  test.each(cases)('%j', async (args, says) => {
    const { code, stdout, stderr } = await runPlaybook(args, { cwd, stateDir: join(cwd, 'usage-state') });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe('without a terminal', () => {
  test('run must exit 2 and say --yes, before it looks at anything', async () => {
    const { code, stderr } = await playbook('run', 'no-such-playbook');
    expect(code).toBe(2);
    expect(stderr).toContain('Say --yes');
  });
});

describe('what only reads must make no state folder', () => {
  test.each([['history'], ['show'], ['undo', 'k3f9'], ['cancel', 'k3f9']])('%s', async (...args) => {
    const stateDir = join(cwd, 'never-made');
    const { code } = await runPlaybook(args, { cwd, stateDir });
    expect(code).toBe(args[0] === 'history' ? 0 : 2);
    expect(readdirSync(cwd)).not.toContain('never-made');
  });
});

describe('JSON', () => {
  test('of an empty history must be an empty array', async () => {
    const run = await runPlaybook(['history', '--json'], { cwd, stateDir: join(cwd, 'empty') });
    expect(run.json()).toEqual([]);
  });

  test('of an action must hold its schema, effect and way back', async () => {
    const run = await playbook('actions', 'shell.run', '--json');
    expect(run.json()).toMatchObject({
      name: 'shell.run',
      kind: 'action',
      params: { type: 'object' },
      undo: expect.any(String),
    });
  });

  test('of a refusal must say its reason and exit code, and stderr the sentence', async () => {
    const run = await runPlaybook(['show', 'k3f9', '--json'], { cwd, stateDir: join(cwd, 'empty') });
    expect(run.json()).toMatchObject({ type: 'refused', reason: 'usage', exit_code: 2 });
    expect(run.stderr).toContain('There is no run k3f9');
  });
});

test('a file that is no plan must be refused as such', async () => {
  writeFileSync(join(cwd, 'other.json'), '{}');
  const { code, stderr } = await playbook('run', '--yes', '--plan', 'other.json');
  expect(code).toBe(2);
  expect(stderr).toContain('is no plan');
});
