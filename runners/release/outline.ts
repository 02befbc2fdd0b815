import type { ComposeModel, ComposeService } from '../clients/compose-types.ts';
import type { ContainerInspect } from '../clients/docker-types.ts';
import { isLive, neededBy } from '../stack/container.ts';
import { freeze } from '../stack/freeze.ts';
import type { EngineHealthcheck } from '../stack/healthcheck.ts';
import type { Marks } from '../stack/marks.ts';
import type { ObservedContainer } from '../stack/model.ts';

/**
 * The services of a stack as far as its containers tell, as a frozen file: what the checks of a rollback ask, where the
 * Compose files that it was started from are not known. Nothing is ever made from it. `marks` are those of today's files:
 * who stands behind an edge, no container tells.
 */
export function outlineOf(
  project: string,
  containers: readonly ObservedContainer[],
  marks: Readonly<Record<string, Marks>> = {},
): string {
  const names = [...new Set(containers.map(({ service }) => service))];
  const services = Object.fromEntries(
    names.map((name) => [
      name,
      serviceOf(
        containers.filter(({ service }) => service === name),
        names,
      ),
    ]),
  );
  const model: ComposeModel = { name: project, services };
  const known = Object.entries(marks).filter(([name]) => names.includes(name));
  return freeze(model, { active: names, jobs: [], marks: Object.fromEntries(known) });
}

/** One that stood still is wanted not at all: nothing waits for it. */
function serviceOf(containers: readonly ObservedContainer[], known: readonly string[]): ComposeService {
  const live = containers.filter(isLive);
  const inspect = (live[0] ?? containers[0])?.inspect;
  if (!inspect) return {};
  const needed = neededBy(inspect).filter(([name]) => known.includes(name));
  const ports = portsOf(inspect);
  const check = (inspect.Config as { Healthcheck?: EngineHealthcheck }).Healthcheck;
  return {
    image: inspect.Config.Image,
    scale: live.length,
    environment: environmentOf(inspect),
    ...(needed.length > 0 && {
      depends_on: Object.fromEntries(needed.map(([name, condition]) => [name, { condition, required: true }])),
    }),
    ...(ports.length > 0 && { ports }),
    ...(check?.Test && check.Test.length > 0 && { healthcheck: healthcheckOf(check) }),
  };
}

/** So that a secret among them is masked; a rendered file writes a dollar sign twice. */
function environmentOf({ Config }: ContainerInspect): Record<string, string> {
  return Object.fromEntries(
    (Config.Env ?? []).map((entry) => {
      const [name = ''] = entry.split('=', 1);
      return [name, entry.slice(name.length + 1).replaceAll('$', '$$$$')];
    }),
  );
}

function portsOf({ HostConfig }: ContainerInspect): NonNullable<ComposeService['ports']> {
  const bindings = (HostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string; HostPort?: string }[] | null>;
  return Object.entries(bindings).flatMap(([port, hosts]) => {
    const [target = '', protocol = 'tcp'] = port.split('/');
    return (hosts ?? []).map(({ HostIp, HostPort }) => ({
      mode: 'ingress',
      target: Number(target),
      protocol,
      ...(HostPort && { published: HostPort }),
      ...(HostIp && { host_ip: HostIp }),
    }));
  });
}

function healthcheckOf(check: EngineHealthcheck): NonNullable<ComposeService['healthcheck']> {
  const span = (nanoseconds: number | undefined) => (nanoseconds ? `${Math.round(nanoseconds / 1e6)}ms` : undefined);
  const spans = {
    interval: span(check.Interval),
    timeout: span(check.Timeout),
    start_period: span(check.StartPeriod),
    start_interval: span(check.StartInterval),
  };
  const written = Object.entries(spans).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return {
    test: (check.Test ?? []).map((word) => word.replaceAll('$', '$$$$')),
    ...Object.fromEntries(written),
    ...(check.Retries ? { retries: check.Retries } : {}),
  };
}
