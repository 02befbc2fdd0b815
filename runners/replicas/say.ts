import { listed } from '../stack/words.ts';
import type { Decided, Left, Replaced } from './decide.ts';

/** What a plan says of the containers that are replaced: the same whichever step stops them, and however many. */
export const KEPT = 'what runs now, stopped';

/** The whole strategy in one line. */
export function sayStrategy({ services, left }: Decided): string {
  const rolled = services
    .filter(({ replicas }) => replicas.length > 0)
    .map((service) => `${service.name} ${service.order}`);
  const others = left.map(({ name }) => name);
  if (rolled.length + others.length === 0) return 'nothing has to be replaced';
  return [...rolled, ...(others.length > 0 ? [`${listed(others)} by compose.up`] : [])].join('; ');
}

/** How one service is replaced, and why so. */
export function sayService({ order, because }: Replaced): string {
  return `${order}: ${because}`;
}

export function sayLeft({ when, because }: Left): string {
  return `by compose.up ${when === 'before' ? 'first' : 'at the end'}: ${because}`;
}
