import { expect, test } from 'vitest';
import { healthVerdict } from '../../../runners/stack/condition.ts';
import { StepFailure } from '../../../src/errors.ts';
import { container } from './model-builders.ts';

const config = { Healthcheck: { Test: ['CMD', 'true'], Interval: 1e9, Timeout: 1e9, Retries: 2 } };
const db = (more: Partial<Parameters<typeof container>[0]>) => container({ service: 'db', config, ...more }).inspect;

test('healthy is healthy, and only while it runs', () => {
  expect(healthVerdict(db({ health: 'healthy' }), 'db', 0)).toBe('healthy');
  expect(healthVerdict(db({ health: 'healthy', status: 'restarting' }), 'db', 0)).toBeUndefined();
});

test('F18 an unhealthy one must get its whole deadline to recover', () => {
  expect(healthVerdict(db({ health: 'unhealthy' }), 'db', 29_000)).toBeUndefined();
  expect(healthVerdict(db({ health: 'unhealthy' }), 'db', 30_000)).toMatchObject({
    class: 'unhealthy',
    message: 'db is unhealthy after 30 s.',
  });
});

test.each([
  ['has ended', db({ status: 'exited', exit: 3 }), /ended with exit code 3 before it was healthy/],
  ['is gone', undefined, /was removed/],
  ['has no healthcheck', db({ config: {} }), /has no healthcheck/],
])('one that %s must fail at once', (_title, inspect, message) => {
  const verdict = healthVerdict(inspect, 'db', 0);
  expect(verdict).toBeInstanceOf(StepFailure);
  expect((verdict as StepFailure).message).toMatch(message);
});
