import type { DesiredService } from '../stack/model.ts';
import { dependenciesOf } from '../stack/order.ts';

/**
 * Two services that would both double while one calls the other by name: that name would mean both colours. By their
 * dependencies, and by values of the environment that have the other's name as a host. Pure; best effort.
 */
export function callsAcross(
  services: readonly DesiredService[],
): { from: string; to: string; how: string } | undefined {
  for (const from of services) {
    for (const to of services) {
      if (from.name === to.name) continue;
      if (dependenciesOf(from.config).includes(to.name)) return { from: from.name, to: to.name, how: 'depends_on' };
      const variable = Object.entries(from.config.environment ?? {}).find((entry) => namesHost(entry, to.name));
      if (variable) return { from: from.name, to: to.name, how: `the variable ${variable[0]}` };
    }
  }
  return undefined;
}

/** `http://api/`, `user@api`, `api:9092,…`; the bare name only in a variable that says that it holds a host. */
function namesHost([variable, value]: [string, string | null], name: string): boolean {
  const host = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (value === name) return /HOST|ADDR|SERVER|UPSTREAM|ENDPOINT|BACKEND|URL|PEER/i.test(variable);
  return new RegExp(`((//|@)${host}([:/,;\\s]|$))|((^|[,;\\s])${host}:\\d+)`).test(value ?? '');
}
