import type { ComposeService } from '../clients/compose-types.ts';
import { parseComposeDuration } from './compose-duration.ts';

/** How a healthcheck is timed, in milliseconds, with Docker's own defaults filled in. */
export type Healthcheck = {
  interval: number;
  timeout: number;
  retries: number;
  start_period: number;
  start_interval?: number;
};

/** What the engine says of a container or an image: nanoseconds, 0 for "the default". */
export type EngineHealthcheck = {
  Test?: string[];
  Interval?: number;
  Timeout?: number;
  Retries?: number;
  StartPeriod?: number;
  StartInterval?: number;
};

const defaults = { interval: 30_000, timeout: 30_000, retries: 3, start_period: 0 };

/** The healthcheck that the engine will run; undefined where there is none or it is switched off. */
export function engineHealthcheck(config: EngineHealthcheck | null | undefined): Healthcheck | undefined {
  const test = config?.Test ?? [];
  if (!config || test.length === 0 || test[0] === 'NONE') return undefined;
  const ms = (nanoseconds: number | undefined) => (nanoseconds ? nanoseconds / 1e6 : undefined);
  const start = ms(config.StartInterval);
  return {
    interval: ms(config.Interval) ?? defaults.interval,
    timeout: ms(config.Timeout) ?? defaults.timeout,
    retries: config.Retries || defaults.retries,
    start_period: ms(config.StartPeriod) ?? defaults.start_period,
    ...(start !== undefined && { start_interval: start }),
  };
}

/** The healthcheck a service of the rendered file will have: its own keys over those of its image; to the engine 0 is not written. */
export function serviceHealthcheck(
  config: ComposeService['healthcheck'],
  image: EngineHealthcheck | null | undefined,
): Healthcheck | undefined {
  const fromImage = engineHealthcheck(image);
  if (!config) return fromImage;
  if (config.disable || config.test?.[0] === 'NONE') return undefined;
  if (!config.test?.length && !fromImage) return undefined;
  const base = fromImage ?? defaults;
  const start = parseComposeDuration(config.start_interval) || fromImage?.start_interval;
  return {
    interval: parseComposeDuration(config.interval) || base.interval,
    timeout: parseComposeDuration(config.timeout) || base.timeout,
    retries: config.retries || base.retries,
    start_period: parseComposeDuration(config.start_period) || base.start_period,
    ...(start !== undefined && { start_interval: start }),
  };
}

/** The longest it can take until the engine says `unhealthy`. */
export function timeToUnhealthy(check: Healthcheck): number {
  return check.start_period + check.retries * (check.interval + check.timeout);
}

/**
 * How long a container has to become healthy: never shorter than its healthcheck needs to answer, and long enough for one that is
 * unhealthy once and recovers. No longer than that, for a service that was stopped first is down meanwhile.
 */
export function healthDeadline(check: Healthcheck | undefined): number {
  return Math.max(30_000, check ? timeToUnhealthy(check) + 10_000 : 0);
}
