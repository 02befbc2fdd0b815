import { actionOf, deploys, isUsed, levelOf, pivotLevel, turnsBack } from '../about.ts';
import { defineRule, type Finding } from '../rule.ts';

/** What a failure leaves behind. */
export const undoMissing = defineRule({
  id: 'undo-missing-before-pivot',
  title: 'A step before the pivot cannot be taken back',
  level: 'warning',
  why: 'When a later step fails, everything else is put back and what this one did stays.',
  fix: 'Give the step an `undo`, put it behind the pivot, or say `undo: none` with `because`.',
  find: (reading) => {
    if (!turnsBack(reading)) return [];
    const pivot = pivotLevel(reading) ?? Infinity;
    return reading.outline.steps.flatMap((step): Finding[] => {
      const undo = actionOf(step, reading)?.undo;
      const missing = undo !== undefined && typeof undo !== 'function' && 'impossible' in undo;
      if (!missing || step.raw['undo'] !== undefined || levelOf(step) >= pivot) return [];
      const message = `\`${step.use.name}\` has no way back of its own, so what it did stays when a later step fails`;
      const hint = 'give the step an `undo`, or say `undo: none` and `because`';
      return [{ message, hint, place: reading.locate.value([...step.path, 'uses']) }];
    });
  },
});

/** A way back without an end that the reader can see. */
export const noPivot = defineRule({
  id: 'no-pivot',
  title: 'A deploy has no pivot',
  level: 'notice',
  why: 'Without one the way back ends with the last step, and nothing is watched after the new version has begun to serve.',
  fix: 'End the deploy with a soak: `{ id: soak, uses: wait.soak, with: { for: 5m }, pivot: true }`.',
  find: (reading) => {
    if (!turnsBack(reading) || deploys(reading).length === 0 || pivotLevel(reading) !== undefined) return [];
    const message = 'no step is the pivot, so the new version counts as good without having been watched';
    const hint = 'add `{ id: soak, uses: wait.soak, with: { for: 5m }, pivot: true }`';
    return [{ message, hint, place: reading.locate.key(['steps']) }];
  },
});

/** Nobody looks whether all is back. */
export const noVerify = defineRule({
  id: 'no-verify',
  title: 'Nothing looks whether an undo has worked',
  level: 'notice',
  why: 'After an undo the containers are the old ones again; only a check tells that they serve again.',
  fix: 'Name a health wait of the playbook: `rollback: { verify: [healthy] }`.',
  find: (reading) => {
    const { outline, locate, value } = reading;
    const { rollback } = value;
    const verifies = typeof rollback === 'object' && rollback !== null && 'verify' in rollback;
    if (!turnsBack(reading) || verifies || deploys(reading).length === 0) return [];
    const wait = outline.steps.findLast(({ use, loops }) => use.name === 'health.wait' && loops.length === 0);
    if (!wait) return [];
    const message = 'nothing looks whether all is healthy again after an undo';
    const place = locate.key([rollback === undefined ? 'steps' : 'rollback']);
    return [{ message, hint: `add \`verify: [${wait.id}]\` to \`rollback\``, place }];
  },
});

/** A deploy that nobody can go back to. */
export const noRelease = defineRule({
  id: 'no-release',
  title: 'A deploy records no release',
  level: 'notice',
  why: '`playbook rollback` goes back to a recorded release; what was deployed without one cannot be gone back to.',
  fix: 'Add `{ id: record, uses: release.record }` as the last step.',
  find: (reading) => {
    if (!turnsBack(reading) || deploys(reading).length === 0 || isUsed('release.record', reading)) return [];
    const message = 'no release is recorded, so `playbook rollback` cannot come back to what is deployed here';
    const hint = 'add `{ id: record, uses: release.record }` as the last step';
    return [{ message, hint, place: reading.locate.key(['steps']) }];
  },
});
