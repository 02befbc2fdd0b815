import { parse } from 'yaml';
import type { ComposeModel } from '../clients/compose-types.ts';

/** Names of the one-shot services: what another waits to see completed, or what says `x-playbook: { job: true }`. */
export function jobsOf(model: ComposeModel, yaml: string): string[] {
  const awaited = Object.values(model.services).flatMap((service) =>
    Object.entries(service.depends_on ?? {})
      .filter(([, dependency]) => dependency.condition === 'service_completed_successfully')
      .map(([name]) => name),
  );
  return [...new Set([...awaited, ...marked(yaml)])].filter((name) => name in model.services).sort();
}

/** Only Compose's YAML form keeps `x-` keys inside services; most stacks have none, and then nothing is parsed. */
function marked(yaml: string): string[] {
  if (!yaml.includes('x-playbook:')) return [];
  const document = parse(yaml) as { services?: Record<string, { 'x-playbook'?: { job?: unknown } } | null> };
  return Object.entries(document.services ?? {})
    .filter(([, service]) => service?.['x-playbook']?.job === true)
    .map(([name]) => name);
}
