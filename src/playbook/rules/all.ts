import type { Rule } from '../reading.ts';
import { conditions } from './conditions.ts';
import { constantGuard } from './constant-guard.ts';
import { duplicateIds } from './duplicate-ids.ts';
import { guardForm } from './guard-form.ts';
import { inputDeclarations } from './input-declarations.ts';
import { loopVariables } from './loop-variables.ts';
import { opaqueRetry } from './opaque-retry.ts';
import { parameters } from './parameters.ts';
import { pivot } from './pivot.ts';
import { secrets } from './secrets.ts';
import { stepForm } from './step-form.ts';
import { targetForm } from './target-form.ts';
import { templatePlaces } from './template-places.ts';
import { templates } from './templates.ts';
import { triggerWindows } from './trigger-windows.ts';
import { triggers } from './triggers.ts';
import { undoReason } from './undo-reason.ts';
import { uses } from './uses.ts';
import { verify } from './verify.ts';
import { versionLikeNumber } from './version-like-number.ts';

/** Every check across fields. */
export const RULES: readonly Rule[] = [
  conditions,
  constantGuard,
  duplicateIds,
  guardForm,
  inputDeclarations,
  loopVariables,
  opaqueRetry,
  parameters,
  pivot,
  secrets,
  stepForm,
  targetForm,
  templatePlaces,
  templates,
  triggerWindows,
  triggers,
  undoReason,
  uses,
  verify,
  versionLikeNumber,
];
