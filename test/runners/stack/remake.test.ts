import { expect, test } from 'vitest';
import { createBody, volumesByPlace } from '../../../runners/stack/remake.ts';
import { container, id } from './model-builders.ts';

const old = container({
  service: 'web',
  env: ['A=1'],
  networks: {
    shop_default: {
      Aliases: ['shop-web-1', 'web', 'www', id('c').slice(0, 12)],
      IPAMConfig: { IPv4Address: '10.0.0.9' },
      Links: null,
    },
    shop_back: { Aliases: ['web'], IPAMConfig: null, Links: ['db:database'] },
  },
  host: {
    Mounts: [
      { Type: 'volume', Target: '/data' },
      { Type: 'bind', Source: '/a', Target: '/b' },
    ],
  },
}).inspect;

test('F10 the copy must have every network with its aliases, but not the short ID, and the name where it changed', () => {
  expect(createBody(old, { name: 'front' })).toMatchObject({
    NetworkingConfig: {
      EndpointsConfig: {
        shop_default: { Aliases: ['front', 'web', 'www'], IPAMConfig: { IPv4Address: '10.0.0.9' } },
        shop_back: { Aliases: ['web'], Links: ['db:database'] },
      },
    },
  });
});

test('unnamed volumes must be named in the copy, those of the image too', () => {
  const volumes = volumesByPlace([
    { name: id('e'), destination: '/data' },
    { name: id('f'), destination: '/cache' },
  ]);
  expect(createBody(old, { name: 'shop-web-1', volumes })['HostConfig']).toMatchObject({
    Mounts: [
      { Type: 'volume', Target: '/data', Source: id('e') },
      { Type: 'bind', Source: '/a', Target: '/b' },
      { Type: 'volume', Target: '/cache', Source: id('f') },
    ],
  });
});

test('volumes must be taken over from the container that stands for their lender now, in the same mode', () => {
  const cron = container({ service: 'cron', host: { VolumesFrom: [id('a'), `${id('b')}:ro`] } }).inspect;
  expect(createBody(cron, { name: 'shop-cron-1', successors: { [id('b')]: id('d') } })['HostConfig']).toMatchObject({
    VolumesFrom: [id('a'), `${id('d')}:ro`],
  });
});

test('the generated host name must not be copied, a written one must', () => {
  expect(createBody(old, { name: 'x' })).not.toHaveProperty('Hostname');
  const named = container({ service: 'web', config: { Hostname: 'shop' } }).inspect;
  expect(createBody(named, { name: 'x' })).toMatchObject({ Hostname: 'shop' });
});

test('what shares a network must name the new container, and have no network or host name of its own', () => {
  const host = { NetworkMode: `container:${id('b')}`, PidMode: `container:${id('b')}` };
  const body = createBody(container({ service: 'web', config: { Hostname: 'vpn' }, host }).inspect, {
    name: 'x',
    successors: { [id('b')]: id('d') },
  });
  expect(body).toMatchObject({
    HostConfig: { NetworkMode: `container:${id('d')}`, PidMode: `container:${id('d')}` },
    NetworkingConfig: { EndpointsConfig: {} },
  });
  expect(body).not.toHaveProperty('Hostname');
});

test('what shares only the processes or the memory of another one must keep its networks', () => {
  const host = { NetworkMode: 'shop_default', PidMode: `container:${id('b')}`, IpcMode: 'private' };
  const body = createBody(container({ service: 'web', host }).inspect, {
    name: 'x',
    successors: { [id('b')]: id('d') },
  });
  expect(body['HostConfig']).toMatchObject({ ...host, PidMode: `container:${id('d')}` });
});

test('labels and the image must be put right where given, and stay where not', () => {
  expect(createBody(old, { name: 'x' })).toMatchObject({ Image: 'shop/web:1' });
  const body = createBody(old, {
    name: 'x',
    image: 'sha256:1',
    labels: { 'com.docker.compose.container-number': '7' },
  });
  expect(body).toMatchObject({
    Image: 'sha256:1',
    Labels: { 'com.docker.compose.container-number': '7', 'com.docker.compose.service': 'web' },
  });
});
