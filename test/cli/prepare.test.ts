import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Flags } from '../../src/cli/command.ts';
import type { Io } from '../../src/cli/io.ts';
import { resolvePlaybook } from '../../src/cli/prepare.ts';
import { createResources } from '../../src/cli/resources.ts';
import { styleFor } from '../../src/report/style.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'prepare-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const PLAYBOOK = `playbook: v1
name: warm
inputs:
  file: { type: path }
  log: { type: path, default: logs/warm.log }
steps:
  - { id: warm, uses: shell.run, with: { argv: [./warm, '{{inputs.file}}', '{{inputs.log}}'] } }
`;

test('a path given on the command line must count from where the command is given, a default stays as written', async () => {
  writeFileSync(join(cwd, 'warm.yml'), PLAYBOOK);
  const invocation = { args: ['warm.yml'], flags: flags({ file: 'data/list' }), io: silent() };
  const { resolved } = await resolvePlaybook(invocation, { for: createResources, close: () => {} });
  expect(resolved.inputs).toEqual({ file: join(cwd, 'data/list'), log: 'logs/warm.log' });
});

function flags(input: Record<string, string>): Flags {
  const none = { file: [], profile: [], envFile: [], override: [] };
  const off = { json: false, quiet: true, yes: false, dryRun: false, md: false, detailedExitcode: false };
  return { ...none, ...off, events: false, evidence: false, color: false, input };
}

function silent(): Io {
  const nothing = () => {};
  const style = styleFor({ isTTY: false }, {}, { noColor: true });
  return {
    out: nothing,
    err: nothing,
    mask: nothing,
    style,
    width: 80,
    interactive: false,
    live: false,
    cwd,
    env: {},
  };
}
