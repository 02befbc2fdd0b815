import { Problems, Refusal } from '../errors.ts';
import type { Look } from '../runner/contract.ts';
import type { StackId } from './look.ts';
import { engineReader, stackReads } from './wire.ts';

/**
 * Which stack on which engine, for what needs no Compose file besides: with `-p`, or COMPOSE_PROJECT_NAME as Compose has
 * it, a rollback works although today's files are broken or gone.
 */
export async function stackIdOf(look: Look): Promise<StackId> {
  const given = look.target.project ?? look.env['COMPOSE_PROJECT_NAME'];
  if (given) return { project: given, engine_id: (await (await engineReader(look)).version()).id };
  try {
    const { project, engine_id } = await stackReads.header(look);
    return { project, engine_id };
  } catch (error) {
    if (!(error instanceof Problems)) throw error;
    const why = error.problems[0]?.message ?? 'they are not valid';
    throw new Refusal('usage', `Which stack is meant is not known, as its Compose files cannot be read: ${why}.`, {
      hint: 'They are not needed for this. Name the stack with -p.',
      cause: error,
    });
  }
}
