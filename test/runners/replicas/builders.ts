import type { ComposeService } from '../../../runners/clients/compose-types.ts';
import type { StrategyParams } from '../../../runners/replicas/decide.ts';
import { type Decided, decideStrategy } from '../../../runners/replicas/decide.ts';
import { decideServices } from '../../../runners/stack/diff.ts';
import type { Marks } from '../../../runners/stack/marks.ts';
import type { ObservedContainer } from '../../../runners/stack/model.ts';
import { container, desired, id, observed } from '../stack/model-builders.ts';

export const healthcheck = { test: ['CMD', 'true'] };
export const edge: Marks = { edge: { driver: 'haproxy', port: 8080 } };

type Given = ComposeService & { marks?: Marks };

/** What the strategy is for these services; containers that are not given run with another environment, all of them. */
export function strategyOf(
  services: Record<string, Given>,
  params: Partial<StrategyParams> = {},
  more: { containers?: ObservedContainer[]; jobs?: string[] } = {},
): Decided {
  const configs = Object.fromEntries(
    Object.entries(services).map(([name, { marks: _marks, ...config }]) => [name, config]),
  );
  const wanted = desired(configs, { jobs: more.jobs ?? [] });
  for (const [name, { marks }] of Object.entries(services)) {
    const service = wanted.services[name];
    if (service && marks) service.marks = marks;
  }
  const there =
    more.containers ?? Object.values(wanted.services).flatMap(({ name, replicas }) => outdated(name, replicas));
  const seen = observed(there);
  return decideStrategy({
    desired: wanted,
    observed: seen,
    decisions: decideServices(wanted, seen, []),
    params: { order: 'auto', way: 'rolling', ...params },
  });
}

/** Running replicas of a service whose configuration is another by now. */
export function outdated(service: string, count = 1): ObservedContainer[] {
  return Array.from({ length: count }, (_, index) =>
    container({ service, number: index + 1, id: idOf(service, index + 1), hash: 'older', env: ['A=1'] }),
  );
}

/** 64 characters that tell the service and the number. */
export function idOf(service: string, number: number): string {
  return `${service}${number}${id('0')}`.slice(0, 64);
}
