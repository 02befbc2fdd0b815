import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPlaybook } from '../support/run-playbook.ts';

const cwd = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const ask = "steps:\n  - { id: ask, uses: http.check, with: { url: 'http://localhost/' } }\n";

beforeAll(() => {
  writeFileSync(join(cwd, 'good.yml'), `playbook: v1\nname: good\n${ask}`);
  writeFileSync(join(cwd, 'bad.yml'), 'playbook: v1\nname: bad\nsteps: []\n');
  writeFileSync(join(cwd, 'warning.yml'), `playbook: v1\nname: warning\ninputs: { a: { type: path } }\n${ask}`);
  const notice =
    "playbook: v1\nname: notice\nsteps:\n  - { id: x, uses: http.check, when: 1 < 2, with: { url: 'http://x/' } }\n";
  writeFileSync(join(cwd, 'notice.yml'), notice);
});

describe('check must fail from the level on that is asked for:', () => {
  test.concurrent.each([
    ['good.yml --level notice', 0],
    ['bad.yml', 2],
    ['warning.yml', 0],
    ['warning.yml --strict', 2],
    ['warning.yml --level warning', 2],
    ['warning.yml --level error', 0],
    ['notice.yml --strict', 0],
    ['notice.yml --level notice', 2],
    ['good.yml warning.yml --strict', 2],
  ])('%s', async (line, code) => {
    const ended = await runPlaybook(['check', ...line.split(' ')], { cwd });
    expect(ended).toMatchObject({ code, stderr: '' });
  });
});

test.concurrent.each([
  [['--level', 'fatal'], 'There is no level fatal.\nLevels are error, warning, notice.\n'],
  [['--level', 'notice', '--strict'], '--strict is --level warning: give one of them.\n'],
])('check %j must be refused as wrong usage', async (options, said) => {
  expect(await runPlaybook(['check', 'good.yml', ...options], { cwd })).toMatchObject({ code: 2, stderr: said });
});

test('check --json must give the level of every problem', async () => {
  const ended = await runPlaybook(['check', 'bad.yml', 'warning.yml', 'notice.yml', '--json'], { cwd });
  const { ok, problems } = ended.json() as { ok: boolean; problems: { code: string; level: string }[] };
  expect(ok).toBe(false);
  expect(problems.map(({ code, level }) => `${level} ${code}`)).toEqual([
    'error bad-value',
    'warning unused-input',
    'notice constant-condition',
  ]);
});

test('check must show the line that holds a secret, and never the secret', async () => {
  const env = 'target: { env: { DB_PASSWORD: hunter22, TAG: latest } }\n';
  writeFileSync(join(cwd, 'secret.yml'), `playbook: v1\nname: secret\n${env}${ask}`);
  const [text, json] = [
    await runPlaybook(['check', 'secret.yml'], { cwd }),
    await runPlaybook(['check', 'secret.yml', '--json'], { cwd }),
  ];
  expect(text.stdout).toContain('3 | target: { env: { DB_PASSWORD: ********, TAG: latest } }');
  expect(text.stdout + json.stdout).toContain('[secret-in-plain]');
  expect(text.stdout + json.stdout).not.toContain('hunter22');
});

describe('check --fix', () => {
  const text = (url: string) =>
    `playbook: v1\nname: fix\ninputs: { url: { type: url } }\nsteps:\n  - { id: ask, uses: http.check, with: { url: ${url} } }\n`;

  test('must mend the file, say so, and judge what is left', async () => {
    writeFileSync(join(cwd, 'fix.yml'), text('{{inputs.url}}'));
    const { code, stdout } = await runPlaybook(['check', 'fix.yml', '--fix', '--strict'], { cwd });
    expect({ code, stdout, left: readFileSync(join(cwd, 'fix.yml'), 'utf8') }).toEqual({
      code: 0,
      stdout: 'mended  fix.yml: 1 place\nok  fix.yml\n',
      left: text("'{{inputs.url}}'"),
    });
    const again = await runPlaybook(['check', 'fix.yml', '--fix', '--json'], { cwd });
    expect(again.json()).toEqual({ ok: true, mends: 0, problems: [] });
  });

  test('must touch no file that it cannot mend, and none that comes with playbook', async () => {
    const { mtimeMs } = statSync(join(cwd, 'bad.yml'));
    expect(await runPlaybook(['check', 'bad.yml', '--fix'], { cwd })).toMatchObject({ code: 2 });
    expect(statSync(join(cwd, 'bad.yml')).mtimeMs).toBe(mtimeMs);
    expect(await runPlaybook(['check', 'deploy-stack', '--fix'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('comes with playbook, so it is not mended.\nCopy it, and fix the copy.\n'),
    });
  });
});

test('check --github must print one annotation for each problem, by the path from here', async () => {
  const ended = await runPlaybook(['check', 'bad.yml', 'warning.yml', '--github'], { cwd });
  expect(ended.code).toBe(2);
  const [error = '', warning = '', ...more] = ended.stdout.split('\n');
  expect(error).toMatch(/^::error file=bad\.yml,line=3,col=\d+,endColumn=\d+,title=bad-value::/);
  expect(warning).toMatch(/^::warning file=warning\.yml,line=3,.*title=unused-input::/);
  expect(more).toEqual(['']);
});
