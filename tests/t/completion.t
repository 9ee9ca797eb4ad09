#!/bin/sh
# The completions for bash and zsh: each command and each option that --help names is offered, and so are the accounts
# and hooks of a configuration; a new command needs nothing there.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
folder=$top_srcdir/contrib/completion
conf=$scratch/my.conf
printf '%s\n' '[imap work]' 'host=x' '[imap home]' '[notify ci]' >"$conf"
echo >"$scratch/some-file"

# What the program says that there is, found in another way than the completions do: the words of its help.
commands=$("$PATCHMAILD" --help | awk '/^  [a-z]/ { print $1 }')
options_of() { # [COMMAND]
	"$PATCHMAILD" ${1+"$1"} --help |
		awk '/^ / { for (i = 1; i <= 3; i++) if ($i ~ /^--?[a-z]/) print $i; else break }' | tr -d , | sort -u
}
is "$(printf '%s\n' "$commands" | grep -cx -e deliver -e doctor -e retry)" 3 'the help of the program has commands'
is "$(options_of deliver | tr '\n' ' ')" '--list-id --verbose -v ' 'and that of a command its options'

offers() { # SHELL NAME WORD...: prints what is offered for the last word, one a line, sorted
	offers_shell=$1
	shift
	if [ "$offers_shell" = bash ]; then
		bash --norc -c '. "$0/patchmaild.bash"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _patchmaild
			printf "%s\n" "${COMPREPLY[@]}"' "$folder" "$@"
	else
		# What zsh would show is what _describe is given, before each colon, as far as the word goes.
		# shellcheck disable=SC2016
		zsh -f -c 'folder=$0; words=("$@"); CURRENT=$#
			_describe() { [[ $1 != -o ]] || shift; local -a all=(${(P)2}); print -rl -- ${all%%:*} }
			_files() { print -rl -- ${words[CURRENT]}*(N) }
			source $folder/_patchmaild' "$folder" "$@" | grep -e "^$(eval "printf %s \"\${$#}\"")" || :
	fi | sort -u
}
lines() { # WORDS, sorted, one a line
	printf '%s\n' "$@" | sort -u
}

for shell in bash zsh; do
	command -v "$shell" >/dev/null || {
		skip "completion for $shell" "there is no $shell"
		continue
	}
	is "$(offers "$shell" "$PATCHMAILD" '')" "$(lines "$commands")" "$shell: every command is offered"
	is "$(offers "$shell" "$PATCHMAILD" -c "$conf" '')" "$(lines "$commands")" "$shell: after -c FILE too"
	is "$(offers "$shell" "$PATCHMAILD" re)" "$(lines "$commands" | grep '^re')" "$shell: as far as the word goes"
	is "$(offers "$shell" "$PATCHMAILD" -)" "$(options_of)" "$shell: every option before the command is offered"
	for command in $commands; do
		is "$(offers "$shell" "$PATCHMAILD" "$command" -)" "$(options_of "$command")" \
			"$shell: every option of $command is offered"
	done
	is "$(offers "$shell" "$PATCHMAILD" -c "$conf" imap '')" "$(lines home work)" "$shell: the accounts"
	is "$(offers "$shell" "$PATCHMAILD" -c "$conf" notify '')" ci "$shell: the hooks"
	is "$(offers "$shell" "$PATCHMAILD" -c "$scratch/so")" "$scratch/some-file" "$shell: a file after -c"
	is "$(offers "$shell" "$PATCHMAILD" parse "$scratch/so")" "$scratch/some-file" \
		"$shell: files for other commands"
	is "$(offers "$shell" "$scratch/no-such-program" '' 2>&1)" '' \
		"$shell: nothing, and no noise, where there is no program"
done

done_testing
