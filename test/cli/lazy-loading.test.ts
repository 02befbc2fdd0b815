import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPlaybook } from '../support/run-playbook.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'lazy-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const hook = join(import.meta.dirname, '../support/list-packages.ts');

async function packagesOf(args: readonly string[]): Promise<string[]> {
  const file = join(cwd, 'packages');
  const env = { NODE_OPTIONS: `--import=${hook}`, PACKAGES_LOADED: file };
  expect(await runPlaybook(args, { cwd, env })).toMatchObject({ code: 0, stderr: '' });
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

describe('what needs no engine must not load what talks to one', () => {
  const cases = [['--help'], ['check', 'deploy-stack.yml'], ['actions', 'compose.up'], ['explain', 'pivot']];
  test.each(cases.map((args) => [args]))('%j', async (args) => {
    const packages = await packagesOf(args);
    expect(packages).toContain('commander');
    expect(packages).not.toContain('dockerode');
    expect(packages).not.toContain('execa');
  });

  test('and help needs nothing but commander', async () => {
    expect(await packagesOf(['--help'])).toEqual(['commander']);
  });
});
