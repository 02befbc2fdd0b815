import { describe, expect, test } from 'vitest';
import { ATTRIBUTES, composeOf } from '../support/plan-pairs.ts';
import { changeBoth, sharedTwins } from '../support/twins.ts';

const both = sharedTwins('plan', { 'compose.yml': composeOf() });

describe('a plan must name what the run does, and what Compose would do, from', () => {
  const pairs = ATTRIBUTES.map((attribute, index) => ({ attribute, former: ATTRIBUTES[index - 1] }));
  test.each(pairs)('$former.name to $attribute.name', async ({ attribute, former }) => {
    const files = { ...attribute.files, 'compose.yml': composeOf(attribute) };
    const { told, did, code } = await changeBoth(both(), async (stack) => {
      for (const [path, text] of Object.entries(files)) await stack.write(path, text);
    });
    expect({ code, did }).toEqual({ code: 0, did: { ours: ['web'], theirs: ['web'] } });
    const about = told.filter(({ target }) => !target.startsWith('volume '));
    expect(about).toMatchObject([{ verb: 'recreate', target: 'web', certainty: 'certain' }]);
    const said = about.flatMap(({ because, diff = [] }) => [...because, ...diff.map(({ what }) => what)]).join('; ');
    const named = [attribute, ...(former && !former.unnamed ? [former] : [])];
    expect(named.filter(({ name, says = name }) => !said.includes(says)).map(({ name }) => [name, said])).toEqual([]);
  });
});
