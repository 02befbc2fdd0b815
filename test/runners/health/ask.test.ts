import { describe, expect, it } from 'vitest';
import { askedServices } from '../../../runners/health/ask.ts';
import type { DesiredService } from '../../../runners/stack/model.ts';

function service(name: string, more: Partial<DesiredService> = {}): DesiredService {
  return {
    name,
    config: {},
    hash: `hash of ${name}`,
    image: name,
    replicas: 1,
    job: false,
    marks: {},
    contents: {},
    ...more,
  };
}

const desired = {
  services: {
    web: service('web', { replicas: 2 }),
    migrate: service('migrate', { job: true }),
    off: service('off', { replicas: 0 }),
  },
};

describe('what is asked of the services', () => {
  it('must be all of them, each with its replicas, but for those scaled to none', () => {
    expect(askedServices(desired, { stable_for: 5000, changed: true })).toMatchObject([
      { service: 'web', replicas: 2, job: false, want: 'healthy', stable_for: 5000 },
      { service: 'migrate', job: true },
    ]);
  });

  it('must be only those that were named', () => {
    const asked = askedServices(desired, { services: ['web'], stable_for: 0, changed: true });
    expect(asked.map((one) => one.service)).toEqual(['web']);
  });

  it('must ask for no window where the run changed nothing', () => {
    expect(askedServices(desired, { stable_for: 5000, changed: false })[0]?.stable_for).toBe(0);
  });

  it('must be no more than was so before, when a rollback is verified', () => {
    const before = {
      services: {
        web: { running: true, healthy: true },
        worker: { running: true, healthy: false },
        migrate: { running: false, healthy: false },
      },
    };
    expect(askedServices(desired, { stable_for: 9000, changed: true, before })).toEqual([
      { service: 'web', job: false, replicas: 1, want: 'healthy', stable_for: 0, blind_for: 2000 },
      { service: 'worker', job: false, replicas: 1, want: 'running', stable_for: 0, blind_for: 2000 },
    ]);
  });
});
