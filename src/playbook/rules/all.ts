import type { Rule } from '../reading.ts';
import { conditions } from './conditions.ts';
import { constantGuard } from './constant-guard.ts';
import { duplicateIds } from './duplicate-ids.ts';
import { guardForm } from './guard-form.ts';
import { inputDeclarations } from './input-declarations.ts';
import { opaqueRetry } from './opaque-retry.ts';
import { parameters } from './parameters.ts';
import { pivot } from './pivot.ts';
import { secrets } from './secrets.ts';
import { templatePlaces } from './template-places.ts';
import { templates } from './templates.ts';
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
  opaqueRetry,
  parameters,
  pivot,
  secrets,
  templatePlaces,
  templates,
  undoReason,
  uses,
  verify,
  versionLikeNumber,
];
