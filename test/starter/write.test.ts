import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../runners/index.ts';
import { shippedPlaybooks } from '../../src/package-root.ts';
import { lintPlaybook } from '../../src/playbook/lint/lint.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { printProblems } from '../../src/report/problem.ts';
import { plainStyle } from '../../src/report/style.ts';
import { createRegistry } from '../../src/runner/registry.ts';
import type { StackSurvey, SurveyedService } from '../../src/runner/stack-survey.ts';
import { smokeCandidates, TEMPLATES, templateFor } from '../../src/starter/choose.ts';
import { advice, foundLines } from '../../src/starter/say.ts';
import { type Starter, writeStarter } from '../../src/starter/write.ts';

const plain: SurveyedService = {
  name: 'web',
  image: 'shop/web:1',
  built: false,
  replicas: 1,
  job: false,
  health: 'file',
  keeps: [],
  proxy: false,
  published: [],
  running: true,
  ended: false,
};

const stack = (...services: Partial<SurveyedService>[]): StackSurvey => ({
  project: 'shop',
  files: ['compose.yml'],
  services: services.map((each) => ({ ...plain, ...each })),
});

const starter = (template: (typeof TEMPLATES)[number], more: Partial<Starter> = {}): Starter => ({
  template,
  shipped: readFileSync(join(shippedPlaybooks(), `${template}.yml`), 'utf8'),
  survey: stack({}, { name: 'db', image: 'postgres:16', keeps: ['data'], health: 'none' }),
  schema: '/opt/playbook/schemas/playbook.schema.json',
  target: {},
  ...more,
});

async function loaded(text: string) {
  const [source, registry] = [{ file: 'deploy.yml', text }, createRegistry(FAMILIES)];
  const problems = await lintPlaybook(source, registry);
  expect(printProblems(problems, new Map([['deploy.yml', text]]), plainStyle())).toBe('');
  return (await loadPlaybook(source, registry)).playbook;
}

describe.each(TEMPLATES)('a playbook from %s', (template) => {
  test('must have no problem, a name of its own, and what was found at its head', async () => {
    const text = writeStarter(starter(template));
    expect(await loaded(text)).toMatchObject({ name: 'deploy-shop' });
    expect(text).toMatch(/^# yaml-language-server: \$schema=\/opt\/playbook\/schemas\/playbook.schema.json\n/);
    expect(text).toContain(
      '# Found   web  shop/web:1   healthcheck\n#         db   postgres:16  keeps data · no healthcheck\n',
    );
    expect(text).toContain('# Undo ');
  });

  test('must ask the address that answers, and be about the stack that the command line named', async () => {
    const target = { files: ['a b.yml'], project: 'other', profiles: ['x'], env_files: ['.env.prod'] };
    const playbook = await loaded(writeStarter(starter(template, { smoke_url: 'http://127.0.0.1:8080/', target })));
    expect(playbook?.inputs['smoke_url']).toMatchObject({ default: 'http://127.0.0.1:8080/' });
    expect(playbook?.target).toMatchObject(target);
  });

  test('must have a legal name whatever Compose allows in that of a project', async () => {
    for (const project of ['my_shop', '0', 'a-', '9_x_', 'x'.repeat(80)])
      expect(await loaded(writeStarter(starter(template, { survey: { ...stack({}), project } })))).toBeDefined();
  });
});

test('a stack with an edge must be updated batch by batch, any other one deployed whole', () => {
  expect(templateFor(stack({}, { edge: 'haproxy' }))).toBe('rolling-update');
  expect(templateFor(stack({}))).toBe('deploy-stack');
});

test('only ports that speak HTTP by custom may be asked, proxies and usual ports first', () => {
  const published = (port: number, target: number, address = '127.0.0.1') => [{ address, port, target }];
  const survey = stack(
    { name: 'db', published: published(5432, 5432) },
    { name: 'api', running: false, published: published(3001, 3000) },
    { name: 'edge', proxy: true, published: [...published(443, 443), ...published(80, 80)] },
    { name: 'admin', published: published(9999, 9999, '::1') },
  );
  expect(smokeCandidates(survey)).toEqual([
    { url: 'http://127.0.0.1/', running: true },
    { url: 'http://127.0.0.1:3001/', running: false },
    { url: 'http://[::1]:9999/', running: true },
  ]);
});

test('what is worth doing must be said once, with the lines to write', () => {
  const survey = stack(
    { health: 'none', image: 'redis:7', name: 'cache', healthcheck: 'healthcheck: { test: [CMD, redis-cli, ping] }' },
    { health: 'none', job: true, name: 'migrate' },
    { health: 'none', ended: true, name: 'seed' },
    { name: 'front', proxy: true, published: [{ address: '127.0.0.1', port: 80, target: 80 }] },
    { health: 'unknown', name: 'new' },
  );
  expect(advice(survey)).toEqual([
    [
      'cache has no healthcheck, so "it runs" is all that can be known of it. For its image:',
      'healthcheck: { test: [CMD, redis-cli, ping] }',
    ],
    [
      'seed has ended well, and nothing says that it is a job: a deploy would wait for it to run. If it is one:',
      'x-playbook: { job: true }',
    ],
    ['front looks like a proxy: docs/edge.md says how services behind it are updated without losing a request.'],
  ]);
});

test('a port that is published on several addresses must be named once', () => {
  const published = ['127.0.0.1', '::1'].map((address) => ({ address, port: 8080, target: 80 }));
  expect(foundLines(stack({ published }))).toEqual(['web  shop/web:1  publishes 8080 · healthcheck']);
});

test('names with control characters must not reach the terminal as they are', () => {
  expect(foundLines(stack({ image: 'evil\u001b[2J:1' })).join('')).not.toContain('\u001b');
});
