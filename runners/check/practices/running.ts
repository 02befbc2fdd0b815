import { parseComposeDuration } from '../../stack/compose-duration.ts';
import type { Finder } from './subject.ts';

/** Whether a service can say how it is, and comes back. */

export const healthcheckMissing: Finder = ({ name, job, image, healthcheck, config }) => {
  const known = image !== undefined || config.healthcheck !== undefined;
  return !job && known && !healthcheck(name) ? [{ say: 'has no healthcheck', at: ['healthcheck'] }] : [];
};

export const startInterval: Finder = ({ config: { healthcheck } }) => {
  if (!parseComposeDuration(healthcheck?.start_interval) || parseComposeDuration(healthcheck?.start_period)) return [];
  return [{ say: 'has a start_interval and no start_period', at: ['healthcheck', 'start_interval'] }];
};

export const restartMissing: Finder = ({ config, job }) => {
  const { restart = 'no', deploy } = config;
  const policy = (deploy as { restart_policy?: { condition?: string } } | undefined)?.restart_policy;
  if (job || restart !== 'no' || (policy && policy.condition !== 'none')) return [];
  return [{ say: 'is not started again', at: ['restart'] }];
};

export const dependencyNotHealthy: Finder = ({ config, healthcheck }) =>
  Object.entries(config.depends_on ?? {})
    .filter(([name, { condition }]) => condition === 'service_started' && healthcheck(name))
    .map(([name]) => ({ say: `does not wait for ${name} to be healthy`, at: ['depends_on', name] }));
