import { emptyModel, type Model } from './model.ts';

/** A playbook with every kind of step, on names and values alone. */
export const EVERYTHING = `
playbook: v1
name: everything
inputs:
  names: { type: list, default: [p, q, r, s] }
on_crash: resume
guards:
  - { id: fine, uses: make.guard }
  - { id: some, that: size(inputs.names) > 0, say: There is nothing to do. }
steps:
  - { id: look, uses: make.look, with: { name: absent } }
  - id: plain
    uses: make.set
    with: { name: plain, values: ['1', '2'] }
    guards:
      - { id: before_plain, uses: make.guard }
      - { id: absent, that: steps.look.value == "none", say: It is there already. }
    expect: result.value == "2"
  - { id: not_now, uses: make.set, when: steps.look.value == "there", with: { name: never, values: ['1'] } }
  - id: flaky
    uses: make.flaky
    with: { name: flaky, values: [works] }
    retry: { attempts: 6, backoff: 1s..4s, if: error.class == "transient" }
  - { id: probed, uses: make.probed, with: { name: probed, values: ['1'] } }
  - { id: mail, uses: make.send, with: { what: mail } }
  - id: ticket
    uses: make.send
    with: { what: ticket }
    probe: { uses: make.sent, with: { what: ticket }, done: result.sent }
    undo: { uses: make.unsend, with: { what: ticket } }
  - id: own
    uses: make.set
    with: { name: own, values: [new] }
    undo: { uses: make.set, with: { name: own, values: [old] } }
  - id: both
    parallel:
      - { id: left, uses: make.set, with: { name: left, values: ['1', '2'] } }
      - { id: right, uses: make.probed, with: { name: right, values: ['1'] } }
      - { id: beside, uses: make.look, with: { name: plain } }
  - { id: list, uses: make.list, with: { items: '{{inputs.names}}' } }
  - id: batches
    for_each: { in: steps.list.items, as: some, batch: [1, 100%], delay: 2s }
    do:
      - { id: inner, uses: make.list, with: { items: '{{some}}' } }
      - id: each
        for_each: { in: steps.inner.items, as: one }
        do:
          - { id: set_one, uses: make.set, with: { name: '{{one}}', values: [half, new] } }
          - { id: tell_one, uses: make.send, when: one == "r", with: { what: 'word of {{one}}' } }
  - id: allowed
    for_each: { in: inputs.names, as: other, allow: 1 }
    do:
      - { id: set_other, uses: make.set, with: { name: 'other {{other}}', values: [new] } }
      - { id: break_one, uses: make.fail, when: other == "q" }
  - { id: watch, uses: wait.soak, with: { for: 2s }, pivot: true }
  - { id: after, uses: make.set, with: { name: after, values: ['1'] } }
  - { id: late_mail, uses: make.send, with: { what: late mail } }
  - { id: last, uses: make.probed, with: { name: last, values: ['1'] } }
rollback:
  on: [failure, timeout, cancel, trigger]
  triggers:
    - { id: watched, uses: watch.health, from: start }
  verify: [look]
always:
  - { id: told, uses: make.tell, with: { what: the end } }
`;

/** What it works on: some of the names have a value already. */
export function someValues(): Model {
  return emptyModel({ values: { plain: 'old', own: 'old', p: 'old', last: 'old' }, troubles: { flaky: 2 } });
}
