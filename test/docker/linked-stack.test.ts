import { lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker } from '../support/docker.ts';
import { withStack } from '../support/stack.ts';

const compose = `
services:
  web:
    image: '$PROJECT/web:1'
    command: [sleep, '600']
    environment: { GREETING: '\${GREETING:-none}' }
    env_file: [./web.env]
    stop_grace_period: 0s
`;

const playbook = `playbook: v1
name: linked
secrets: { note: { file: ./note.txt } }
steps:
  - { id: up, uses: compose.up }
  - { id: say, uses: shell.run, with: { script: 'cat note.txt; pwd -P' } }
`;

test('a stack whose folder and files are links must be deployed from what they lead to, and the links stay', async () => {
  await withStack('linked', { 'compose.yml': compose }, async (stack) => {
    await stack.image('web:1', '1');
    const [above, linked] = [join(stack.folder, '..'), join(stack.folder, '../link')];
    mkdirSync(join(above, 'real'));
    const contents = {
      '.env': 'GREETING=hello\n',
      'web.env': 'FROM_FILE=yes\n',
      'note.txt': 'kept-4731\n',
      'linked.yml': playbook,
    };
    for (const [name, text] of Object.entries(contents)) {
      writeFileSync(join(above, 'real', name), text);
      symlinkSync(`../real/${name}`, join(stack.folder, name));
    }
    symlinkSync('stack', linked);
    const run = await stack.playbook(['run', 'linked.yml', '--yes'], { cwd: linked });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(stack.folder);
    expect(run.stdout).not.toContain('kept-4731');
    const [web = ''] = await stack.ids('web');
    const seen = await docker(['inspect', '--format', '{{json .Config.Env}}', web]);
    expect(JSON.parse(seen)).toEqual(expect.arrayContaining(['GREETING=hello', 'FROM_FILE=yes']));
    // By another way to the same folder it is the same stack.
    expect(await stack.playbook(['plan', 'linked.yml', '--detailed-exitcode'])).toMatchObject({ stderr: '' });
    expect((await stack.playbook(['plan', join(linked, 'linked.yml')])).stdout).toContain('= web');
    for (const name of Object.keys(contents)) expect(readlinkSync(join(stack.folder, name))).toBe(`../real/${name}`);
    expect(lstatSync(linked).isSymbolicLink()).toBe(true);
  });
});
