import { constantCondition, unreachable } from './rules/constant.ts';
import { opaqueWithoutProbe } from './rules/crash.ts';
import { destructive, pruneBeforeSoak } from './rules/danger.ts';
import { noHealthWait, waitWithoutHealthcheck } from './rules/health.ts';
import { ignoreWithoutReason, unknownIgnore, unusedIgnore } from './rules/ignores.ts';
import { triggerWithoutNoData } from './rules/no-data.ts';
import { secretInPlain } from './rules/secret-in-plain.ts';
import { latestTag, mutableTag } from './rules/tags.ts';
import { taintedIntoHost, taintedIntoImage, taintedIntoPath } from './rules/taint.ts';
import { deadlineTooShort, noTimeout, timeoutTooShort } from './rules/time.ts';
import { unusedInput, unusedOutput, unusedSecret } from './rules/unused.ts';
import { noPivot, noRelease, noVerify, undoMissing } from './rules/way-back.ts';

/** Every rule of the linter. */
export const LINT_RULES = [
  constantCondition,
  deadlineTooShort,
  destructive,
  ignoreWithoutReason,
  latestTag,
  mutableTag,
  noHealthWait,
  noPivot,
  noRelease,
  noTimeout,
  noVerify,
  opaqueWithoutProbe,
  pruneBeforeSoak,
  secretInPlain,
  taintedIntoHost,
  taintedIntoImage,
  taintedIntoPath,
  timeoutTooShort,
  triggerWithoutNoData,
  undoMissing,
  unknownIgnore,
  unreachable,
  unusedIgnore,
  unusedInput,
  unusedOutput,
  unusedSecret,
  waitWithoutHealthcheck,
] as const;

/** The name of a rule of the linter. */
export type LintCode = (typeof LINT_RULES)[number]['id'];
