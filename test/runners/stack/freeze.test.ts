import { expect, test } from 'vitest';
import type { ComposeModel } from '../../../runners/clients/compose-types.ts';
import { freeze, hashable, only, thaw } from '../../../runners/stack/freeze.ts';
import { jobsOf } from '../../../runners/stack/jobs.ts';
import { marksOf } from '../../../runners/stack/marks.ts';

const model: ComposeModel = {
  name: 'shop',
  services: {
    web: {
      build: { context: '/src' },
      pull_policy: 'always',
      depends_on: {
        more: { condition: 'service_started', required: false },
        job: { condition: 'service_completed_successfully' },
      },
    },
    job: { image: 'shop/job', build: { context: '/job' } },
    more: { image: 'shop/more', profiles: ['more'] },
    inside: { image: 'shop/inside', network_mode: 'service:web' },
  },
};

test('a frozen file must hold nothing that builds or pulls, and give it back to who reads it', () => {
  const text = freeze(model, { active: ['web', 'job', 'inside'], jobs: ['job'] });
  const { services } = JSON.parse(text) as ComposeModel;
  expect(services['web']).toMatchObject({ build: { context: '/dev/null' } });
  expect(services['web']).not.toHaveProperty('pull_policy');
  expect(services['job']).toEqual({ image: 'shop/job' });
  const { full, notes } = thaw(text);
  expect(full).toEqual(model);
  expect(notes).toMatchObject({ active: ['inside', 'job', 'web'], jobs: ['job'] });
});

test('the same model must freeze to the same text', () => {
  const marks = { active: ['web', 'job'], jobs: [] };
  expect(freeze(model, marks)).toBe(freeze(structuredClone(model), { active: ['job', 'web'], jobs: [] }));
});

test('a dependency on an inactive profile must not be asked for', () => {
  expect(Object.keys(only(model, ['web', 'job']).services['web']?.depends_on ?? {})).toEqual(['job']);
  expect(model.services['web']?.depends_on).toHaveProperty('more');
});

test('what is hashed must name the container whose network is shared, as Compose does', () => {
  const text = hashable(model, ['web', 'job', 'inside'], { web: 'abc' });
  const { services } = JSON.parse(text) as ComposeModel;
  expect(services['inside']?.network_mode).toBe('container:abc');
  expect(services['web']?.build).toEqual({ context: '/dev/null' });
  expect(services).not.toHaveProperty('more');
});

test('jobs must be found by who waits for them, and by their own word', () => {
  expect(jobsOf(model, {})).toEqual(['job']);
  expect(
    jobsOf(
      model,
      marksOf('services:\n  more:\n    x-playbook: { job: true }\n  web:\n    x-playbook: { job: false }\n'),
    ),
  ).toEqual(['job', 'more']);
});
