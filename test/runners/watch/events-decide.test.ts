import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../runners/clients/docker-types.ts';
import { counts, sayEvent } from '../../../runners/watch/events-decide.ts';
import { service } from './replicas.ts';

const scope = { services: [service()], networks: ['shop_default'], volumes: ['shop_data'] };

function event(action: string, more: Partial<EngineEvent> = {}): EngineEvent {
  const attributes = { 'com.docker.compose.service': 'web', name: 'shop-web-1', ...more.attributes };
  return { type: 'container', action, id: 'a', time_nano: '1', ...more, attributes };
}

function counted(events: EngineEvent[], actions: string[], type = 'container'): string[] {
  const stopping = new Set<string>();
  return events
    .filter((one) => counts(one, { type, actions }, scope, stopping))
    .map(({ id, action }) => `${action} ${id}`);
}

describe('watch.events', () => {
  it('must count what is asked for, and nothing else', () => {
    const events = [event('oom'), event('health_status: unhealthy'), event('health_status: healthy'), event('start')];
    expect(counted(events, ['oom', 'health_status: unhealthy'])).toEqual(['oom a', 'health_status: unhealthy a']);
  });

  it('must count a container that dies by itself, but none that was told to stop', () => {
    const b = { id: 'b' };
    const events = [event('kill'), event('die', b), event('die'), event('stop'), event('start'), event('die')];
    expect(counted(events, ['die'])).toEqual(['die b', 'die a']);
    expect(counted(events, ['kill'])).toEqual(['kill a']);
  });

  it('must count only what belongs to the stack', () => {
    const foreign = event('die', { attributes: { 'com.docker.compose.service': 'other' } });
    const oneoff = event('die', { attributes: { 'com.docker.compose.oneoff': 'True' } });
    expect(counted([foreign, oneoff], ['die'])).toEqual([]);
    const network = (name: string) => event('disconnect', { type: 'network', id: 'n', attributes: { name } });
    expect(counted([network('shop_default'), network('bridge')], ['disconnect'], 'network')).toEqual(['disconnect n']);
    const volume = (id: string) => event('unmount', { type: 'volume', id });
    expect(counted([volume('shop_data'), volume('x')], ['unmount'], 'volume')).toEqual(['unmount shop_data']);
  });

  it('must say what happened to whom', () => {
    expect(sayEvent(event('die', { attributes: { exitCode: '3' } }))).toBe('shop-web-1: die (exit code 3)');
    expect(sayEvent({ ...event('mount', { type: 'volume' }), id: 'shop_data', attributes: {} })).toBe(
      'shop_data: mount',
    );
  });
});
