import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunEventBody } from '../../src/engine/events.ts';
import { openStore } from '../../src/history/sqlite.ts';
import { ana, begin, here, tempDir } from '../history/history-fixtures.ts';
import { runPlaybook } from '../support/run-playbook.ts';

const step = { phase: 'steps', step: 'up', uses: 'compose.up', attempt: 1 } as const;
const all = 'kept-4711 kept-4712 kept-4713 kept-4714 kept-4715 kept-4716 kept-4717';
const events: RunEventBody[] = [
  { type: 'step.started', ...step },
  { type: 'step.logged', step: 'up', lines: [`it said ${all}`] },
  { type: 'step.failed', ...step, error: { class: 'exit', message: `no: ${all}` } },
  { type: 'run.ended', status: 'rolled-back', say: `up failed: ${all}` },
];

/** All places of a run's folder in which a value is known to be secret by what stands beside it. */
const program = {
  playbook: { secrets: { hook: { environment: 'HOOK' }, gone: { environment: 'GONE' } } },
  target: { directory: '/srv' },
  inputs: { api_token: 'kept-4712' },
  plan: { plan_id: '7f3a91c0', warnings: [`beware of ${all}`], inputs: { api_token: 'kept-4712', tag: '2' } },
};
const compose = (file: string) => ({
  name: 'shop',
  services: {
    web: { image: 'web', environment: { DB_PASSWORD: 'kept-4713', URL: 'http://me:kept-4714@x', LOUD: 'yes!!!' } },
  },
  secrets: { cert: { file } },
});
const before = { containers: [{ Config: { Env: ['OLD_TOKEN=kept-4716', 'LOUD=yes!!!'] } }] };
const receipt = { inspect: { Config: { Env: ['OTHER_SECRET=kept-4717'] } } };

let dir: string;
beforeEach(() => {
  dir = tempDir();
  const store = openStore(dir);
  const lease = begin(store, 'k3f9', { by: ana, process: here });
  for (const event of events) store.append('k3f9', event, 20, lease.fence);
  store.release(lease);
  store.close();
  const folder = join(dir, 'runs', 'k3f9');
  const put = (name: string, content: string) => writeFileSync(join(folder, name), content);
  for (const name of ['evidence', 'receipts']) mkdirSync(join(folder, name), { recursive: true });
  put('cert', 'kept-4715\n');
  put('program.json', JSON.stringify(program));
  put('compose.json', JSON.stringify(compose(join(folder, 'cert'))));
  put('before.json', JSON.stringify(before));
  put('receipts/0001-up.json', JSON.stringify(receipt));
  put('evidence/web.log', `web says yes!!! and ${all}\n`);
  writeFileSync(join(folder, 'evidence/core'), Buffer.from([0xff, 0xfe, 0x00]));
});

const playbook = (args: string[], stateDir = dir) =>
  runPlaybook(args, { cwd: dir, stateDir, env: { HOOK: 'kept-4711' } });

describe('an exported run', () => {
  test('must hold events, plan and evidence, and no secret that was given by variable, file, input, or is an old one', async () => {
    expect(await playbook(['show', 'k3f9', '--export', 'out.json'])).toMatchObject({ code: 0, stderr: '' });
    const text = readFileSync(join(dir, 'out.json'), 'utf8');
    expect([text.match(/kept-\d+/g), statSync(join(dir, 'out.json')).mode & 0o777]).toEqual([null, 0o600]);
    const { record } = JSON.parse(text);
    expect(record.events.map(({ type }: { type: string }) => type).slice(2)).toEqual(events.map(({ type }) => type));
    expect(record.plan.inputs).toEqual({ api_token: '***', tag: '2' });
    expect(record.evidence).toEqual([
      { name: 'core', bytes: 3 },
      { name: 'web.log', bytes: 90, text: 'web says yes!!! and *** *** *** *** *** *** ***\n' },
    ]);
  });

  test('must read on another machine as it does here', async () => {
    await playbook(['show', 'k3f9', '--export', 'out.json']);
    const elsewhere = join(dir, 'elsewhere');
    for (const how of [[], ['--json'], ['--events', '--json']]) {
      const [there, here] = [
        await playbook(['show', './out.json', ...how], elsewhere),
        await playbook(['show', 'k3f9', ...how]),
      ];
      // Lines are broken elsewhere where a secret was longer than its stars.
      const words = (text: string) => text.replaceAll(/kept-\d+/g, '***').replaceAll(/\s+/g, ' ');
      expect({ ...there, stdout: words(there.stdout) }).toMatchObject({
        code: 0,
        stderr: '',
        stdout: words(here.stdout),
      });
    }
    const evidence = await playbook(['show', './out.json', '--evidence'], elsewhere);
    expect(evidence.stdout).toContain('── web.log\nweb says yes!!! and ***');
    expect(evidence.stdout).toContain('── core\n(no text: left out of the export)');
    expect((await playbook(['show', './out.json', '--plan', '--json'], elsewhere)).json()).toMatchObject({
      plan_id: '7f3a91c0',
    });
    expect(existsSync(elsewhere)).toBe(false);
  });

  test('must not be written over a file, nor be asked for in part', async () => {
    writeFileSync(join(dir, 'mine'), 'mine');
    expect(await playbook(['show', '--export', 'mine'])).toMatchObject({ code: 2, stdout: '' });
    expect(await playbook(['show', '--export', 'part.json', '--events'])).toMatchObject({ code: 2, stdout: '' });
    expect([readFileSync(join(dir, 'mine'), 'utf8'), existsSync(join(dir, 'part.json'))]).toEqual(['mine', false]);
  });

  test('made by hand, with a right sum and wrong events, must be refused and not crashed on', async () => {
    const strange = [
      { run: 'x', seq: 1, at: 1, type: 'run.created' },
      { seq: 2, type: 'run.exploded' },
    ];
    const record = { run: 'x', status: 'failed', exported_at: 1, events: strange, evidence: [] };
    const sha256 = createHash('sha256').update(JSON.stringify(record)).digest('hex');
    const text = JSON.stringify({ format: 'playbook run record', version: 1, sha256, record });
    writeFileSync(join(dir, 'strange.json'), text);
    const { code, stdout, stderr } = await playbook(['show', './strange.json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('./strange.json cannot be shown: its events do not add up to a run.');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('a run that was bound to nothing must say so when it is asked for its plan', async () => {
  const bare = tempDir();
  const store = openStore(bare);
  begin(store, 'm4x2');
  store.close();
  const { code, stderr } = await playbook(['show', '--plan'], bare);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Run m4x2 was bound to no plan')]);
});
