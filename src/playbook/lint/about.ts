import type { AnyAction } from '../../runner/contract.ts';
import type { StepOutline } from '../outline.ts';
import { valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';

/** The action of a step. */
export function actionOf({ use }: StepOutline, { runners }: Reading): AnyAction | undefined {
  const runner = use.name === undefined ? undefined : runners.get(use.name);
  return runner?.kind === 'action' ? runner : undefined;
}

/** Whether a failure of the playbook turns it back at all. */
export function turnsBack({ value }: Reading): boolean {
  return value['rollback'] !== 'never';
}

/** What changes the containers of a stack to what the files want. */
const DEPLOYS: ReadonlySet<string> = new Set(['compose.up', 'replicas.start', 'release.containers']);

/** The steps that put containers in place, in order. */
export function deploys({ outline }: Reading): StepOutline[] {
  return outline.steps.filter(({ use }) => DEPLOYS.has(use.name ?? ''));
}

/** How many steps of the first level stand before the one that this one is, or stands in. */
export function levelOf({ path }: StepOutline): number {
  return Number(path[1]);
}

/** The step of the first level after which there is no way back; undefined where none is marked. */
export function pivotLevel({ outline }: Reading): number | undefined {
  const at = outline.tops.findIndex(({ pivot }) => pivot);
  return at < 0 ? undefined : at;
}

/** Whether anything at all uses a runner. */
export function isUsed(name: string, { outline }: Reading): boolean {
  const guards = [...outline.guards, ...outline.steps.flatMap((step) => step.guards)];
  return [...outline.steps, ...guards].some(({ use }) => use.name === name);
}

/** The text at a path, where there is one. */
export function textAt(root: unknown, path: readonly (string | number)[]): string | undefined {
  const value = valueAt(root, path);
  return typeof value === 'string' ? value : undefined;
}
