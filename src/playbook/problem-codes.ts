/** Why a problem is one and how to mend it: what `playbook explain CODE` prints. */
export type CodeEntry = {
  title: string;
  why: string;
  fix: string;
  /** Where a playbook with it can be used all the same; such a one may be ignored with a reason. */
  level?: 'warning';
};

/** Every problem code there is. A closed table: a code that is not here does not compile. */
export const PROBLEM_CODES = {
  'unreadable-file': {
    title: 'The file cannot be read',
    why: 'It is not there, it is a folder, or this user may not read it.',
    fix: 'Check the path and the permissions. A playbook is a path, or a name in ./playbooks or among the shipped ones.',
  },
  'file-too-large': {
    title: 'The file is too large to be a playbook',
    why: 'A playbook has at most 1 MB, and at most 10,000 lines, values and references; a larger file is most likely another one given by mistake.',
    fix: 'Give the playbook itself.',
  },
  'not-text': {
    title: 'The file is no text',
    why: 'It holds bytes that no YAML file has, so it is an image, an archive or a file in another encoding.',
    fix: 'Save it as UTF-8.',
  },
  'empty-file': {
    title: 'The file is empty',
    why: 'There is nothing in it but blanks and comments.',
    fix: 'Begin with `playbook: v1`, a `name` and `steps`; `playbook explain playbook` shows the smallest one.',
  },
  'not-yaml': {
    title: 'The file is not valid YAML',
    why: 'YAML 1.2 cannot be read any further at this place.',
    fix: 'Mind the indentation, and put texts with `: `, `#`, `@`, `%`, `{` or `[` in quotes.',
  },
  tab: {
    title: 'A tab is used to indent',
    why: 'YAML allows blanks only for indentation.',
    fix: 'Replace the tab by blanks.',
  },
  'duplicate-key': {
    title: 'A key stands twice in one map',
    why: 'Only one of the two could count, and which one is not visible to the reader.',
    fix: 'Remove one of them.',
  },
  'alias-bomb': {
    title: 'Aliases multiply too far',
    why: 'Aliases of aliases can blow a small file up to gigabytes.',
    fix: 'Write the values out.',
  },
  'several-documents': {
    title: 'The file holds several YAML documents',
    why: 'A playbook is one document; what stands after `---` would be ignored.',
    fix: 'Put each playbook in a file of its own.',
  },
  'unquoted-template': {
    title: 'A template stands without quotes',
    why: 'YAML reads an unquoted `{{ … }}` as a map inside a map, not as text.',
    fix: "Put it in quotes: `url: '{{inputs.url}}'`.",
  },
  'wrong-version': {
    title: 'The playbook is written for another version',
    why: 'The version at the top decides what the rest means.',
    fix: 'Begin with `playbook: v1`.',
  },
  'unknown-key': {
    title: 'There is no such key',
    why: 'A key that nobody reads would be ignored in silence, so every unknown key is an error.',
    fix: 'Use the name the message offers, or remove the key. Merge keys (`<<`) are not used: write the keys out.',
  },
  'missing-key': {
    title: 'A required key is missing',
    why: 'Without it, it is not clear what shall be done.',
    fix: 'Add the key.',
  },
  'wrong-type': {
    title: 'The value has the wrong type',
    why: 'Values are never converted by guessing: `"5"` is a text and `5` a number.',
    fix: 'Give a value of the type that the message names; put texts that look like numbers in quotes.',
  },
  'bad-value': {
    title: 'The value is not allowed here',
    why: 'It has the right type, but not one of the allowed values, or it is too small, too big or not in the right form.',
    fix: 'Give a value that the message allows.',
  },
  'not-yet': {
    title: 'This part of the language is not built yet',
    why: 'Nothing would honour it, and a key without effect is worse than an error.',
    fix: 'Remove it until a later version offers it.',
  },
  'unknown-action': {
    title: 'There is no such action, guard or trigger',
    why: 'What a step, guard or trigger `uses` must be one of the names that `playbook actions` lists.',
    fix: 'Use the name the message offers.',
  },
  'wrong-kind': {
    title: 'An action, a guard or a trigger stands where another of them belongs',
    why: 'A guard only looks and says go or no-go; an action does something; a trigger watches beside the steps.',
    fix: 'Move it: actions under `steps`, guards under `guards`, triggers under `rollback.triggers`.',
  },
  'guard-form': {
    title: 'A guard needs either `uses` or `that`',
    why: 'A guard runs a check (`uses`) or asks a condition (`that`, with a sentence in `say`), one of the two.',
    fix: 'Keep one of them.',
  },
  'duplicate-id': {
    title: 'Two steps, guards or triggers have the same id',
    why: 'Ids name things in conditions, in the history and on the command line, so each is used once.',
    fix: 'Rename one of them.',
  },
  'unknown-input': {
    title: 'There is no such input',
    why: 'Only inputs that the playbook declares can be asked for or given.',
    fix: 'Declare it under `inputs`, or use the name the message offers.',
  },
  'missing-input': {
    title: 'An input must be given',
    why: 'It has no default, and it is not marked `required: false`.',
    fix: 'Give it on the command line: `-i name=value`.',
  },
  'bad-input': {
    title: 'The value of an input is not accepted',
    why: 'It does not have the declared type, or it breaks one of the rules of the input.',
    fix: 'Give a value that the message allows.',
  },
  'bad-declaration': {
    title: 'An input is declared in a way that cannot work',
    why: 'A rule does not go with the type, or the default breaks the rules of its own input.',
    fix: 'Change the declaration as the message says.',
  },
  'unknown-step': {
    title: 'There is no such step',
    why: 'The id does not belong to any step that can be asked here.',
    fix: 'Use the name the message offers.',
  },
  'later-step': {
    title: 'The step has not run yet at this point',
    why: 'Steps run in order, so only the outputs of earlier ones are known.',
    fix: 'Move the step, or ask in a later one.',
  },
  'hidden-step': {
    title: 'The step cannot be seen from here',
    why: 'A step inside of a loop runs once per batch, so only the same batch can ask for it. Steps of `parallel` do not see each other.',
    fix: 'Ask in a later step under the same `do`, or after the `parallel`.',
  },
  'unknown-secret': {
    title: 'There is no such secret',
    why: 'Only secrets that the playbook declares can be referred to.',
    fix: 'Declare it under `secrets`: `name: { environment: VARIABLE }` or `{ file: PATH }`.',
  },
  'secret-not-allowed': {
    title: 'A secret is given to a field that does not take secrets',
    why: 'Such a field is shown in plans and logs, and the secret would be shown with it.',
    fix: 'Use a field that takes secrets; `playbook actions NAME` marks them.',
  },
  'unknown-name': {
    title: 'There is no such name here',
    why: 'Conditions and templates see `inputs`, `steps` that have ended, and facts; `result` and `error` only in some fields.',
    fix: 'Use one of the names the message lists.',
  },
  'unknown-field': {
    title: 'The value has no such field',
    why: 'The fields of inputs, facts and outputs are declared, so a wrong one is found before the run.',
    fix: 'Use the name the message offers; `playbook actions NAME` lists the outputs of an action.',
  },
  'bad-expression': {
    title: 'The expression cannot be read',
    why: 'Conditions are written in CEL: `inputs.n > 2 && has(inputs.url)`.',
    fix: 'Mend it at the marked place.',
  },
  'expression-type': {
    title: 'Types in the expression do not go together',
    why: 'Expressions are checked before anything runs, so that a wrong comparison does not end a deploy halfway.',
    fix: 'Compare values of the same type, or convert: `int(…)`, `double(…)`, `string(…)`, `duration("1m")`.',
  },
  'not-boolean': {
    title: 'The condition is not true or false',
    why: 'A text or a number as a condition would have to be guessed: the text "false" is not false elsewhere.',
    fix: 'Compare it with something.',
  },
  'untyped-condition': {
    title: 'The type of the condition is not known',
    why: 'Its value comes from data without a schema, so a text "false" could be taken for true.',
    fix: 'Compare it with a value of the type you expect: `… == true`.',
  },
  'not-a-list': {
    title: 'A loop goes over something that is no list',
    why: 'A loop is done once per item, so `in` must be a list: of an input, a fact, a step, or one that is written out.',
    fix: 'Name a list: `in: inputs.services`, `in: steps.strategy.services`, `in: ["web", "api"]`.',
  },
  'untyped-list': {
    title: 'It is not known what a list holds',
    why: 'What the steps inside a loop may ask of an item must be known before anything runs.',
    fix: 'Take a list whose items are declared: of an input, a fact, or a step whose outputs describe them.',
  },
  'refused-expression': {
    title: 'The expression uses something that is not offered',
    why: 'Every expression must end in bounded time, whatever data it meets.',
    fix: 'Use what the message offers.',
  },
  'never-equal': {
    title: 'The comparison can never be true',
    why: 'The value has a fixed set of words, and this is none of them.',
    fix: 'Use one of the words the message lists.',
  },
  'bad-pattern': {
    title: 'The pattern cannot be read',
    why: 'Patterns are RE2: no look-ahead, no back references, and therefore never endless.',
    fix: 'Mend the pattern.',
  },
  'bad-template': {
    title: 'The template cannot be used',
    why: 'Templates are references only, `{{inputs.tag}}`: no blocks, helpers or partials.',
    fix: 'Compute the value elsewhere, and refer to it by its path.',
  },
  'template-not-allowed': {
    title: 'A template stands where none is taken',
    why: 'Only `target`, `with`, `say`, and `batch` and `delay` of a loop take templates; conditions are expressions and need no braces.',
    fix: 'Write the value itself, or the name without braces in a condition.',
  },
  'template-in-script': {
    title: 'A template stands in a script',
    why: 'Data that is spliced into a script can run commands of its own.',
    fix: 'Give the value through `env` and use the variable, in quotes.',
  },
  'missing-value': {
    title: 'A template asks for a value that is not there',
    why: 'An empty text in its place could mean another image, path or address.',
    fix: 'Give the input a default, or skip the step with `when: has(inputs.name)`.',
    level: 'warning',
  },
  'not-a-text': {
    title: 'A list or a map stands inside a text',
    why: 'Only single values can become part of a text.',
    fix: 'Refer to one of its fields, or let the template be the whole value.',
  },
  'tainted-value': {
    title: 'Data from outside would get into a place that must be trusted',
    why: 'A branch name or an alert text must not choose images, paths, hosts or programs.',
    fix: 'Give the input a `pattern` or make it an `enum`.',
  },
  'no-compose-file': {
    title: 'There is no Compose file',
    why: 'Compose looks for compose.yaml, compose.yml, docker-compose.yaml and docker-compose.yml, and found none that can be read.',
    fix: 'Go to the folder of the stack, give the file with `-f`, or name it under `target.files`.',
  },
  'invalid-compose-file': {
    title: 'Compose does not accept the file',
    why: '`docker compose config` refuses it; the sentence is its own.',
    fix: 'Mend the Compose file; `docker compose config` says the same.',
  },
  'several-pivots': {
    title: 'There are two pivots',
    why: 'The pivot is the one step after which there is no way back.',
    fix: 'Keep one `pivot: true`.',
  },
  'nested-pivot': {
    title: 'The pivot stands inside of another step',
    why: 'The way back ends at one moment. Inside of a loop or beside others that moment would come several times.',
    fix: 'Put `pivot: true` on a plain step of the first level.',
  },
  'step-form': {
    title: 'A key does not go with this form of a step',
    why: 'A step uses an action (`uses`), or holds others: `parallel`, or `for_each` with `do`. One that holds others changes nothing itself.',
    fix: 'Put the key on the steps inside, or remove it.',
  },
  'target-form': {
    title: 'Keys of `target` do not go together',
    why: 'A playbook about the whole engine (`engine: true`) has no stack, so no other key could mean anything.',
    fix: 'Keep `engine: true` alone, or remove it.',
  },
  'too-deep': {
    title: 'Loops stand too deep in each other',
    why: 'More than three loops inside of each other make a plan that nobody can read.',
    fix: 'Make the list of the inner loop in a step before.',
  },
  'taken-name': {
    title: 'The name of a loop variable is taken',
    why: 'Inside of the loop it would hide something else of that name, or mean two things in one playbook.',
    fix: 'Give it another name in `as`.',
  },
  'unused-variable': {
    title: 'Nothing in a loop asks for its variable',
    why: 'Then every round does the same.',
    fix: 'Use it in the steps of the loop: `{{service.name}}`; or write the steps without a loop.',
    level: 'warning',
  },
  'trigger-window': {
    title: 'A trigger never watches',
    why: 'It watches from the end of the step in `from` until the end of the step in `until`, so that one must come later.',
    fix: 'Name a later step in `until`, or an earlier one in `from`.',
  },
  'trigger-past-pivot': {
    title: 'A trigger would watch after the pivot',
    why: 'A trigger turns the run back, and after the pivot there is no way back.',
    fix: 'Let it end with the pivot: leave `until` out, or move the pivot.',
  },
  'trigger-every': {
    title: '`every` does not fit the trigger',
    why: '`every` is short for the parameter `every` in `with`. Triggers that are streamed hear of everything at once and have none.',
    fix: 'Remove one of the two, or both where the trigger is streamed.',
  },
  'idle-trigger': {
    title: 'Triggers are listed that nothing asks',
    why: 'Only the causes in `rollback.on` turn a run back, and `trigger` is not among them.',
    fix: 'Add `trigger` to `rollback.on`, or remove the triggers.',
    level: 'warning',
  },
  'window-too-short': {
    title: 'A trigger watches for too short a time',
    why: 'It needs that long before it can call anything bad, and its window ends earlier: it could never trip.',
    fix: 'Let it watch for longer, for instance by a longer soak, or let it need less.',
  },
  'never-watches': {
    title: 'Nothing waits while a trigger watches',
    why: 'Between `from` and `until` no step waits, so the window is over before the trigger could see anything.',
    fix: 'Put a step with `wait.soak` into the window, or remove the trigger.',
    level: 'warning',
  },
  'undo-reason': {
    title: '`undo: none` and `because` belong together',
    why: 'Who reads the plan must know why a step cannot be taken back.',
    fix: 'Write both on the step: `undo: none` and `because: …`.',
  },
  'constant-guard': {
    title: 'The guard does not depend on anything',
    why: 'It says the same in every run, so it guards nothing.',
    fix: 'Ask for a fact or an input, or remove it.',
    level: 'warning',
  },
  'opaque-retry': {
    title: 'A step is retried whose effect cannot be checked',
    why: 'When an attempt is cut, its effect may have happened, and the next attempt does it again.',
    fix: 'Add a `probe`, or leave `retry` out.',
    level: 'warning',
  },
  'version-like-number': {
    title: 'A number is written like a version',
    why: 'YAML reads `1.10` as 1.1, `010` as 10, and rounds very long numbers.',
    fix: "Put it in quotes: `'1.10'`.",
    level: 'warning',
  },
} as const satisfies Record<string, CodeEntry>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
