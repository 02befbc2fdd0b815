import type { Difference } from '../../src/runner/contract.ts';
import { unescaped } from '../clients/unescaped.ts';
import { parseComposeDuration } from './compose-duration.ts';
import { type EngineHealthcheck, engineHealthcheck } from './healthcheck.ts';
import type { Compared } from './model.ts';

/** `+ NEW`, `~ CHANGED`, `- GONE`: names only, for values may be secrets. */
export function environmentDiff({ service, inspect, image }: Compared): Difference[] {
  const wanted = Object.fromEntries(
    Object.entries(service.config.environment ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [[name, unescaped(value)]],
    ),
  );
  const own = variables(inspect.Config.Env);
  const brought = variables(image?.Config.Env);
  for (const [name, value] of Object.entries(own)) if (!(name in wanted) && brought[name] === value) delete own[name];
  if (!('PATH' in wanted)) delete own['PATH'];
  return byName('environment', own, wanted);
}

export function labelDiff({ service, inspect, image }: Compared): Difference[] {
  const labels = service.config['labels'];
  const wanted = Object.fromEntries(
    Object.entries((labels ?? {}) as Record<string, unknown>).map(([name, value]) => [name, unescaped(String(value))]),
  );
  const brought = image?.Config.Labels ?? {};
  const own = Object.fromEntries(
    Object.entries(inspect.Config.Labels ?? {}).filter(
      ([name, value]) => !name.startsWith('com.docker.compose.') && (name in wanted || brought[name] !== value),
    ),
  );
  return byName('labels', own, wanted);
}

/** Which of command and entrypoint differ; not written means what the image says. */
export function commandDiffers({ service, inspect, image }: Compared): string[] {
  const differs = (
    wanted: unknown,
    own: string[] | string | null | undefined,
    brought: string[] | string | undefined,
  ) => JSON.stringify(wanted ? list(wanted).map(unescaped) : list(brought)) !== JSON.stringify(list(own));
  const { entrypoint, command } = service.config as { entrypoint?: unknown; command?: unknown };
  const found: string[] = [];
  if (differs(entrypoint, inspect.Config.Entrypoint, image?.Config.Entrypoint)) found.push('the entrypoint differs');
  const imageCommand = entrypoint ? undefined : image?.Config.Cmd;
  if (differs(command, inspect.Config.Cmd, imageCommand)) found.push('the command differs');
  return found;
}

export function healthcheckDiffers({ service, inspect, image }: Compared): boolean {
  const config = inspect.Config as { Healthcheck?: EngineHealthcheck };
  const brought = (image?.Config as { Healthcheck?: EngineHealthcheck } | undefined)?.Healthcheck;
  const wanted = service.config.healthcheck;
  if (!wanted)
    return JSON.stringify(engineHealthcheck(config.Healthcheck)) !== JSON.stringify(engineHealthcheck(brought));
  if (wanted.disable) return engineHealthcheck(config.Healthcheck) !== undefined;
  const own = config.Healthcheck;
  const test = wanted.test ? wanted.test.map(unescaped) : brought?.Test;
  // To the engine 0 is not written, and what is not written comes from the image.
  const differs = (written: number | undefined, fromImage: number | undefined, has: number | undefined) =>
    written !== undefined && (written || fromImage || 0) !== (has ?? 0);
  return (
    JSON.stringify(test ?? []) !== JSON.stringify(own?.Test ?? []) ||
    differs(nanoseconds(wanted.interval), brought?.Interval, own?.Interval) ||
    differs(nanoseconds(wanted.timeout), brought?.Timeout, own?.Timeout) ||
    differs(nanoseconds(wanted.start_period), brought?.StartPeriod, own?.StartPeriod) ||
    differs(nanoseconds(wanted.start_interval), brought?.StartInterval, own?.StartInterval) ||
    differs(wanted.retries, brought?.Retries, own?.Retries)
  );
}

function nanoseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.round((parseComposeDuration(text) ?? 0) * 1e6);
}

function byName(what: string, own: Record<string, string>, wanted: Record<string, string>): Difference[] {
  const marks = [
    ...Object.keys(wanted).flatMap((name) => (name in own ? [] : [`+ ${name}`])),
    ...Object.keys(wanted).flatMap((name) => (name in own && own[name] !== wanted[name] ? [`~ ${name}`] : [])),
    ...Object.keys(own).flatMap((name) => (name in wanted ? [] : [`- ${name}`])),
  ];
  return marks.length > 0 ? [{ what, to: marks.join('  ') }] : [];
}

/** A variable without `=` was not set where the container was made. */
function variables(entries: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).flatMap((entry) => {
      const at = entry.indexOf('=');
      return at < 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
    }),
  );
}

function list(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? [value] : [];
}
