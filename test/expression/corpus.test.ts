import { expect, test } from 'vitest';
import { checkCondition } from '../../src/expression/check.ts';
import { CouldNotEvaluate, evaluateCondition } from '../../src/expression/condition.ts';
import { sampleScope } from '../support/sample-scope.ts';

/** What a condition comes to: true, false, the code it is refused with, or `error`: could not evaluate. */
type Case = [expression: string, outcome: boolean | string];

const CASES: Case[] = [
  ['true', true],
  ['!false', true],
  ['inputs.strict', true],
  ['inputs.strict && inputs.replicas > 5', false],
  ['inputs.strict || inputs.replicas > 5', true],
  ['inputs.replicas > 5 ? false : true', true],
  // Numbers go by schema type: an integer is never a double, a number always is one.
  ['inputs.replicas + 1 == 4', true],
  ['inputs.replicas / 2 == 1', true],
  ['inputs.replicas % 2 == 1', true],
  ['inputs.ratio / 4.0 == 0.5', true],
  ['inputs.ratio > 1', true],
  ['inputs.replicas < 3.5', true],
  ['inputs.ratio + 1.0 == 3.0', true],
  ['inputs.ratio + 1 == 3', 'expression-type'],
  ['inputs.replicas == 3.0', 'expression-type'],
  ['double(inputs.replicas) == 3.0', true],
  ['int(inputs.ratio) == 2', true],
  ['inputs.replicas / 0 == 1', 'error'],
  // Text.
  ['inputs.tag == "1.10"', true],
  ["inputs.tag == '1.10'", true],
  ['inputs.tag == 1.1', 'expression-type'],
  ['inputs.tag.startsWith("1.")', true],
  ['inputs.tag.endsWith("10") && inputs.tag.contains(".")', true],
  ['size(inputs.tag) == 4', true],
  ['inputs.tag in ["1.10", "1.11"]', true],
  ['inputs.tag.split(".")[0] == "1"', true],
  ['inputs.tag', 'not-boolean'],
  ['"false"', 'not-boolean'],
  ['inputs.replicas', 'not-boolean'],
  ['inputs.names', 'not-boolean'],
  ['inputs.tag == ""', false],
  // Durations and sizes.
  ['inputs.soak > duration("1m")', true],
  ['inputs.soak == duration("90s")', true],
  ['inputs.soak > "1m"', 'expression-type'],
  ['inputs.memory == 536870912', true],
  ['host.memory_free > inputs.memory', true],
  // Lists and maps.
  ['"web" in inputs.names', true],
  ['inputs.names[1] == "api"', true],
  ['inputs.names[2] == "api"', 'error'],
  ['inputs.names[-1] == "api"', 'error'],
  ['size(stack.services) == 2', true],
  ['stack.services.all(s, s.replicas > 0)', true],
  ['stack.services.exists(s, s.name == "worker" && s.replicas == 1)', true],
  ['stack.services.exists_one(s, s.load < 1.0)', true],
  ['stack.services.filter(s, has(s.health)).all(s, s.health != "unhealthy")', true],
  ['stack.services.filter(s, has(s.health)).map(s, s.name) == ["web"]', true],
  ['stack.services[0].replicas == 2', true],
  ['stack.labels.tier == "front"', true],
  ['stack.labels["tier"] == "front"', true],
  ['stack.labels.none == "front"', 'error'],
  ['"tier" in stack.labels', true],
  ['stack.labels.all(k, stack.labels[k] != "")', true],
  // What is not there is an error, never false.
  ['stack.services.all(s, s.health != "unhealthy")', 'error'],
  ['steps.pull.ok', 'error'],
  ['!steps.pull.ok', 'error'],
  ['steps.pull.ok || inputs.strict', true],
  ['inputs.smoke_url == "x"', 'error'],
  ['has(inputs.smoke_url)', false],
  ['has(inputs.tag)', true],
  ['has(steps.up.ok)', true],
  ['has(steps.pull.ok)', 'error'],
  ['inputs.?smoke_url.orValue("none") == "none"', true],
  ['steps.?pull.?ok.orValue(false)', false],
  // Data without a schema: compared it may be, believed it may not.
  ['steps.up.untyped.ready', 'untyped-condition'],
  ['steps.up.untyped.ready && inputs.strict', 'untyped-condition'],
  ['!steps.up.untyped.ready', 'untyped-condition'],
  ['steps.up.untyped.ready == true', false],
  ['steps.up.untyped.ready == "false"', true],
  ['steps.up.untyped.count == 200', true],
  ['steps.up.untyped.count > 199', true],
  ['steps.up.untyped.nothing == 1', 'error'],
  // Names.
  ['nothing == 1', 'unknown-name'],
  ['secrets.token == "x"', 'unknown-name'],
  ['result.ok', 'unknown-name'],
  ['run.status == "failed"', 'unknown-name'],
  ['inputs.tga == "1"', 'unknown-input'],
  ['has(inputs.smoke_ulr)', 'unknown-input'],
  ['inputs.?smoke_ulr.orValue("x") == "x"', 'unknown-input'],
  ['inputs["tga"] == "x"', 'unknown-input'],
  ['steps.upp.ok', 'unknown-step'],
  ['steps.up.okay', 'unknown-field'],
  ['stack.services.all(s, s.healt != "x")', 'unknown-field'],
  ['stack.services.exists(s, has(s.healt))', 'unknown-field'],
  ['stack.services.filter(s, s.replicas > 0).all(s, s.nam != "")', 'unknown-field'],
  ['stack.services.exists(s, s.health == "healty")', 'never-equal'],
  // JavaScript's own names lead nowhere.
  ['inputs.constructor == 1', 'unknown-input'],
  ['inputs.__proto__ == 1', 'unknown-input'],
  ['inputs["con" + "structor"] == "x"', 'error'],
  ['steps.up.untyped.constructor == "x"', 'error'],
  ['steps.up.untyped.__proto__ == "x"', 'error'],
  ['steps.up.untyped.toString == "x"', 'error'],
  ['constructor == 1', 'unknown-name'],
  ['__proto__ == 1', 'bad-expression'],
  // Bounded time.
  ['inputs.tag.matches("^(a+)+$")', 'refused-expression'],
  ['regex(inputs.tag, "^[0-9.]+$")', true],
  ['regex(inputs.tag, "(")', 'bad-pattern'],
  ['regex(inputs.tag, "(?=x)")', 'bad-pattern'],
  ['regex(inputs.tag, inputs.tag + "(")', 'error'],
  ['stack.services.all(s, stack.services.exists(t, t.name == s.name))', 'refused-expression'],
  ['cel.bind(x, inputs.replicas, x > 1)', 'refused-expression'],
  // What cannot be read.
  ['', 'bad-expression'],
  ['1 +', 'bad-expression'],
  ['inputs.strict = true', 'bad-expression'],
  ['{{inputs.strict}}', 'template-not-allowed'],
  ['inputs.strict and true', 'bad-expression'],
  [`inputs.tag == "${'x'.repeat(5000)}"`, 'bad-expression'],
  [`${'('.repeat(500)}inputs.strict${')'.repeat(500)}`, 'bad-expression'],
  [Array.from({ length: 200 }, () => 'inputs.strict').join(' && '), 'bad-expression'],
  [`inputs.replicas in [${'1, '.repeat(250)}2]`, 'bad-expression'],
  ['inputs.replicas + inputs.tag == 1', 'expression-type'],
  ['nosuch(inputs.tag)', 'expression-type'],
  ['inputs.strict.foo', 'expression-type'],
];

test.each(CASES)('%s', (expression, outcome) => {
  const scope = sampleScope();
  const faults = checkCondition(expression, scope.types, { later: [], field: 'when' });
  const evaluated = evaluate(expression);
  if (typeof outcome === 'string' && outcome !== 'error') {
    expect(faults.map((fault) => fault.code)).toContain(outcome);
    return;
  }
  expect(faults).toEqual([]);
  expect(evaluated).toBe(outcome);
});

function evaluate(expression: string): boolean | string {
  try {
    return evaluateCondition(expression, sampleScope()).value;
  } catch (error) {
    if (error instanceof CouldNotEvaluate) return 'error';
    throw error;
  }
}
