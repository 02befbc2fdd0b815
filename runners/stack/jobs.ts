import type { ComposeModel } from '../clients/compose-types.ts';
import type { Marks } from './marks.ts';

/** Names of the one-shot services: what another waits to see completed, or what says `x-playbook: { job: true }`. */
export function jobsOf(model: ComposeModel, marks: Readonly<Record<string, Marks>>): string[] {
  const awaited = Object.values(model.services).flatMap((service) =>
    Object.entries(service.depends_on ?? {})
      .filter(([, dependency]) => dependency.condition === 'service_completed_successfully')
      .map(([name]) => name),
  );
  const marked = Object.entries(marks).flatMap(([name, { job }]) => (job === true ? [name] : []));
  return [...new Set([...awaited, ...marked])].filter((name) => name in model.services).sort();
}
