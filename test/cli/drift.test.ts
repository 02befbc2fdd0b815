import { describe, expect, test } from 'vitest';
import { driftFrom, type ServiceNow, serviceStatus } from '../../src/cli/drift.ts';
import type { Release } from '../../src/runner/contract.ts';

type Container = ServiceNow['containers'][number];

const container = (more: Partial<Container> = {}): Container => ({
  image: 'shop/web:1',
  image_id: 'A',
  hash: 'h',
  running: true,
  exit: 0,
  ...more,
});
const service = (more: Partial<ServiceNow> = {}): ServiceNow => ({
  name: 'web',
  image: 'shop/web:1',
  wanted: 1,
  job: false,
  containers: [container()],
  ...more,
});

const released = { image: 'shop/web:1', image_id: 'A', digests: [], keep_tag: 'k', config_hash: 'h', containers: 1 };
const release: Release = {
  id: 'r2',
  project: 'shop',
  engine_id: 'E',
  created_at: 0,
  compose_version: '2.26.1',
  profiles: [],
  services: { web: released },
  fingerprints: {},
  files: {},
};

describe('what was changed by hand since a release must be named', () => {
  const cases: [string, ServiceNow[], string[]][] = [
    ['nothing', [service()], []],
    [
      'another image',
      [service({ containers: [container({ image_id: 'B' })] })],
      ['web runs another image than the release (shop/web:1)'],
    ],
    [
      'another image and configuration in one sentence',
      [service({ containers: [container({ image_id: 'B', hash: 'x' })] })],
      ['web runs another image and configuration than the release (shop/web:1)'],
    ],
    [
      'another configuration',
      [service({ containers: [container({ hash: 'x' })] })],
      ['web was made from another configuration'],
    ],
    [
      'more containers',
      [service({ containers: [container(), container()] })],
      ['web has 2 containers; the release had 1'],
    ],
    ['a stopped service', [service({ containers: [container({ running: false, exit: 137 })] })], ['web is stopped']],
    ['no container', [service({ containers: [] })], ['web is gone: it has no container']],
    ['one besides', [service(), service({ name: 'api' })], ['api is not in the release']],
    ['one without a container', [], ['web is in release r2, but has no container']],
    ['a job that ended', [service({ job: true, containers: [container({ running: false })] })], []],
  ];
  test.each(cases)('%s', (_what, services, sentences) => expect(driftFrom(release, services)).toEqual(sentences));
});

describe('the health of a service must be the worst of its containers', () => {
  const cases: [Partial<ServiceNow>, string][] = [
    [{ containers: [container({ health: 'healthy' }), container({ health: 'unhealthy' })] }, 'unhealthy'],
    [{ containers: [container({ health: 'starting' }), container({ health: 'healthy' })] }, 'starting'],
    [{ containers: [container()] }, 'no healthcheck'],
    [{ containers: [container({ running: false, exit: 1 })] }, 'stopped (exit code 1)'],
    [{ job: true, containers: [container({ running: false })] }, 'done'],
    [{ job: true, containers: [container({ running: false, exit: 3 })] }, 'stopped (exit code 3)'],
    [{ containers: [] }, 'not made'],
  ];
  test.each(cases)('%j', (more, health) => expect(serviceStatus(service(more)).health).toBe(health));
});

describe('the image of a service must be the one that runs', () => {
  const old = container({ image: 'shop/web:1' });
  const cases: [string, Partial<ServiceNow>, string][] = [
    ['not the one that the files name', { image: 'shop/web:2', containers: [old] }, 'shop/web:1'],
    ['of all that run', { containers: [old, container({ image: 'shop/web:2' })] }, 'shop/web:1, shop/web:2'],
    ['not of one that stands', { containers: [old, container({ image: 'shop/web:2', running: false })] }, 'shop/web:1'],
    ['of the last where none runs', { containers: [container({ running: false, image: 'shop/web:3' })] }, 'shop/web:3'],
    ['of the files where there is none', { image: 'shop/web:2', containers: [] }, 'shop/web:2'],
  ];
  test.each(cases)('%s', (_what, more, image) => expect(serviceStatus(service(more)).image).toBe(image));
});
