import { expect, test } from 'vitest';
import { namesOf } from '../../../runners/release/images-run.ts';
import { outlineOf } from '../../../runners/release/outline.ts';
import { thaw } from '../../../runners/stack/freeze.ts';
import { container, id } from '../stack/model-builders.ts';

test('an outline must tell what checks ask: images, counts, ports, healthchecks, who needs whom; secrets stay maskable', () => {
  const web = {
    service: 'web',
    env: ['API_TOKEN=a$b=c'],
    ports: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }] },
    labels: { 'com.docker.compose.depends_on': 'db:service_healthy:false,gone:service_started:false' },
    config: { Healthcheck: { Test: ['CMD-SHELL', 'echo $HOME'], Interval: 2e9, Retries: 3 } },
  };
  const containers = [
    container({ ...web, id: id('a') }),
    container({ ...web, id: id('b'), number: 2 }),
    container({ service: 'db' }),
    container({ service: 'old', status: 'exited' }),
  ];
  const { full, notes } = thaw(outlineOf('shop', containers, { web: { job: false }, new: { job: true } }));
  expect(notes.marks).toEqual({ web: { job: false } });
  expect(notes.active).toEqual(['db', 'old', 'web']);
  expect(full.services).toMatchObject({
    web: {
      image: 'shop/web:1',
      scale: 2,
      environment: { API_TOKEN: 'a$$b=c' },
      depends_on: { db: { condition: 'service_healthy' } },
      ports: [{ target: 8080, published: '80', host_ip: '127.0.0.1', protocol: 'tcp' }],
      healthcheck: { test: ['CMD-SHELL', 'echo $$HOME'], interval: '2000ms', retries: 3 },
    },
    db: { scale: 1 },
    old: { scale: 0 },
  });
  expect(Object.keys(full.services['web']?.depends_on ?? {})).toEqual(['db']);
});

test('each image name must get one image, and what is fixed by its digest or has no name must be left alone', () => {
  const at = (image: string, image_id: string) => ({ image, image_id, digests: [], keep_tag: 'k', containers: 1 });
  const services = {
    web: at('shop/web:1', 'A'),
    api: at('shop/api:1', 'B'),
    old: at('shop/api:1', 'C'),
    fixed: at(`shop/x@sha256:${id('1')}`, 'D'),
    nameless: at(`sha256:${id('2')}`, 'E'),
  };
  expect(namesOf({ services })).toEqual([
    { name: 'shop/api:1', id: 'B' },
    { name: 'shop/web:1', id: 'A' },
  ]);
});
