import type { Glimpse } from '../engine/events.ts';

/** How far something is: `pulling shop/web: 42 %`. */
export function sayProgress({ say, done, total }: Glimpse & { type: 'progress' }): string {
  if (done === undefined || total === undefined || total <= 0) return say;
  return `${say} (${Math.min(100, Math.floor((100 * done) / total))} %)`;
}
