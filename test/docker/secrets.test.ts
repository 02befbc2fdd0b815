import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameApp } from '../support/images.ts';
import { withStack } from '../support/stack.ts';

const values = {
  variable: 'kept-4711',
  argument: 'kept-4712',
  address: 'kept-4713',
  file: 'kept-4714',
  spoken: 'kept-4715',
  dotted: 'kept-4716',
};

/** It prints what it knows, as applications do when they fail. */
const compose = (ends: string) => `
services:
  web:
    build: { context: web, args: { NPM_TOKEN: ${values.argument}-${ends} } }
    environment: { DB_PASSWORD: ${values.variable}, DATABASE_URL: 'postgres://me:${values.address}@db/x' }
    entrypoint: [sh, -c]
    command: ['echo $$DB_PASSWORD $$DATABASE_URL; cat /run/secrets/*; ${ends}']
    secrets: [file, spoken, dotted]
    stop_grace_period: 1s
secrets: { file: { file: ./file.txt }, spoken: { environment: SPOKEN }, dotted: { environment: DOTTED } }
`;

test('what the Compose files treat as secret must not get from a container or a build into journal, output or evidence', async () => {
  const files = {
    'compose.yml': compose('exec sleep 600'),
    'file.txt': values.file,
    '.env': `DOTTED=${values.dotted}\n`,
    'web/Dockerfile': 'FROM playbook-fixture/app:1\nARG NPM_TOKEN\nRUN echo $NPM_TOKEN >/token\n',
  };
  await withStack('secrets', files, async (stack) => {
    const env = { SPOKEN: values.spoken };
    await stack.compose(['up', '-d', '--build'], { env });
    await stack.write('compose.yml', compose('exit 3'));
    const run = await stack.playbook(['run', 'deploy-stack', '--yes', '-i', 'stable_for=0s', '-i', 'soak=0s'], { env });
    expect(run).toMatchObject({ code: 4 });
    const shown = await Promise.all(
      [['--json'], ['--events'], ['--evidence']].map((how) => stack.playbook(['show', ...how], { env })),
    );
    const texts = [run, ...shown].map(({ stdout, stderr }) => stdout + stderr);
    expect(texts.join('').match(/kept-\d+/g)).toBeNull();
    expect(texts.join('')).toContain('postgres://me:***@db/x');
    expect(await stack.playbook(['show', '--export', 'run.json'], { env })).toMatchObject({ code: 0 });
    const exported = await readFile(join(stack.folder, 'run.json'), 'utf8');
    expect([exported.includes('inspect.json'), exported.match(/kept-\d+/g)]).toEqual([true, null]);
    expect((await historyOf(stack.stateDir)).match(/kept-\d+/g)).toBeNull();
  });
});

test('a secret that only .env has must be in the container that a run makes, and no objection', async () => {
  const files = {
    'compose.yml': `
services:
  web: { image: $PROJECT/web:1, secrets: [token], configs: [{ source: motto, target: /motto }] }
secrets: { token: { environment: TOKEN } }
configs: { motto: { environment: MOTTO } }
`,
    '.env': "TOKEN='a $$ b'\nMOTTO=overridden\n",
  };
  await withStack('dotenv', files, async (stack) => {
    await nameApp(`${stack.project}/web:1`, '1');
    const run = ['run', 'deploy-stack', '--yes', '-i', 'stable_for=0s', '-i', 'soak=0s'];
    expect(await stack.playbook(run, { env: { MOTTO: 'from the shell' } })).toMatchObject({ code: 0 });
    const seen = await stack.compose(['exec', '-T', 'web', 'cat', '/run/secrets/token', '/motto']);
    expect(seen).toBe('a $$ bfrom the shell');
    await stack.compose(['rm', '-sf', 'web']);
    await stack.compose(['up', '-d'], { env: { MOTTO: 'from the shell' } });
    expect(await stack.compose(['exec', '-T', 'web', 'cat', '/run/secrets/token', '/motto'])).toBe(seen);
  });
});

test('an undo must not need an .env that is broken by now', async () => {
  const files = {
    'compose.yml': `
services: { web: { image: $PROJECT/web:1, secrets: [token] } }
secrets: { token: { environment: TOKEN } }
`,
    '.env': 'TOKEN=kept-4717\n',
    'dies.yml': `playbook: v1
name: dies
steps:
  - { id: up, uses: compose.up }
  - { id: die, uses: shell.run, with: { argv: [sh, -c, 'kill -9 $PPID'] } }
`,
  };
  await withStack('broken-env', files, async (stack) => {
    await nameApp(`${stack.project}/web:1`, '1');
    await stack.playbook(['run', 'dies.yml', '--yes']);
    expect(await stack.ids('web')).toHaveLength(1);
    const { id } = (await stack.playbook(['show', '--json'])).json() as { id: string };
    await stack.write('.env', "TOKEN='never closed\n");
    expect(await stack.playbook(['undo', id])).toMatchObject({ code: 0, stderr: '' });
    await stack.write('.env', '');
    expect(await stack.ids('web')).toEqual([]);
  });
});

/** The store as it lies on the disk, and what was kept as evidence. Receipts and releases may hold values: they are 0600. */
async function historyOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const meant = names.filter((name) => /history\.db|evidence\/.*\.(log|health\.json)$/.test(name));
  const texts = await Promise.all(meant.map((name) => readFile(join(folder, name), 'latin1')));
  return texts.join('\n');
}
