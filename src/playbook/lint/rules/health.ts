import { deploys, isUsed } from '../about.ts';
import { defineRule } from '../rule.ts';

/** Where nothing says whether services can be healthy at all. */
export const waitWithoutHealthcheck = defineRule({
  id: 'wait-without-healthcheck',
  title: 'Health is waited for, and nothing says which services can tell theirs',
  level: 'notice',
  why: 'Of a service without a healthcheck a health wait knows only that it runs, and a deploy that broke it counts as good.',
  fix: 'Add the guard `{ id: health, uses: check.healthchecks, level: warn }`: it names those services before anything is touched.',
  find: (reading) => {
    const wait = reading.outline.steps.find(({ use }) => use.name === 'health.wait');
    if (!wait || isUsed('check.healthchecks', reading)) return [];
    const message = 'health is waited for, and no guard says which services have a healthcheck';
    const hint = 'add the guard `{ id: health, uses: check.healthchecks, level: warn }`';
    return [{ message, hint, place: reading.locate.value([...wait.path, 'uses']) }];
  },
});

/** A deploy that is called good the moment its containers were started. */
export const noHealthWait = defineRule({
  id: 'no-health-wait',
  title: 'Nothing waits for health after a deploy',
  level: 'warning',
  why: 'Containers that start and die a second later count as a success, and nothing is put back.',
  fix: 'Add a step with `health.wait` behind it.',
  find: (reading) => {
    const last = deploys(reading).at(-1);
    if (!last) return [];
    const { steps } = reading.outline;
    if (steps.slice(steps.indexOf(last)).some(({ use }) => use.name === 'health.wait')) return [];
    const message = `no step waits for health after \`${last.use.name}\``;
    const hint = 'add `{ id: healthy, uses: health.wait, timeout: 5m }` behind it';
    return [{ message, hint, place: reading.locate.value([...last.path, 'uses']) }];
  },
});
