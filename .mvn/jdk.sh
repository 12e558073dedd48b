# Finds a JDK 21 or newer. POSIX sh, to be sourced: ./mvnw, ./holdfast and .ci/run share it.

JDK_OLDEST=21
JDK_MISSING="Holdfast needs a JDK 21 or newer; install one, for example \`apt-get install openjdk-21-jdk\` or Temurin 25, or set HOLDFAST_JAVA_HOME."

# jdk_major HOME: sets JDK_MAJOR to the Java version of a JDK, or to 0 when HOME holds none.
jdk_major() {
    JDK_MAJOR=0
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    jdk_line=
    if [ -r "$1/release" ]; then
        while IFS= read -r jdk_line || [ -n "$jdk_line" ]; do
            case $jdk_line in JAVA_VERSION=*) break ;; esac
            jdk_line=
        done <"$1/release"
    fi
    [ -n "$jdk_line" ] || jdk_line=$("$1/bin/java" -version 2>&1 </dev/null | head -n 1)
    jdk_line=${jdk_line#*\"}
    jdk_line=${jdk_line%%[!0-9]*}
    JDK_MAJOR=${jdk_line:-0}
}

# jdk_use HOME: sets JDK_HOME and succeeds when HOME is new enough.
jdk_use() {
    jdk_major "$1"
    [ "$JDK_MAJOR" -ge "$JDK_OLDEST" ] && JDK_HOME=$1
}

# jdk_newest: sets JDK_HOME to the newest JDK in the usual places; fails when none is new enough.
jdk_newest() {
    JDK_HOME=
    jdk_best=$((JDK_OLDEST - 1))
    for jdk_home in /usr/lib/jvm/* /usr/java/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* \
        "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* /opt/* /opt/java/* \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        jdk_major "$jdk_home"
        if [ "$JDK_MAJOR" -gt "$jdk_best" ]; then
            jdk_best=$JDK_MAJOR
            JDK_HOME=$jdk_home
        fi
    done
    JDK_MAJOR=$jdk_best
    [ -n "$JDK_HOME" ] && return 0
    [ -x /usr/libexec/java_home ] || return 1
    jdk_use "$(/usr/libexec/java_home -v "$JDK_OLDEST+" 2>/dev/null)"
}

# jdk_find: sets JDK_HOME and JDK_MAJOR: what the user chose, else what is on the PATH, else the newest.
jdk_find() {
    jdk_use "${HOLDFAST_JAVA_HOME-}" && return 0
    jdk_use "${JAVA_HOME-}" && return 0
    if jdk_java=$(command -v java); then
        jdk_java=$(readlink -f "$jdk_java" 2>/dev/null || printf %s "$jdk_java")
        jdk_use "${jdk_java%/bin/java}" && return 0
    fi
    jdk_newest
}
