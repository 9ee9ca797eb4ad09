# shellcheck shell=bash
# Completion of patchmaild for bash: commands, options, accounts and hooks.  It asks the program itself for its commands
# and options (--help), and the configuration after -c for names, so it knows whatever the installed version knows.

# Options in a help text.
_patchmaild_options() { # HELP
	printf '%s\n' "$1" | sed -n 'h; s/^  *\(-[a-zA-Z]\), .*/\1/p
		g; s/^  *\(-[a-zA-Z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

# Commands in the help text of the program: two blanks, a word, two blanks or more, what it does.
_patchmaild_commands() { # HELP
	printf '%s\n' "$1" | sed -n 's/^  \([a-z-]\{1,\}\)  .*/\1/p'
}

# The names of which a configuration has groups of a command: of "[imap work]" and imap that is work.
_patchmaild_names() { # COMMAND FILE
	[ ! -r "$2" ] || sed -n "s/^[[:blank:]]*\\[$1 \\(.*\\)\\][[:blank:]]*\$/\\1/p" "$2"
}

_patchmaild() {
	local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' config='' help i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --config)
			i=$((i + 1))
			config=${COMP_WORDS[i]}
			;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	COMPREPLY=()
	if [ -z "$command" ] && { [ "$before" = -c ] || [ "$before" = --config ]; }; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	help=$("$program" ${command:+"$command"} --help 2>/dev/null) || return 0
	if [ "${word#-}" != "$word" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_patchmaild_options "$help")" -- "$word")
	elif [ -z "$command" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_patchmaild_commands "$help")" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -W "$(_patchmaild_names "$command" "$config")" -- "$word")
		[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -o filenames -F _patchmaild patchmaild
