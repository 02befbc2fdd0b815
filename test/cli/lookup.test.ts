import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPlaybook } from '../../src/cli/lookup.ts';
import { shippedPlaybooks } from '../../src/package-root.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'lookup-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('a playbook must be found', () => {
  test('by its path before anything else', () => {
    writeFileSync(join(cwd, 'deploy-stack.yml'), 'mine');
    expect(findPlaybook('deploy-stack.yml', cwd)).toEqual({ file: join(cwd, 'deploy-stack.yml'), text: 'mine' });
  });

  test('in ./playbooks before the shipped ones', () => {
    mkdirSync(join(cwd, 'playbooks'));
    writeFileSync(join(cwd, 'playbooks/deploy-stack.yml'), 'ours');
    expect(findPlaybook('deploy-stack.yml', cwd).text).toBe('ours');
  });

  test.each(['deploy-stack.yml', 'deploy-stack'])('among the shipped ones as %s', (name) => {
    expect(findPlaybook(name, cwd).file).toBe(join(shippedPlaybooks(), 'deploy-stack.yml'));
  });
});

describe('what is no playbook must be refused with what to do', () => {
  const refusals: [string, string | undefined, string, string][] = [
    ['a name close to one', 'deploy-stak.yml', 'There is no playbook deploy-stak.yml.', 'Did you mean deploy-stack?'],
    ['a name close to nothing', 'xyz', 'There is no playbook xyz.', 'rollback.yml'],
    ['a path that is not there', './deploy-stack.yml', 'There is no playbook ./deploy-stack.yml.', 'Did you mean'],
    ['what init would have written', 'deploy.yml', 'There is no playbook deploy.yml.', '`playbook init` writes one'],
    ['no name', undefined, 'Say which playbook.', 'rollback.yml'],
    ['a folder', '.', '. is no file, so it is no playbook.', ''],
  ];
  test.each(refusals)('%s', (_what, name, message, hint) => {
    expect(() => findPlaybook(name, cwd)).toThrow(
      expect.objectContaining({ reason: 'usage', message, ...(hint && { hint: expect.stringContaining(hint) }) }),
    );
  });
});
