import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCRIPTS } from '../../../src/cli/completion/scripts.ts';
import { program } from '../../support/docker.ts';

/** As a name of a file may be: evaluated anywhere, it would make the file `pwned`. */
const HOSTILE = '$(touch pwned)`touch pwned`;touch pwned.yml';
const root = join(import.meta.dirname, '../../..');

let cwd: string;
let env: Record<string, string>;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'shells-'));
  writeFileSync(join(cwd, HOSTILE), 'playbook: v1\n');
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  const start = `#!/bin/sh\nexec ${process.execPath} ${join(root, 'bin/playbook.js')} "$@"\n`;
  writeFileSync(join(bin, 'playbook'), start, { mode: 0o755 });
  env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, XDG_STATE_HOME: join(cwd, 'state'), HOME: cwd };
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const installed = (shell: string) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, shell)));

/** What each shell offers for these words, one a line. */
const ask: Record<keyof typeof SCRIPTS, (words: readonly string[]) => readonly string[]> = {
  // bash itself takes `name=value` for three words.
  bash: (words) => [
    '-c',
    `compopt() { :; }; ${SCRIPTS.bash} COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _playbook; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...['playbook', ...words].flatMap((word) => word.split(/(?<==)|(?==)/)),
  ],
  zsh: (words) => [
    '-fc',
    `compdef() { :; }; compadd() { print -l -- $values; }; _files() { :; }; ${SCRIPTS.zsh} words=("$@"); CURRENT=$#; _playbook`,
    'zsh',
    'playbook',
    ...words,
  ],
  fish: (words) => ['--no-config', '-c', `${SCRIPTS.fish}\ncomplete -C "$argv[1]"`, `playbook ${words.join(' ')}`],
};

describe.each((['bash', 'zsh', 'fish'] as const).filter(installed))('%s', (shell) => {
  async function offered(...words: string[]): Promise<string[]> {
    const { stdout } = await program(shell, ask[shell](words), { cwd, env });
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
  }

  test('must complete commands, inputs and their values', async () => {
    expect(await offered('rol')).toEqual(['rollback']);
    expect(await offered('run', 'rolling-update', '-i', 'ord')).toEqual(['order=']);
    const values = await offered('run', 'rolling-update', '-i', 'order=st');
    // bash replaces only what stands behind the `=`.
    expect(values.map((value) => value.replace('order=', ''))).toEqual(['start-first', 'stop-first']);
  });

  test('must evaluate neither what is offered nor what was typed', async () => {
    const names = await offered('run', '');
    expect(names).toContain('deploy-stack');
    expect(names.some((name) => name.includes('touch'))).toBe(true);
    await offered('run', '$(touch pwned)', '-');
    expect(readdirSync(cwd)).not.toContain('pwned');
  });
});

test('bash must put the name of a file into the line so that it stays one word', async () => {
  const { stdout } = await program('bash', ask.bash(['run', '$']), { cwd, env });
  const { stdout: words } = await program('bash', ['-c', `printf '%s\\n' ${stdout.trim()}`], { cwd, env });
  expect(words.trim()).toBe(HOSTILE);
  expect(readdirSync(cwd)).not.toContain('pwned');
});
