/** What each shell runs: it asks volbias for what may come next, and completes paths where that is nothing. */
export const completionScripts = {
  bash: `_volbias() {
  local IFS=$'\\n'
  COMPREPLY=($(volbias completion --words "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _volbias volbias`,
  zsh: `#compdef volbias
_volbias() {
  local -a found
  found=("\${(@f)$(volbias completion --words "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "\${funcstack[1]}" == _volbias ]]; then _volbias; else compdef _volbias volbias; fi`,
  fish: `function __volbias_words
  volbias completion --words (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null
end
complete -c volbias -a '(__volbias_words)'`,
} as const;

export type Shell = keyof typeof completionScripts;
