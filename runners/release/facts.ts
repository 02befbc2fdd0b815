import { defineFacts, type Json, type Look } from '../../src/runner/contract.ts';

/** `release`: the one that `target.release` names, for conditions of a rollback. */
export const releaseFacts = defineFacts({
  summary: 'The release that this run puts back: the one that `target.release` names.',
  schema: {
    type: 'object',
    description: 'Of a playbook whose target names no release: without an id.',
    properties: {
      id: { type: 'string', description: '`r12`, or `found` for what ran before the first run.' },
      config: {
        type: 'boolean',
        description: 'Whether its Compose file was kept. `found` has none: it is put back from its containers.',
      },
      commit: { type: 'string', description: 'The commit of the checkout when it was recorded.' },
      services: { type: 'array', items: { type: 'string' }, description: 'Names of its services.' },
    },
    required: ['config', 'services'],
    additionalProperties: false,
  },
  read: async (look) => readRelease(look),
});

function readRelease({ release }: Pick<Look, 'release'>): Json {
  if (!release) return { config: false, services: [] };
  const { id, files, commit, services } = release;
  const config = files['config'] !== undefined;
  return { id, config, services: Object.keys(services).sort(), ...(commit !== undefined && { commit }) };
}
