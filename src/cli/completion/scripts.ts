import { COMPLETE } from '../commands.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * What each shell reads once. Words go to the program as they stand and come back as data: nothing that was typed, and no name of
 * a file or a run, is ever evaluated. Where nothing is offered, the shell completes files.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# playbook: completion for bash. source <(playbook completion bash)
_playbook() {
  local cur=\${COMP_WORDS[COMP_CWORD]} full='' i line word
  local -a words=()
  # bash takes name=value for three words.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((\${#words[@]})) && [[ $word == '=' || \${words[-1]} == *= ]]; then words[-1]+=$word; else words+=("$word"); fi
  done
  ((\${#words[@]})) && full=\${words[-1]}
  [[ $cur == '=' ]] && cur=''
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    [[ $line == *= ]] && compopt -o nospace
    line=\${line#"\${full%"$cur"}"}
    # bash puts into the line what stands here, as it stands: a file named $(…) must not become a command.
    [[ $line == *[!a-zA-Z0-9_./:=,@%+-]* ]] && printf -v line %q "$line"
    COMPREPLY+=("$line")
  done < <(playbook ${COMPLETE} "\${words[@]}" 2>/dev/null)
}
complete -o default -F _playbook playbook
`,
  zsh: `#compdef playbook
# playbook: completion for zsh. source <(playbook completion zsh), after compinit
_playbook() {
  local line value
  local -a lines values says
  lines=("\${(@f)$(playbook ${COMPLETE} "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    value=\${line%%$'\\t'*}
    values+=("$value")
    if [[ $line == *$'\\t'* ]]; then says+=("$value -- \${line#*$'\\t'}"); else says+=("$value"); fi
  done
  if (( ! \${#values} )); then _files; return; fi
  if [[ $values[1] == *= ]]; then compadd -S '' -ld says -a values; else compadd -ld says -a values; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _playbook "$@"; else compdef _playbook playbook; fi
`,
  fish: `# playbook: completion for fish. playbook completion fish | source
function __playbook_complete
    set -l words (commandline -opc) (commandline -ct)
    playbook ${COMPLETE} $words[2..-1] 2>/dev/null
end
complete -c playbook -a '(__playbook_complete)'
`,
};
