import { Refusal } from '../../src/errors.ts';
import { type Facts, hasHealthcheck, overlapBlocker } from './blockers.ts';
import { type Order, policyOf } from './compose-policy.ts';

export type Ordered = { order: Order; because: string };

/**
 * Whether the new ones of a service start before the old ones stop, and why. Asked for by `order`, else by its
 * `update_config.order`, else by what is known of it. A Refusal where start-first is asked for and must not be.
 */
export function orderOf(facts: Facts, asked: Order | 'auto'): Ordered {
  const { name, config, marks } = facts.service;
  const written = policyOf(config).order;
  const wanted = asked === 'auto' ? written : asked;
  const blocker = overlapBlocker(facts);
  const who = asked === 'auto' ? 'its update_config' : 'the playbook';
  if (wanted === 'start-first' && blocker !== undefined) {
    throw new Refusal('no-go', `${name} cannot start first, as ${who} asks for: ${blocker}.`, {
      hint: `Say \`order: stop-first\` for ${name}, or take away what is in the way.`,
    });
  }
  if (wanted !== undefined) return { order: wanted, because: askedFor(wanted, who, facts) };
  if (blocker !== undefined) return { order: 'stop-first', because: blocker };
  if (!hasHealthcheck(facts)) {
    return { order: 'stop-first', because: 'it has no healthcheck, so nothing would tell when the new one is ready' };
  }
  const because = marks.edge
    ? `it has a healthcheck, and ${marks.edge.driver} in front of it is switched over`
    : 'it has a healthcheck, and two of it may run at once; no edge holds requests back until the new one is ready';
  return { order: 'start-first', because };
}

function askedFor(order: Order, who: string, facts: Facts): string {
  const blind = order === 'start-first' && !hasHealthcheck(facts);
  return `${who} asks for it${blind ? '; without a healthcheck only time tells whether the new one is ready' : ''}`;
}
