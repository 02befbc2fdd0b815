import { describe, expect, test } from 'vitest';
import { decideServices } from '../../../../runners/stack/diff.ts';
import { containerIn } from '../../../../runners/stack/make/own-container.ts';
import { refusal } from '../../../../runners/stack/make/refusals.ts';
import { chosen, groupsOf, needsOtherName, portHolders, scales, worksOf } from '../../../../runners/stack/make/work.ts';
import type { DesiredStack, ObservedStack } from '../../../../runners/stack/model.ts';
import { container, desired, id, observed } from '../model-builders.ts';

const needs = (name: string) => ({ depends_on: { [name]: { condition: 'service_started' } } });
const port = (published: string) => ({ ports: [{ target: 80, published, protocol: 'tcp' }] });
const binding = (published: string) => ({ '80/tcp': [{ HostPort: published }] });

function works(stack: DesiredStack, there: ObservedStack) {
  return worksOf(decideServices(stack, there, []), stack, there);
}

describe('the numbers for `create --scale`', () => {
  test('they must name every service of the closure, with what is there and what comes', () => {
    const stack = desired({ web: needs('api'), api: needs('db'), db: {}, other: {} });
    const there = observed([
      container({ service: 'web', hash: 'old' }),
      container({ service: 'api', id: id('a') }),
      container({ service: 'db', id: id('d') }),
      container({ service: 'db', id: id('e'), number: 2, status: 'exited' }),
      container({ service: 'other', id: id('f') }),
    ]);
    expect(scales(works(stack, there), stack, there)).toEqual({ db: 2, api: 1, web: 2 });
  });

  test('a leftover must not count, it is removed before', () => {
    const stack = desired({ web: {} });
    const there = observed([container({ service: 'web', name: '0123456789ab_shop-web-1', status: 'created' })]);
    expect(scales(works(stack, there), stack, there)).toEqual({ web: 1 });
  });

  test('a container_name that is taken must be left out of the file, a free one must not', () => {
    const stack = desired({ web: { container_name: 'front' } });
    const taken = observed([container({ service: 'web', name: 'front', hash: 'old' })]);
    const first = observed([]);
    expect(works(stack, taken).map((work) => needsOtherName(work, stack, taken))).toEqual([true]);
    expect(works(stack, first).map((work) => needsOtherName(work, stack, first))).toEqual([false]);
  });
});

describe('what is changed together', () => {
  test('services that need each other through one that stays must be one group', () => {
    const stack = desired({ web: needs('api'), api: needs('db'), db: {}, other: {} });
    const there = observed([
      container({ service: 'web', hash: 'old' }),
      container({ service: 'api', id: id('a') }),
      container({ service: 'db', id: id('d'), hash: 'old' }),
      container({ service: 'other', id: id('f'), hash: 'old' }),
    ]);
    expect(groupsOf(works(stack, there), stack)).toEqual([['db', 'web'], ['other']]);
  });

  test('a port that goes from one service to another must make them one group', () => {
    const stack = desired({ web: {}, edge: port('8080') });
    const there = observed([container({ service: 'web', hash: 'old', ports: binding('8080') })], {
      images: { 'shop/edge:1': { Id: 'sha256:1' } as never },
    });
    const both = works(stack, there);
    const edge = both.find(({ service }) => service === 'edge');
    expect(edge && portHolders(edge, both, stack)).toEqual(['web']);
    expect(groupsOf(both, stack)).toHaveLength(1);
  });

  test('chosen services must take along what they need, and nothing else', () => {
    const stack = desired({ web: needs('db'), db: {}, other: {} });
    const decisions = decideServices(stack, observed([]), []);
    expect(chosen(decisions, stack, ['web']).map(({ service }) => service)).toEqual(['db', 'web']);
    expect(chosen(decisions, stack, undefined)).toHaveLength(3);
  });
});

describe('what must not be done', () => {
  const ask = (stack: DesiredStack, there: ObservedStack, more: { own?: string; orphans?: 'keep' | 'remove' } = {}) =>
    refusal({
      desired: stack,
      observed: there,
      works: works(stack, there),
      own: more.own,
      orphans: more.orphans ?? 'keep',
    });

  test('F12 stopping the container that this program runs in', () => {
    const stack = desired({ web: {} });
    const changed = observed([container({ service: 'web', hash: 'old' })]);
    expect(ask(stack, changed, { own: id('c') })?.message).toContain(
      'shop-web-1 is the container this program runs in',
    );
    expect(ask(stack, changed, { own: id('9') })).toBeUndefined();
    expect(ask(stack, observed([container({ service: 'web' })]), { own: id('c') })).toBeUndefined();
  });

  test('hooks that nobody would run', () => {
    const stack = desired({ web: { post_start: [{ command: 'x' }] } });
    expect(ask(stack, observed([]))?.message).toBe('web has a post_start hook, which is not honoured yet.');
  });

  test.each(['network', 'volume'])('an external %s that is not there', (kind) => {
    const stack = desired({ web: {} }, { more: { [`${kind}s`]: { out: { name: 'out', external: true } } } });
    expect(ask(stack, observed([]))).toEqual({
      message: `The external ${kind} out is not there.`,
      hint: `Create it: docker ${kind} create out`,
    });
  });

  test('a port that an orphan holds, unless it goes', () => {
    const stack = desired({ web: port('8080') });
    const orphan = container({ service: 'old', ports: binding('8080') });
    const there = observed([], { orphans: [orphan] });
    expect(ask(stack, there)?.message).toContain('Port 8080, which web publishes, is held by shop-old-1');
    expect(ask(stack, there, { orphans: 'remove' })).toBeUndefined();
  });

  test.each([
    ['driver', { driver: 'macvlan' }, { Driver: 'bridge', Internal: false }],
    ['internal', { internal: true }, { Driver: 'bridge', Internal: false }],
    ['driver_opts', { driver_opts: { mtu: '1400' } }, { Driver: 'bridge', Internal: false, Options: {} }],
    [
      'subnet',
      { ipam: { config: [{ subnet: '10.1.0.0/24' }] } },
      { Driver: 'bridge', Internal: false, IPAM: { Config: [{ Subnet: '10.2.0.0/24' }] } },
    ],
  ])('a network whose %s changed, with the way by hand', (what, definition, found) => {
    const stack = desired({ web: {} }, { more: { networks: { front: { name: 'shop_front', ...definition } } } });
    const there = observed([], { networks: [{ Name: 'shop_front', ...found }] as never });
    expect(ask(stack, there)?.message).toBe(
      `The definition of the network shop_front changed (${what}); it can only be made anew.`,
    );
    expect(ask(stack, there)?.hint).toContain('docker compose -p shop down');
  });

  test('a volume whose driver options changed: its data would be lost', () => {
    const stack = desired(
      { web: {} },
      { more: { volumes: { data: { name: 'shop_data', driver_opts: { type: 'nfs' } } } } },
    );
    const there = observed([], { volumes: [{ Name: 'shop_data', Driver: 'local', Options: null }] as never });
    expect(ask(stack, there)?.message).toContain('its data would be lost');
  });
});

test('the own container must be found by what the engine mounts into it', () => {
  const line = `612 600 8:1 /var/lib/docker/containers/${id('a')}/hostname /etc/hostname rw - ext4 /dev/sda1 rw`;
  expect(containerIn(`1 2 3 / / rw\n${line}\n`)).toBe(id('a'));
  expect(containerIn('25 30 0:23 / /sys rw - sysfs sysfs rw')).toBeUndefined();
});
