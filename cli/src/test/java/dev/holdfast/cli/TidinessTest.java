package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The house rules that no other tool checks, over the sources of every module. */
class TidinessTest {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_METHOD_LINES = 60;
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern EMPTY_NAME = Pattern.compile("(Manager|Impl|Utils?|Helper)(Test)?$");
    /** What may write to the standard streams: the program's entry. */
    private static final Set<String> PRINTING = Set.of("Main.java");

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = Objects.requireNonNull(at.getParent(), "the project's root is above the working directory");
        }
        return at;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root())) {
            for (Path module : modules.filter(each -> Files.exists(each.resolve("pom.xml")))
                    .toList()) {
                if (Files.isDirectory(module.resolve("src"))) {
                    try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }

    @Test
    void everyModuleIsLookedAt() throws IOException {
        assertThat(sources().stream()
                        .map(path -> root().relativize(path).getName(0).toString()))
                .contains("core", "tck", "importers", "cli", "bench");
        assertThat(sources().size()).isGreaterThan(150);
    }

    @Test
    void filesAreShortAndFinished() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path source : sources()) {
            List<String> lines = Files.readAllLines(source, StandardCharsets.UTF_8);
            if (lines.size() > MAX_FILE_LINES) {
                faults.add(root().relativize(source) + " has " + lines.size() + " lines");
            }
            for (int k = 0; k < lines.size(); k++) {
                if (UNFINISHED.matcher(lines.get(k)).find()) {
                    faults.add(root().relativize(source) + ":" + (k + 1) + " is not finished");
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void codeFollowsTheHouseRules() throws IOException {
        List<String> faults = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Rules(unit, positions, faults).scan(unit, null);
            }
        }
        assertThat(faults).isEmpty();
    }

    private static final class Rules extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> faults;
        private final Path file;
        private final boolean main;

        Rules(CompilationUnitTree unit, SourcePositions positions, List<String> faults) {
            this.unit = unit;
            this.positions = positions;
            this.faults = faults;
            this.file = root().relativize(Path.of(unit.getSourceFile().toUri()));
            this.main = file.toString().contains("main") && !file.startsWith("bench");
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        private void fault(Tree tree, String what) {
            faults.add(file + ":" + line(positions.getStartPosition(unit, tree)) + " " + what);
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            if (EMPTY_NAME.matcher(tree.getSimpleName()).find()) {
                fault(tree, tree.getSimpleName() + " is a name without meaning");
            }
            return super.visitClass(tree, unused);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            long end = positions.getEndPosition(unit, tree);
            if (end >= 0) {
                long lines = line(end) - line(positions.getStartPosition(unit, tree)) + 1;
                if (lines > MAX_METHOD_LINES) {
                    fault(tree, tree.getName() + " has " + lines + " lines");
                }
            }
            return super.visitMethod(tree, unused);
        }

        @Override
        public Void visitModifiers(ModifiersTree tree, Void unused) {
            if (main && tree.getFlags().contains(Modifier.SYNCHRONIZED)) {
                fault(tree, "a synchronized method");
            }
            return super.visitModifiers(tree, unused);
        }

        @Override
        public Void visitSynchronized(SynchronizedTree tree, Void unused) {
            if (main) {
                fault(tree, "a synchronized block");
            }
            return super.visitSynchronized(tree, unused);
        }

        @Override
        public Void visitIdentifier(IdentifierTree tree, Void unused) {
            if (tree.getName().contentEquals("Disabled")) {
                fault(tree, "a test that is switched off");
            }
            return super.visitIdentifier(tree, unused);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree tree, Void unused) {
            String text = tree.toString();
            if (text.equals("Thread.sleep")) {
                fault(tree, "sleeps; wait for the event");
            }
            if (main && (text.equals("System.out") || text.equals("System.err")) && !PRINTING.contains(fileName())) {
                fault(tree, "prints; only the program does");
            }
            return super.visitMemberSelect(tree, unused);
        }

        private String fileName() {
            return String.valueOf(file.getFileName());
        }
    }
}
