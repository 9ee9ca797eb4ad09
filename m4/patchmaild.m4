# PATCHMAILD_LIBRARY(VARIABLE-PREFIX, PKG-CONFIG MODULES, DEBIAN PACKAGE)
# Needs a library through pkg-config.  Its headers are taken as system headers, so that our warnings are about our
# own code.  Without it configure ends and names the Debian package.
AC_DEFUN([PATCHMAILD_LIBRARY], [
	PKG_CHECK_MODULES([$1], [$2], [], [
		AC_MSG_ERROR([$2 is missing; on Debian: apt-get install $3])
	])
	$1_CFLAGS=`AS_ECHO(["$$1_CFLAGS"]) | sed 's/-I/-isystem /g'`
])

# PATCHMAILD_COMPILE_FLAGS(VARIABLE, FLAGS)
# Appends to VARIABLE each of the blank-separated compiler flags that the compiler takes.
AC_DEFUN([PATCHMAILD_COMPILE_FLAGS], [
	for patchmaild_flag in $2; do
		AS_VAR_PUSHDEF([cache], [patchmaild_cv_cflag_$patchmaild_flag])
		AC_CACHE_CHECK([whether $CC takes $patchmaild_flag], [cache], [
			patchmaild_saved=$CFLAGS
			CFLAGS="$CFLAGS -Werror $patchmaild_flag"
			AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
				[AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
			CFLAGS=$patchmaild_saved
		])
		AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $patchmaild_flag"])])
		AS_VAR_POPDEF([cache])
	done
	AC_SUBST([$1])
])

# PATCHMAILD_LINK_FLAGS(VARIABLE, FLAGS)
# The same for flags of the linker.
AC_DEFUN([PATCHMAILD_LINK_FLAGS], [
	for patchmaild_flag in $2; do
		AS_VAR_PUSHDEF([cache], [patchmaild_cv_ldflag_$patchmaild_flag])
		AC_CACHE_CHECK([whether $CC links with $patchmaild_flag], [cache], [
			patchmaild_saved=$LDFLAGS
			LDFLAGS="$LDFLAGS $patchmaild_flag"
			AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
				[AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
			LDFLAGS=$patchmaild_saved
		])
		AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $patchmaild_flag"])])
		AS_VAR_POPDEF([cache])
	done
	AC_SUBST([$1])
])
