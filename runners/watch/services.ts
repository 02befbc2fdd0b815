import type { JsonSchema, Look } from '../../src/runner/contract.ts';
import { listed } from '../stack/words.ts';

/** The parameter `services`, as every trigger that looks at containers has it. */
export const servicesParam: JsonSchema = {
  type: 'array',
  items: { type: 'string', format: 'service' },
  minItems: 1,
  description: 'The services to watch; left out: all of them.',
};

/** `web and api `, in front of what is said of them; nothing where all are meant. */
export function ofServices(services: readonly string[] | undefined): string {
  return services ? `${listed(services)} ` : '';
}

/** Why services of that name cannot be watched, as a sentence; undefined where they can. */
export async function objectToServices(
  { services }: { services?: readonly string[] },
  look: Look,
): Promise<string | undefined> {
  return (await import('./watched-stack.ts')).unknownService(look, services);
}
