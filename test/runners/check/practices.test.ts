import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decidePractices, type PracticesParams } from '../../../runners/check/decide-practices.ts';
import { findPractices, subjectsOf } from '../../../runners/check/find-practices.ts';
import type { Subject } from '../../../runners/check/practices/subject.ts';
import { PRACTICES } from '../../../runners/check/practices/words.ts';
import { type ComposePlaces, composePlaces } from '../../../runners/clients/compose-places.ts';
import type { ComposeModel } from '../../../runners/clients/compose-types.ts';
import { jobsOf } from '../../../runners/stack/jobs.ts';

const folder = join(import.meta.dirname, '../../../fixtures/practices');
const practices = Object.keys(PRACTICES);

type Stack = { subjects: Subject[]; places: ComposePlaces };

/** A stack as Compose would print it; nothing is known of its images but what is said. */
function stackOf(text: string, file = 'compose.yml', brings?: Subject['image']): Stack {
  const model = parse(text) as ComposeModel;
  const jobs = jobsOf(model, {});
  const places = composePlaces([{ file, text }]);
  const services = Object.entries(model.services).map(([name, config]) => ({
    name,
    config,
    job: jobs.includes(name),
    edge: false,
    brings,
  }));
  return { places, subjects: subjectsOf(services, { places, log_driver: 'json-file' }) };
}

function found(text: string, file?: string, brings?: Subject['image']): string[] {
  const { subjects, places } = stackOf(text, file, brings);
  return findPractices(subjects, places).map(({ practice, level, service }) => `${level} ${practice} ${service}`);
}

const fixture = (name: string) => readFileSync(join(folder, name), 'utf8');

describe.each(practices)('the practice %s', (practice) => {
  const { level } = PRACTICES[practice as keyof typeof PRACTICES];

  test('must be missed in its bad fixture once, and nothing else', () => {
    expect(found(fixture(`${practice}.bad.yml`))).toEqual([`${level} ${practice} web`]);
  });

  test('must be kept in its good fixture, and everything else', () => {
    expect(found(fixture(`${practice}.good.yml`))).toEqual([]);
  });

  test('must be found with its place', () => {
    const { subjects, places } = stackOf(fixture(`${practice}.bad.yml`));
    expect(findPractices(subjects, places)[0]?.place).toMatchObject({ file: 'compose.yml', line: expect.any(Number) });
  });
});

test('every fixture must belong to a practice', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  expect(names.toSorted()).toEqual(practices.flatMap((id) => [`${id}.bad.yml`, `${id}.good.yml`]).toSorted());
});

describe('what the image brings must count:', () => {
  const text = fixture('healthcheck-missing.good.yml').replace(/ {4}healthcheck: .*\n/, '');

  test.each<[string, Subject['image'], string[]]>([
    ['an image that is not here may have a healthcheck', undefined, []],
    ['an image with a healthcheck', { healthcheck: true, volumes: [] }, []],
    ['an image without one', { healthcheck: false, volumes: [] }, ['warning healthcheck-missing web']],
    ['a volume that nobody has named', { healthcheck: true, volumes: ['/data'] }, ['warning volume-anonymous web']],
  ])('%s', (_what, brings, expected) => {
    expect(found(text, 'compose.yml', brings)).toEqual(expected);
  });
});

describe('a job', () => {
  test('must need no healthcheck, restart and limit', () => {
    const web = fixture('healthcheck-missing.good.yml').trimEnd();
    const waits = '    depends_on: { once: { condition: service_completed_successfully } }';
    const once = '  once: { image: shop/once:1.4.2, logging: { driver: local } }';
    expect(found(`${web}\n${waits}\n${once}\n`)).toEqual([]);
  });
});

describe('a secret in the environment', () => {
  test.each([
    ['DB_PASSWORD: hunter22', 1],
    ['DB_PASSWORD: hunter$$22', 1],
    ["DB_PASSWORD: ''", 0],
    ['DB_PASSWORD: $SECRET', 0],
    ['DB_PASSWORD: a-$SECRET', 0],
  ])('written as `%s` must be found %d times', (written, times) => {
    const text = fixture('secret-in-environment.bad.yml').replace('DB_PASSWORD: hunter22', () => written);
    expect(found(text)).toHaveLength(times);
  });

  test('that an env file brings does not stand in the Compose file', () => {
    const bad = fixture('secret-in-environment.bad.yml');
    const { subjects } = stackOf(bad);
    const places = composePlaces([{ file: 'compose.yml', text: 'services: { web: { env_file: [app.env] } }' }]);
    const config = subjects[0]?.config ?? {};
    const seen = subjectsOf([{ name: 'web', config, job: false, edge: false, brings: undefined }], {
      places,
      log_driver: 'local',
    });
    expect(findPractices(seen, places)).toEqual([]);
  });
});

describe('check.practices', () => {
  const all: PracticesParams = { level: 'error', services: [], ignore: [] };
  const judge = (name: string, params: Partial<PracticesParams> = {}) => {
    const { subjects, places } = stackOf(fixture(name));
    return decidePractices(subjects, places, { ...all, ...params });
  };

  test.each<[string, Partial<PracticesParams>, string]>([
    ['privileged.bad.yml', {}, 'no-go'],
    ['memory-unlimited.bad.yml', {}, 'warn'],
    ['memory-unlimited.bad.yml', { level: 'warning' }, 'no-go'],
    ['container-name-fixed.bad.yml', {}, 'go'],
    ['container-name-fixed.bad.yml', { level: 'warning' }, 'go'],
    ['container-name-fixed.bad.yml', { level: 'notice' }, 'no-go'],
    ['privileged.good.yml', { level: 'notice' }, 'go'],
  ])('%s with %j must be a %s', (name, params, verdict) => {
    expect(judge(name, params).verdict).toBe(verdict);
  });

  test('must say what, where and what to do, and keep the rest as evidence', () => {
    const judged = judge('privileged.bad.yml');
    expect(judged).toMatchObject({
      say: '1 error: web is privileged (privileged).',
      hint: expect.stringContaining('`playbook explain privileged` says why.'),
      evidence: {
        findings: [{ practice: 'privileged', level: 'error', service: 'web', place: { file: 'compose.yml', line: 9 } }],
      },
    });
  });

  test('must say once what is wrong with several services', () => {
    const text = fixture('privileged.bad.yml');
    const api = text.slice(text.indexOf('  web:')).replace('  web:', '  api:');
    const { subjects, places } = stackOf(`${text}${api}`);
    expect(decidePractices(subjects, places, all).say).toBe(
      '2 errors: each of web and api is privileged (privileged).',
    );
  });

  test('must set aside what is ignored with a reason, and name an ignore that finds nothing', () => {
    const because = 'It needs the whole machine.';
    expect(judge('privileged.bad.yml', { ignore: [{ practice: 'privileged', because }] })).toMatchObject({
      verdict: 'go',
      evidence: { findings: [], ignored: [{ practice: 'privileged', because }] },
    });
    expect(judge('privileged.good.yml', { ignore: [{ practice: 'privileged', because }] })).toMatchObject({
      verdict: 'warn',
      say: '1 service as it should be; the ignore of privileged finds nothing.',
    });
    const other = { ignore: [{ practice: 'privileged' as const, services: ['api'], because }] };
    expect(judge('privileged.bad.yml', other).verdict).toBe('no-go');
  });

  test('must look only at the services that are named, and refuse one that is not there', () => {
    expect(judge('privileged.bad.yml', { services: ['web'] }).verdict).toBe('no-go');
    expect(judge('privileged.bad.yml', { services: ['wbe'] })).toMatchObject({
      verdict: 'no-go',
      say: 'there is no active service wbe.',
      hint: 'Services are web.',
    });
  });

  test('must never show the value of a secret', () => {
    expect(JSON.stringify(judge('secret-in-environment.bad.yml'))).not.toContain('hunter22');
  });
});
