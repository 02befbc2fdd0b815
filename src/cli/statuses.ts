import type { RunStatus } from '../engine/events.ts';

/** What each status of a run means, for `explain`. */
export const STATUSES: Readonly<Record<RunStatus, string>> = {
  waiting: 'another run holds the stack, and this one waits for it.',
  running: 'it is going on.',
  interrupted:
    'its process died. It reserves its stack until `playbook resume` or `playbook undo` has brought it to an end.',
  'needs-decision': 'it stopped at a step that was cut and that nobody but a person can judge: `playbook resume --as`.',
  succeeded: 'every step was done. What was kept for the way back is cleared away.',
  'nothing-to-do': 'everything was as wanted; nothing was changed and no release was made.',
  'no-go': 'a guard stood against it. Nothing was changed.',
  'rolled-back': 'it failed, or was taken back as asked, and everything that was promised is back.',
  'partially-rolled-back': 'it failed, and not everything is back. `playbook show` says what is left.',
  'rollback-failed': 'it failed, and so did the way back. `playbook show` says what is left.',
  failed: 'it failed where there was no way back, or where none was wanted.',
  cancelled: 'somebody stopped it, and everything is back.',
};
