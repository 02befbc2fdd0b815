import type { ComposeService } from '../clients/compose-types.ts';
import { parseComposeDuration } from '../stack/compose-duration.ts';

export type Order = 'start-first' | 'stop-first';

/** What `deploy.update_config` of a service says, as far as a roll can follow it; the rest in words (F52). */
export type Policy = { order?: Order; batch?: string[]; delay?: number; notes: string[] };

/** Compose itself reads these keys and ignores them; here they are the defaults. Pure. */
export function policyOf({ deploy }: Pick<ComposeService, 'deploy'>): Policy {
  const update = recordOf(deploy?.update_config);
  const { order, parallelism, delay } = update;
  const pause = typeof delay === 'string' ? parseComposeDuration(delay) : undefined;
  return {
    ...(order === 'start-first' || order === 'stop-first' ? { order } : {}),
    ...(typeof parallelism === 'number' && { batch: [parallelism === 0 ? '100%' : String(parallelism)] }),
    ...(pause !== undefined && pause > 0 && { delay: pause }),
    notes: [...updateNotes(update), ...rollbackNotes(recordOf(deploy?.rollback_config))],
  };
}

function updateNotes({ failure_action, monitor, max_failure_ratio }: Record<string, unknown>): string[] {
  return [
    ...(failure_action === 'continue' || failure_action === 'pause'
      ? [`update_config.failure_action ${failure_action} is not followed: what fails turns the whole run back`]
      : []),
    ...(typeof monitor === 'string'
      ? [`update_config.monitor ${monitor} is not followed: stable_for and the soak say how long is watched`]
      : []),
    ...(typeof max_failure_ratio === 'number' && max_failure_ratio > 0
      ? [`update_config.max_failure_ratio ${max_failure_ratio} is not followed: no replica may fail`]
      : []),
  ];
}

function rollbackNotes(rollback: Record<string, unknown>): string[] {
  const keys = Object.keys(rollback).sort();
  if (keys.length === 0) return [];
  return [
    `rollback_config (${keys.join(', ')}) is not followed: the way back undoes the batches one by one, the last one first`,
  ];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
