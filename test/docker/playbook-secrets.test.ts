import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { withStack } from '../support/stack.ts';
import { withWebServer } from '../support/web-server.ts';

const values = { token: 'kept-"4721" $HOME', note: 'kept-4722', argument: 'kept-4723', shell: 'kept-4724' };
const kept = /kept-\W*472\d/g;

const compose = `
services:
  web:
    build: { context: web, args: { NPM_TOKEN: ${values.argument} } }
    command: [sleep, '600']
    secrets: [spoken]
    stop_grace_period: 1s
secrets: { spoken: { environment: HOOK_TOKEN } }
`;

/** Values are said before a step has asked for them, passed to programs, containers and servers, and said by all of them. */
const playbook = `playbook: v1
name: chatty
secrets:
  token: { environment: HOOK_TOKEN }
  note: { file: ./note.txt }
steps:
  - { id: early, uses: shell.run, with: { script: 'env; cat note.txt' } }
  - { id: build, uses: compose.build }
  - { id: up, uses: compose.up }
  - id: once
    uses: compose.run
    with:
      service: web
      argv: [sh, -c, 'env >&2; printf "got %s" "$API" | wc -c']
      env: { API: { secret: token } }
  - { id: tell, uses: shell.run, with: { script: 'printf "%s\\n" "$T" >&2; sleep 0.1', env: { T: { secret: note } } } }
  - { id: ask, uses: http.check, with: { url: '$URL', headers: { authorization: { secret: token } } } }
  - { id: fail, uses: shell.run, with: { script: 'echo "$T"; exit 3', env: { T: { secret: token } } } }
`;

test('a secret must reach whom it is for, and neither a command line, nor output, journal, plan, evidence or export, whatever the umask', async () => {
  const files = {
    'compose.yml': compose,
    'note.txt': `${values.note}\n`,
    'web/Dockerfile': 'FROM playbook-fixture/app:1\nARG NPM_TOKEN\nRUN echo $NPM_TOKEN >/token\n',
  };
  await withStack('chatty', files, async (stack) => {
    await withWebServer(
      ({ headers }) => ({ body: String(headers.authorization) }),
      async (url, requests) => {
        await stack.write('chatty.yml', playbook.replace('$URL', url));
        const env = { HOOK_TOKEN: values.token, SHELL_PASSWORD: values.shell };
        // The worst that a shell or a service may have set.
        const umask = process.umask(0);
        onTestFinished(() => void process.umask(umask));
        const watched = watchCommandLines();
        const planned = await stack.playbook(['plan', 'chatty.yml', '-o', 'plan.json'], { env });
        const run = await stack.playbook(['run', 'chatty.yml', '--yes'], { env });
        const commands = watched.end();
        expect(commands.filter((line) => line.match(kept))).toEqual([]);
        expect(commands.some((line) => /docker-compose .* run --no-deps/.test(line))).toBe(true);
        // What the container counted, and the step that fails at the end.
        expect(run.stdout).toMatch(new RegExp(` once +${'got '.length + values.token.length}\n`));
        expect(run.stdout).toContain('fail failed: the script ended with exit code 3: ***');
        expect(requests.map(({ headers }) => headers.authorization)).toEqual([values.token]);
        const shown = await Promise.all(
          [['--json'], ['--events'], ['--evidence'], ['--plan']].map((how) =>
            stack.playbook(['show', ...how], { env }),
          ),
        );
        const texts = [planned, run, ...shown].map(({ stdout, stderr }) => stdout + stderr);
        expect(texts.join('').match(kept)).toBeNull();
        expect(await stack.playbook(['show', '--export', 'run.json'], { env })).toMatchObject({ code: 0 });
        const written = ['run.json', 'plan.json'].map((name) => readFileSync(join(stack.folder, name), 'utf8'));
        expect(written.join('').match(kept)).toBeNull();
        expect((await historyOf(stack.stateDir)).match(kept)).toBeNull();
        expect(readableByOthers(stack.stateDir)).toEqual([]);
        expect(['run.json', 'plan.json'].map((name) => statSync(join(stack.folder, name)).mode & 0o777)).toEqual([
          0o600, 0o600,
        ]);
        expect(readdirSync(stack.tmp)).toEqual([]);
      },
    );
  });
});

/** The store as it lies on the disk, and what was kept as evidence. */
async function historyOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const meant = names.filter((name) => /history\.db|evidence\/|program\.json/.test(name) && /\.\w/.test(name));
  return (await Promise.all(meant.map((name) => readFile(join(folder, name), 'latin1')))).join('\n');
}

function readableByOthers(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return ['', ...names].filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
}

/** Looks at what `ps` shows, again and again, until it is told to end; gives the command lines there were. */
function watchCommandLines(): { end(): string[] } {
  const seen = new Set<string>();
  const over = new AbortController();
  const look = async () => {
    while (!over.signal.aborted) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) seen.add(commandLine(pid));
      await turn();
    }
  };
  void look();
  return {
    end: () => {
      over.abort();
      return [...seen];
    },
  };
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
